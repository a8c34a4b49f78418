"""What another master wrote to is read again, soon, and not for each write."""

from __future__ import annotations

from actors.bus.rereads import EACH_S, Rereads
from actors.message.device import BlocksDue, PassThrough, PollBlock
from runtime.core.modbus.request import Request

BLOCKS = tuple(PollBlock(device, 0, Request(device, 3, 0, 2), 10.0, 1.0) for device in (1, 2))


def passed(unit, payload=b"\0\1"):
    return PassThrough("a", Request(unit, 6 if payload else 3, 0, 1, payload), 1.0, 99.0, None)


def test_a_unit_is_read_again_at_once_and_then_once_for_many_writes():
    posted = []
    rereads = Rereads(lambda delay_s, message: posted.append((delay_s, message)))
    for now in (100.0, 101.0, 102.0, 103.0):
        rereads.note(passed(2), BLOCKS, 4, now)
    assert posted == [(0.0, BlocksDue(4, ((2, 0),))), (EACH_S - 1.0, BlocksDue(4, ((2, 0),)))]
    rereads.note(passed(2), BLOCKS, 4, 200.0)
    assert posted[2:] == [(0.0, BlocksDue(4, ((2, 0),)))]


def test_a_read_and_a_unit_that_is_none_of_ours_are_not_followed():
    posted = []
    rereads = Rereads(lambda delay_s, message: posted.append(message))
    rereads.note(passed(2, b""), BLOCKS, 4, 100.0)
    rereads.note(passed(9), BLOCKS, 4, 100.0)
    assert posted == []
