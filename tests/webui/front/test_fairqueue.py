from __future__ import annotations

from dataclasses import replace

from webui.front.fairqueue import FairQueue
from webui.front.http.limits import Limits

TWO = replace(Limits(), running=3, running_per_address=2)


def test_no_more_run_than_may_and_no_more_of_one_address() -> None:
    turns, begun = FairQueue(TWO), []
    for number in range(4):
        turns.ask("a", lambda number=number: begun.append(number))
    turns.ask("b", lambda: begun.append("b"))
    assert begun == [0, 1, "b"]
    turns.done("a")
    assert begun == [0, 1, "b", 2]


def test_each_address_has_its_turn_however_many_requests_another_has_waiting() -> None:
    turns, begun = FairQueue(replace(TWO, running=1)), []
    for number in range(5):
        turns.ask("crowd", lambda number=number: begun.append(number))
    turns.ask("owner", lambda: begun.append("owner"))
    turns.done("crowd")
    turns.done("crowd")
    assert begun == [0, 1, "owner"]


def test_who_left_loses_its_place() -> None:
    turns, begun = FairQueue(replace(TWO, running=1)), []
    turns.ask("a", lambda: begun.append("first"))

    def second() -> None:
        begun.append("second")

    turns.ask("a", second)
    turns.forget("a", second)
    turns.ask("a", lambda: begun.append("third"))
    turns.done("a")
    assert begun == ["first", "third"]
    turns.forget("unknown", second)


def test_a_turn_that_ends_at_once_lets_the_next_in() -> None:
    turns, begun = FairQueue(replace(TWO, running=1)), []

    def brief(number: int) -> None:
        begun.append(number)
        turns.done("a")

    for number in range(3):
        turns.ask("a", lambda number=number: brief(number))
    assert begun == [0, 1, 2]
