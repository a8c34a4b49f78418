from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import pytest

from actors.mailbox.mailbox import COMMAND, CONTROL, IDLE, Mailbox
from actors.mailbox.reply import new_reply, wait_for
from runtime.errors import WattkeeperError
from tests.actors.stage import ManualClock, heard


@dataclass(frozen=True, slots=True)
class Ordinary:
    number: int = 0


@dataclass(frozen=True, slots=True)
class Command:
    number: int = 0
    reply: Any = None


@dataclass(frozen=True, slots=True)
class Turn:
    pass


@dataclass(frozen=True, slots=True)
class Halt:
    pass


PRIORITY = {Command: COMMAND, Turn: IDLE, Halt: CONTROL}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def box(clock: ManualClock) -> Mailbox:
    return Mailbox(clock, PRIORITY, "bus.1")


def test_messages_of_one_lane_keep_their_order(box):
    for number in range(100):
        box.post(Ordinary(number))
    assert heard(box) == [Ordinary(number) for number in range(100)]


def test_what_is_urgent_overtakes_what_waits(box):
    for message in (Turn(), Ordinary(), Command(), Halt()):
        box.post(message)
    assert heard(box) == [Halt(), Command(), Ordinary(), Turn()]


def test_some_are_taken_and_the_rest_stays(box):
    for message in (Turn(), Ordinary(1), Command(), Ordinary(2), Halt()):
        box.post(message)
    assert list(box.take_all((Ordinary, Command))) == [Command(), Ordinary(1), Ordinary(2)]
    assert heard(box) == [Halt(), Turn()]


def test_what_comes_first_comes_even_before_control(box):
    box.post(Halt())
    box.first(Ordinary())
    assert heard(box) == [Ordinary(), Halt()]


def test_an_idle_message_is_not_worth_interrupting_for(box):
    box.post(Turn())
    assert not box.waiting()
    box.post(Ordinary())
    assert box.waiting()


def test_a_message_for_later_comes_when_its_time_has_come(box, clock):
    box.later(5.0, Ordinary(1))
    clock.advance(4.999)
    assert heard(box) == []
    clock.advance(0.001)
    assert heard(box) == [Ordinary(1)]


def test_messages_for_later_come_in_order_of_their_time_then_of_posting(box, clock):
    box.later(2.0, Ordinary(3))
    box.later(1.0, Ordinary(1))
    box.later(1.0, Ordinary(2))
    clock.advance(3)
    assert heard(box) == [Ordinary(1), Ordinary(2), Ordinary(3)]


def test_a_due_message_for_later_is_worth_interrupting_for(box, clock):
    box.later(1.0, Command())
    assert not box.waiting()
    clock.advance(1)
    assert box.waiting()


def test_the_reader_wakes_for_a_message_from_another_thread(box):
    threading.Timer(0.02, box.post, (Ordinary(7),)).start()
    assert box.get().message == Ordinary(7)


def test_the_depth_counts_what_waits_in_all_lanes(box):
    for message in (Turn(), Ordinary(), Command()):
        box.post(message)
    box.poll()
    box.post(Ordinary())
    assert box.depth() == 3


def test_closing_tells_those_who_wait_for_a_reply(box, clock):
    waiting = [new_reply() for _ in range(3)]
    box.post(Command(1, waiting[0]))
    box.waiting()  # sorts it into its lane
    box.post(Command(2, waiting[1]))
    box.later(60, Command(3, waiting[2]))
    box.close()
    for reply in waiting:
        with pytest.raises(WattkeeperError, match="bus.1 ended") as refusal:
            wait_for(reply, 0)
        assert refusal.value.code == "owner_restarted"


def test_a_message_to_a_closed_mailbox_is_refused_and_its_sender_told(box):
    box.close()
    reply = new_reply()
    assert not box.post(Command(1, reply))
    with pytest.raises(WattkeeperError):
        wait_for(reply, 0)


def test_no_reply_box_stays_empty_when_posting_races_with_closing(clock):
    for _ in range(200):
        box = Mailbox(clock, PRIORITY)
        replies = [new_reply() for _ in range(20)]
        poster = threading.Thread(target=lambda b=box, r=replies: [b.post(Command(0, reply)) for reply in r])
        poster.start()
        box.close()
        poster.join()
        for reply in replies:
            with pytest.raises(WattkeeperError):
                wait_for(reply, 0)


def test_a_flood_does_not_keep_the_reader_from_reading(box):
    stopped = threading.Event()

    def flood() -> None:
        while not stopped.is_set():
            box.post(Ordinary())

    flooder = threading.Thread(target=flood)
    flooder.start()
    try:
        while box.depth() < 1000:
            pass
        box.post(Halt())
        assert next(message for _ in range(3) if isinstance(message := box.get().message, Halt)) == Halt()
    finally:
        stopped.set()
        flooder.join()
