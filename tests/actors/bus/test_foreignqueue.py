"""Other masters take turns, whatever one of them sends."""

from __future__ import annotations

from actors.bus.foreignqueue import MOST_EACH, MOST_MASTERS, ForeignQueue
from actors.mailbox.reply import new_reply, wait_for
from actors.message.device import PassThrough
from runtime.core.modbus.request import Request
from runtime.core.view import Trouble
from runtime.errors import WattkeeperError


def asked(master, at=0):
    return PassThrough(master, Request(1, 3, at, 2), 1.0, 99.0, new_reply())


def refusal(message):
    try:
        return wait_for(message.reply, 0.0)
    except WattkeeperError as error:
        return error.code


def test_masters_are_served_in_turn_and_each_in_its_order():
    queue = ForeignQueue()
    for at in range(3):
        queue.add(asked("a", at))
    queue.add(asked("b"))
    queue.add(asked("c"))
    taken = [queue.take() for _ in range(5)]
    assert [(each.master, each.request.at) for each in taken] == [("a", 0), ("b", 0), ("c", 0), ("a", 1), ("a", 2)]
    assert not queue and queue.take() is None


def test_after_one_of_theirs_it_is_the_turn_of_our_own_polls():
    queue = ForeignQueue()
    queue.add(asked("a"))
    assert queue.is_turn and queue.take() and not queue.is_turn


def test_who_sends_too_many_is_told_that_the_bus_is_busy_and_others_are_not():
    queue = ForeignQueue()
    many = [asked("a", at) for at in range(MOST_EACH + 2)]
    for each in many:
        queue.add(each)
    assert [refusal(each) for each in many[MOST_EACH:]] == ["exception_6", "exception_6"]
    others = [asked(f"m{number}") for number in range(MOST_MASTERS)]
    for each in others:
        queue.add(each)
    assert refusal(others[-1]) == "exception_6" and queue.take().master == "a" and queue.take().master == "m0"


def test_when_the_line_is_lost_all_are_refused():
    queue, message = ForeignQueue(), asked("a")
    queue.add(message)
    queue.refuse_all(Trouble("link_lost", "gone", 1))
    assert refusal(message) == "link_lost" and not queue
