"""Attack 31: whatever comes to the Modbus server, it gives the right answer or hangs up, serves others and stays small.

``make soak`` sends a million frames.
"""

from __future__ import annotations

import gc
import itertools
import random
import struct
import tracemalloc
from collections.abc import Iterator

import pytest

from runtime.core.modbus.answer import FlatImage, answer_read
from runtime.core.modbusserver.energyimage import EnergyImage
from tests.actors.modbusserver.served import Asker, Served, framed, read, served
from tests.actors.stage import eventually
from tests.soak import tenth

pytestmark = pytest.mark.faults
FRAMES = tenth(1_000_000)
TABLE = FlatImage(bytes(range(250)) * 4)
ENERGIES = EnergyImage({10_001: 5_000_000, 29_999: 7_000_000})
IMAGES = {246: TABLE, 247: ENERGIES}
GOOD = read(10_001, 4)
ANSWER = b"\x03\x08" + (5_000).to_bytes(8, "big")


@pytest.fixture
def server() -> Iterator[Served]:
    with served(IMAGES) as made:
        yield made


CONFORMANCE = [
    ("a good read", framed(1, 247, GOOD), [(1, 247, ANSWER)]),
    ("the other function", framed(2, 247, read(10_001, 4, 4)), [(2, 247, b"\x04" + ANSWER[1:])]),
    ("kWh in two words", framed(3, 247, read(10_001, 2)), [(3, 247, b"\x03\x04\x00\x00\x00\x05")]),
    ("an unknown function", framed(4, 247, b"\x07"), [(4, 247, b"\x87\x01")]),
    ("coils", framed(5, 247, read(10_001, 4, 1)), [(5, 247, b"\x81\x01")]),
    ("count 0", framed(6, 247, read(10_001, 0)), [(6, 247, b"\x83\x03")]),
    ("count 126", framed(7, 246, read(0, 126)), [(7, 246, b"\x83\x03")]),
    ("count 125", framed(8, 246, read(0, 125)), [(8, 246, b"\x03\xfa" + bytes(range(250)))]),
    ("a count that no object has", framed(9, 247, read(10_001, 3)), [(9, 247, b"\x83\x03")]),
    ("an unknown object", framed(10, 247, read(10_002, 4)), [(10, 247, b"\x83\x02")]),
    ("past the end", framed(11, 246, read(499, 2)), [(11, 246, b"\x83\x02")]),
    ("past all ends", framed(12, 246, read(65_535, 125)), [(12, 246, b"\x83\x02")]),
    ("another unit", framed(13, 1, GOOD), [(13, 1, b"\x83\x0b")]),
    ("a write of one register", framed(14, 247, b"\x06\x27\x11\x00\x01"), [(14, 247, b"\x86\x01")]),
    ("a write of many", framed(15, 246, b"\x10\x00\x00\x00\x01\x02\x00\x01"), [(15, 246, b"\x90\x01")]),
    ("a read that is too short", framed(16, 247, b"\x03\x27"), [(16, 247, b"\x83\x03")]),
    ("a read that is too long", framed(17, 247, GOOD + b"\x00"), [(17, 247, b"\x83\x03")]),
    ("an answer in place of a request", framed(18, 247, b"\x83\x02"), [(18, 247, b"\x83\x01")]),
    ("function 0", framed(19, 247, b"\0\0\0\0\1"), [(19, 247, b"\x80\x01")]),
    ("unit 0", framed(20, 0, GOOD), [(20, 0, b"\x83\x0b")]),
    ("unit 255", framed(21, 255, GOOD), [(21, 255, b"\x83\x0b")]),
    ("identification of another kind", framed(22, 247, b"\x2b\x0d\x01\x00"), [(22, 247, b"\xab\x01")]),
    ("identification without a kind", framed(23, 247, b"\x2b\x0e"), [(23, 247, b"\xab\x03")]),
    ("transaction 65535", framed(65_535, 247, GOOD), [(65_535, 247, ANSWER)]),
    ("two at once", framed(1, 247, GOOD) + framed(2, 246, read(1, 1)), [(1, 247, ANSWER), (2, 246, b"\x03\2\2\3")]),
]  # fmt: skip
HANGS_UP = [
    ("another protocol", framed(1, 247, GOOD, protocol=1)),
    ("length 0", framed(1, 247, GOOD, length=0)),
    ("length 1", framed(1, 247, GOOD, length=1)),
    ("length 255", framed(1, 247, GOOD, length=255)),
    ("length 65535", framed(1, 247, GOOD, length=65_535)),
    ("another tongue", b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"),
    ("TLS", bytes.fromhex("160301020001000001fc0303")),
]


@pytest.mark.parametrize(("sent", "answers"), [row[1:] for row in CONFORMANCE], ids=[row[0] for row in CONFORMANCE])
def test_each_request_gets_the_answer_of_the_table(server: Served, sent: bytes, answers: object) -> None:
    asker = server.call()
    asker.send(sent)
    assert asker.answers(len(answers)) == answers  # type: ignore[arg-type]
    assert asker.ask(247, GOOD) == ANSWER


@pytest.mark.parametrize("sent", [row[1] for row in HANGS_UP], ids=[row[0] for row in HANGS_UP])
def test_what_is_no_modbus_is_hung_up_on_and_others_are_served(server: Served, sent: bytes) -> None:
    other, asker = server.call(), server.call()
    asker.send(sent)
    assert asker.is_hung_up()
    assert other.ask(247, GOOD) == ANSWER


def test_every_function_that_is_no_read_is_an_exception_at_every_unit(server: Served) -> None:
    asker = server.call()
    for unit in (0, 1, 245, 246, 247, 248, 255):
        asker.send(b"".join(framed(function, unit, bytes((function, 0, 0, 0, 0))) for function in range(256)))
        assert asker.answers(256) == [
            (function, unit, bytes((function & 0x7F | 0x80, _code_of(unit, function)))) for function in range(256)
        ]


def _code_of(unit: int, function: int) -> int:
    """Of a request for nothing at address 0."""
    if unit not in IMAGES:
        return 0x0B
    return 3 if function in (3, 4) else 1


@pytest.mark.parametrize("count", [0, 126, 127, 128, 255, 256, 32_768, 65_535])
def test_a_count_that_no_answer_holds_is_an_exception_wherever_it_begins(server: Served, count: int) -> None:
    asker = server.call()
    for unit, at in itertools.product((246, 247), (0, 10_001, 65_535)):
        assert asker.ask(unit, read(at, count)) == b"\x83\x03"


def test_a_frame_may_be_cut_anywhere(server: Served) -> None:
    asker, frame = server.call(), framed(7, 247, GOOD)
    for cut in range(1, len(frame)):
        asker.send(frame[:cut])
        asker.send(frame[cut:])
        assert asker.answers(1) == [(7, 247, ANSWER)]


def test_who_hangs_up_in_the_middle_of_a_frame_leaves_nothing_behind(server: Served) -> None:
    for cut in range(1, 12):
        asker = server.call()
        asker.send(framed(7, 247, GOOD)[:cut])
        asker.close()
    assert eventually(lambda: not len(server.services[-1]._masters))


@pytest.mark.soak
def test_any_frames_are_answered_each_or_the_connection_ends(server: Served) -> None:
    rng = random.Random(31)
    left, hung_up = FRAMES, 0
    while left > 0:
        count = min(left, rng.randint(1, 400))
        sent, is_hung_up = _send_any(server.call(), rng, count)
        left, hung_up = left - sent, hung_up + is_hung_up
        if not hung_up % 50:
            server.hang_up()
    assert server.call().ask(247, GOOD) == ANSWER
    assert hung_up


def _send_any(asker: Asker, rng: random.Random, count: int) -> tuple[int, bool]:
    """How many frames were sent, and whether it ended so.

    Good, odd and broken frames at random; each that comes before a broken one is answered as it has to be.
    """
    sent, expected, broken = [], [], False
    for number in range(count):
        frame, answer = _any_frame(rng, number)
        sent.append(frame)
        if answer is None:
            broken = True
            break
        expected.append(answer)
    asker.send(b"".join(sent))
    answers = asker.answers(len(expected))
    assert answers == expected[: len(answers)] and (broken or len(answers) == len(expected))
    if broken:
        assert asker.is_hung_up()
    asker.close()
    return len(sent), broken


def _any_frame(rng: random.Random, transaction: int) -> tuple[bytes, tuple[int, int, bytes] | None]:
    """A frame, and its answer; None = the server hangs up at it, whatever came before in the same piece."""
    if rng.random() < 0.002:
        return struct.pack(">HHHB", transaction, rng.choice((0, 1, 0x5555)), rng.choice((0, 1, 300, 65_535)), 247), None
    unit = rng.choice((246, 247, 247, rng.randrange(246)))
    if rng.random() < 0.5:
        pdu = read(rng.choice((10_001, 29_999, rng.randrange(65_536))), rng.randint(0, 130), rng.choice((3, 4)))
    else:
        pdu = rng.randbytes(rng.randint(1, 253))
    pdu = pdu[:1] if pdu[:2] == b"\x2b\x0e" else pdu  # identification has tests of its own
    image = IMAGES.get(unit)
    if image is None:
        return framed(transaction, unit, pdu), (transaction, unit, bytes((pdu[0] & 0x7F | 0x80, 0x0B)))
    return framed(transaction, unit, pdu), (transaction, unit, answer_read(pdu, image))


def test_memory_stays_flat_over_many_connections_and_frames(server: Served) -> None:
    stream = b"".join(framed(n, 247, GOOD) for n in range(500))

    def turn() -> None:
        for _ in range(20):
            asker = server.call()
            asker.send(stream)
            assert len(asker.answers(500)) == 500
            asker.close()
        server.hang_up()
        server._askers.clear()
        assert eventually(lambda: not len(server.services[-1]._masters))
        gc.collect()

    turn()
    tracemalloc.start()
    try:
        turn()
        first, _ = tracemalloc.get_traced_memory()
        for _ in range(3):
            turn()
        last, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert last - first < 200_000


def test_500_connections_are_held_and_each_is_answered(server: Served) -> None:
    askers, other = [server.call() for _ in range(500)], server.call()
    for asker in askers:
        asker.send(framed(3, 247, GOOD)[:9])
    assert other.ask(247, GOOD) == ANSWER  # though 500 have begun something
    for asker in askers:
        asker.send(framed(3, 247, GOOD)[9:])
    assert all(asker.answers(1) == [(3, 247, ANSWER)] for asker in askers)
    for _ in range(2):
        for asker in askers:
            asker.send(framed(3, 247, GOOD))
        assert all(asker.answers(1) == [(3, 247, ANSWER)] for asker in askers)
