"""Requests on one connection: answered in order however they are cut, and who takes no answers is not read either."""

from __future__ import annotations

import random
import time

from actors.modbusserver.connection import BUFFER_BYTES, READ_BYTES, UNREAD_BYTES
from runtime.core.modbus.answer import FlatImage
from tests.actors.modbusserver.served import framed, read, served
from tests.actors.stage import eventually


def test_pipelined_requests_are_answered_in_order():
    with served() as server:
        asker = server.call()
        asker.send(b"".join(framed(n, 247, read(n % 900, 60)) for n in range(2_000)))
        answers = asker.answers(2_000)
    assert [transaction for transaction, _, _ in answers] == list(range(2_000))
    assert all(pdu[2:4] == (n % 900).to_bytes(2, "big") for n, _, pdu in answers)


def test_a_request_may_come_in_pieces():
    rng = random.Random(3)
    stream = b"".join(framed(n, 247, read(n, 3)) for n in range(50))
    with served() as server:
        asker = server.call()
        while stream:
            size = rng.randint(1, 20)
            asker.send(stream[:size])
            stream = stream[size:]
        assert [pdu[2:4] for _, _, pdu in asker.answers(50)] == [n.to_bytes(2, "big") for n in range(50)]


def test_another_unit_is_a_gateways_target_that_does_not_answer():
    with served() as server:
        assert server.call().ask(1, read(0, 1)) == b"\x83\x0b"
        assert server.call().ask(0, read(0, 1)) == b"\x83\x0b"


def test_an_image_that_is_swapped_is_read_whole():
    with served({247: FlatImage(bytes(250))}) as server:
        asker, seen = server.call(), set()
        for turn in range(400):
            server.board.images = {247: FlatImage(bytes((turn % 251,)) * 250)}
            asker.send(framed(turn, 247, read(0, 125)))
            ((_, _, pdu),) = asker.answers(1)
            assert len(set(pdu[2:])) == 1
            seen.add(pdu[2])
        assert len(seen) > 1


def test_writes_are_an_unknown_function_and_are_reported():
    with served() as server:
        asker = server.call()
        assert asker.ask(247, b"\x06\x00\x00\x00\x01") == b"\x86\x01"
        assert asker.ask(247, b"\x10\x00\x00\x00\x01\x02\x00\x01") == b"\x90\x01"
        assert server.writes == [("127.0.0.1", 247, 6), ("127.0.0.1", 247, 16)]


def test_who_takes_no_answers_is_not_read_and_others_are_served():
    with served() as server:
        lazy, brisk = server.call(), server.call()
        lazy.socket.setblocking(False)
        stream, sent = b"".join(framed(n, 247, read(0, 125)) for n in range(1_000)), 0
        last = time.monotonic() + 60
        stuck = 0
        while stuck < 50 or not held_bytes(server):
            assert time.monotonic() < last and sent < 64 << 20, "it reads for ever"
            try:
                sent += lazy.socket.send(stream)
                stuck = 0
            except BlockingIOError:
                stuck += 1
                assert brisk.ask(247, read(5, 1)) == b"\x03\x02\x00\x05"
        assert held_bytes(server) <= UNREAD_BYTES + (1 + BUFFER_BYTES // READ_BYTES) * 260
        lazy.close()
        assert eventually(lambda: brisk.ask(247, read(6, 1)) == b"\x03\x02\x00\x06")


def held_bytes(server):
    """Of answers that were not taken, for one connection at most."""
    return max(each._transport.get_write_buffer_size() for each in server.services[-1]._masters)


def test_a_stop_hangs_up():
    with served() as server:
        asker = server.call()
        assert asker.ask(247, read(0, 1))
        server.stop()
        assert asker.is_hung_up()
