"""Units on the bus: asked behind it, answered in order, refused where they are not allowed."""

from __future__ import annotations

from actors.mailbox.reply import answer, refuse
from runtime.core.device.permit import Permit
from runtime.core.modbus.request import Request
from runtime.errors import NoAnswer, Refused
from tests.actors.modbusserver.served import framed, read, served
from tests.actors.stage import eventually

ON_THE_BUS = {"gateway": 4, "units": "1-3"}
READ = read(0x48, 2)


def test_a_read_of_a_unit_on_the_bus_is_asked_there_and_answered():
    with served(**ON_THE_BUS) as server:
        asker = server.call()
        asker.send(framed(9, 2, READ))
        assert eventually(lambda: server.asked)
        ((bus, message),) = server.asked
        assert (bus, message.master, message.request) == ("bus.4", "127.0.0.1", Request(2, 3, 0x48, 2))
        answer(message.reply, b"\x00\x01\x00\x02")
        assert asker.answers(1) == [(9, 2, b"\x03\x04\x00\x01\x00\x02")]


def test_what_comes_behind_it_waits_for_it_and_other_connections_do_not():
    with served(**ON_THE_BUS) as server:
        asker, other = server.call(), server.call()
        asker.send(framed(1, 2, READ) + framed(2, 247, read(5, 1)) + framed(3, 3, READ) + framed(4, 247, read(6, 1)))
        assert eventually(lambda: server.asked)
        assert other.ask(247, read(7, 1)) == b"\x03\x02\x00\x07"
        answer(server.asked[0][1].reply, bytes(4))
        assert eventually(lambda: len(server.asked) == 2)
        refuse(server.asked[1][1].reply, Refused(2, "no such register"))
        expected = [b"\x03\x04" + bytes(4), b"\x03\x02\x00\x05", b"\x83\x02", b"\x03\x02\x00\x06"]
        assert [pdu for _, _, pdu in asker.answers(4)] == expected


def test_a_silent_device_is_a_target_that_does_not_answer():
    with served(**ON_THE_BUS) as server:
        asker = server.call()
        asker.send(framed(1, 1, READ))
        assert eventually(lambda: server.asked)
        refuse(server.asked[0][1].reply, NoAnswer("no_answer", "silent"))
        assert asker.answers(1) == [(1, 1, b"\x83\x0b")]


def test_units_that_are_not_allowed_and_writes_never_reach_the_bus():
    with served(**ON_THE_BUS) as server:
        asker = server.call()
        assert asker.ask(4, READ) == b"\x83\x0b"
        assert asker.ask(2, b"\x06\x00\x00\x00\x01") == b"\x86\x01"
        assert asker.ask(2, b"\x10\x00\x00\x00\x01\x02\x00\x01") == b"\x90\x01"
        assert asker.ask(2, read(0, 126)) == b"\x83\x03"
        assert server.asked == [] and [function for _, _, function in server.writes] == [6, 16]


def test_who_asks_too_often_is_told_that_the_bus_is_busy():
    with served(rate_per_s=1, **ON_THE_BUS) as server:
        asker = server.call()
        asker.send(framed(1, 1, READ))
        assert eventually(lambda: server.asked)
        answer(server.asked[0][1].reply, bytes(4))
        asker.answers(1)
        assert asker.ask(1, READ) == b"\x83\x06"


def test_without_a_bus_there_is_no_path():
    with served(**ON_THE_BUS) as server:
        server.is_there = False
        assert server.call().ask(1, READ) == b"\x83\x0a"


def test_an_answer_that_comes_after_the_master_left_is_dropped():
    with served(**ON_THE_BUS) as server:
        asker = server.call()
        asker.send(framed(1, 1, READ) + framed(2, 1, READ))
        assert eventually(lambda: server.asked)
        asker.close()
        assert eventually(lambda: not len(server.services[-1]._masters))
        answer(server.asked[0][1].reply, bytes(4))
        assert server.call().ask(247, read(1, 1)) == b"\x03\x02\x00\x01"
        assert len(server.asked) == 1


WRITE = b"\x10\x00\x07\x00\x01\x02\x00\x01"
PERMITTED = {**ON_THE_BUS, "write_units": "2,9"}


def test_a_permitted_write_goes_to_the_bus_with_its_permit_and_is_noted_with_what_became_of_it():
    wanted = Request(2, 16, 7, 1, b"\0\1")
    with served(**PERMITTED) as server:
        asker = server.call()
        asker.send(framed(1, 2, WRITE) + framed(2, 2, WRITE))
        assert eventually(lambda: server.asked)
        message = server.asked[0][1]
        assert (message.request, message.permit) == (wanted, Permit(0, 2)) and server.written == []
        answer(message.reply, b"")
        assert eventually(lambda: len(server.asked) == 2)
        refuse(server.asked[1][1].reply, NoAnswer("no_answer", "silent"))
        assert [pdu for _, _, pdu in asker.answers(2)] == [WRITE[:5], b"\x90\x0b"]
        assert server.written == [("127.0.0.1", wanted, 0), ("127.0.0.1", wanted, 0x0B)] and server.writes == []


def test_what_is_not_permitted_or_does_not_fit_never_reaches_the_bus():
    refused = (
        (3, WRITE, 1), (2, b"\x16\x00\x04\x00\xf2\x00\x25", 1), (2, WRITE[:-1], 3), (2, WRITE + b"\0", 3),
        (0, WRITE, 0x0B), (9, WRITE, 0x0B), (2, b"\x05\x00\x07\x12\x34", 3),
    )  # fmt: skip
    with served(**PERMITTED) as server:
        asker = server.call()
        for unit, pdu, code in refused:
            assert asker.ask(unit, pdu) == bytes((pdu[0] | 0x80, code))
        assert server.asked == [] and server.written == []
        assert [(unit, function) for _, unit, function in server.writes] == [(unit, pdu[0]) for unit, pdu, _ in refused]


def test_writes_count_against_the_rate_of_their_master():
    with served(rate_per_s=1, **PERMITTED) as server:
        asker = server.call()
        asker.send(framed(1, 2, WRITE))
        assert eventually(lambda: server.asked)
        answer(server.asked[0][1].reply, b"")
        asker.answers(1)
        assert asker.ask(2, WRITE) == b"\x90\x06" and len(server.asked) == 1


def test_a_read_of_a_permitted_unit_is_no_write():
    with served(**PERMITTED) as server:
        asker = server.call()
        asker.send(framed(1, 2, READ))
        assert eventually(lambda: server.asked)
        answer(server.asked[0][1].reply, bytes(4))
        assert asker.answers(1) == [(1, 2, b"\x03\x04" + bytes(4))] and server.written == []
