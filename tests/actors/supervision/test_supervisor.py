from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from actors.mailbox.base import Actor, Incarnation
from actors.mailbox.mailbox import Mailbox
from actors.message.device import Begin, EventReported
from actors.supervision.supervisor import ChildSpec, Supervisor
from runtime.core.restarts import Policy
from runtime.core.view import SUPERVISOR_VIEW, SupervisorView
from runtime.errors import InvariantBroken
from tests.actors.stage import LAST_RESORT_S, Do, Doer, LiveStage, eventually, heard

SOON = Policy(crashes=5, window_s=300, first_s=0.001, longest_s=0.01)


class Recorded(Doer):
    """Tells the test when it begins and ends."""

    def __init__(self, incarnation: Incarnation, book: list[str]) -> None:
        super().__init__(incarnation)
        self.book = book

    def on_receive(self, message: Any) -> None:
        if isinstance(message, Begin):
            self.book.append(f"+{self.incarnation.name}")
        super().on_receive(message)

    def on_end(self) -> None:
        self.book.append(f"-{self.incarnation.name}")


class House(LiveStage):
    """A running supervisor whose fatal calls and children's book are kept."""

    def __init__(self) -> None:
        super().__init__()
        self.fatal: list[tuple[str, str]] = []
        self.book: list[str] = []
        self.supervisor = Supervisor(
            self.directory, self.clock, self.views, lambda *why: self.fatal.append(why), random=Random(1)
        )

    def spec(self, name: str, **more: Any) -> ChildSpec:
        more.setdefault("policy", SOON)
        return ChildSpec(name, lambda incarnation: Recorded(incarnation, self.book), **more)

    def does(self, name: str, action: Any) -> bool:
        return self.directory.post(name, Do(action))

    def child(self, name: str) -> Any:
        return next((child for child in self.supervisor.children() if child.name == name), None)

    def runs(self, name: str, incarnation: int = 1) -> bool:
        def is_up() -> bool:
            child = self.child(name)
            return bool(child) and (child.state, child.incarnation) == ("running", incarnation)

        return eventually(is_up)


@pytest.fixture
def house(caplog) -> Iterator[House]:
    caplog.set_level(logging.CRITICAL + 1, "wattkeeper")
    house = House()
    yield house
    house.supervisor.stop(10)


def crash(_actor: Actor) -> None:
    raise RuntimeError("as the test wants")


def test_children_start_in_order_and_stop_in_reverse(house):
    house.supervisor.start([house.spec(name) for name in "abc"])
    assert eventually(lambda: len(house.book) == 3)
    assert house.supervisor.stop()
    assert house.book[3:] == ["-c", "-b", "-a"]


def test_a_crashed_child_is_found_again_under_its_name(house):
    house.supervisor.start([house.spec("a"), house.spec("b")])
    assert house.runs("a")
    house.does("a", crash)
    assert house.runs("a", 2)
    done = threading.Event()
    assert house.does("a", lambda _actor: done.set())
    assert done.wait(60)
    assert house.child("a").error == "RuntimeError: as the test wants"
    assert house.child("b").incarnation == 1


def test_a_child_whose_factory_fails_is_tried_again(house):
    attempts: list[int] = []

    def factory(incarnation: Incarnation) -> Actor:
        attempts.append(incarnation.number)
        if incarnation.number < 3:
            raise OSError("not yet")
        return Recorded(incarnation, house.book)

    house.supervisor.start([ChildSpec("a", factory, policy=SOON)])
    assert house.runs("a", 3)
    assert attempts == [1, 2, 3]


def test_the_supervisor_stays_responsive_while_a_child_cannot_start(house):
    def factory(_life: Incarnation) -> Actor:
        raise OSError("never")

    never_enough = Policy(crashes=10**9, window_s=300, first_s=1e-6, longest_s=1e-6)
    house.supervisor.start([ChildSpec("a", factory, policy=never_enough)])
    house.supervisor.add(house.spec("b"))
    assert house.runs("b")
    house.supervisor.remove("b")
    assert eventually(lambda: house.child("b") is None)


def test_children_come_and_go_while_others_run(house):
    house.supervisor.start([house.spec("a")])
    house.supervisor.add(house.spec("b"))
    assert house.runs("b")
    house.supervisor.replace(house.spec("b", part=2))
    assert house.runs("b", 2)
    house.supervisor.remove("b")
    assert eventually(lambda: house.child("b") is None)
    assert house.book == ["+a", "+b", "-b", "+b", "-b"]


def test_a_temporary_child_that_ended_may_come_again(house):
    house.supervisor.start()
    for life in (1, 2):
        house.supervisor.add(house.spec("job", restart="temporary"))
        assert house.runs("job", life)  # until then its name may still lead to the one before
        assert house.does("job", lambda actor: actor.stop())
        assert eventually(lambda: house.child("job") is None)
    assert eventually(lambda: house.book == ["+job", "-job"] * 2)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"name": ""}, "has no name"),
        ({"name": "taken"}, "child 'taken': the name is taken"),
        ({"factory": 3}, "factory 3 cannot be called"),
        ({"restart": "always"}, "'always' is none of permanent, transient, temporary"),
        ({"stop_deadline_s": 0}, "deadlines"),
    ],
)
def test_a_faulty_spec_is_refused_with_a_reason_and_starts_nobody(house, fault, says):
    house.supervisor.start([house.spec("taken")])
    faulty = ChildSpec(**{"name": "b", "factory": lambda incarnation: Recorded(incarnation, house.book), **fault})
    with pytest.raises(InvariantBroken, match=says):
        house.supervisor.take_in([house.spec("c"), faulty])
    assert house.runs("taken")
    assert [child.name for child in house.supervisor.children()] == ["taken"]


def test_what_happens_to_children_is_noted_for_the_recorder(house):
    box = Mailbox(house.clock)
    house.directory.register("recorder", box)
    house.supervisor.start([house.spec("a")])
    for life in range(1, 6):
        assert house.runs("a", life)
        house.does("a", crash)
    assert eventually(lambda: house.child("a").state == "quarantined")
    assert [(note.subject, note.code) for note in heard(box) if isinstance(note, EventReported)] == [
        ("a", "child_quarantined")
    ]


def test_the_view_tells_of_all_children(house):
    house.supervisor.start([house.spec("a", core=True), house.spec("b")])
    assert house.runs("b")
    view = house.views.get(SUPERVISOR_VIEW)
    assert isinstance(view, SupervisorView)
    assert [(child.name, child.core, child.state) for child in view.children] == [
        ("a", True, "running"),
        ("b", False, "running"),
    ]


def test_the_view_is_fresh_even_when_nothing_happens(house):
    house.supervisor.start()
    assert eventually(lambda: house.views.get(SUPERVISOR_VIEW) is not None and house.views.get(SUPERVISOR_VIEW).at > 0)
    first = house.views.get(SUPERVISOR_VIEW).at
    assert eventually(lambda: house.views.get(SUPERVISOR_VIEW).at > first)


def test_a_core_child_that_keeps_crashing_is_fatal_once(house):
    core = Policy(crashes=3, window_s=60, first_s=0.001, longest_s=0.01)
    house.supervisor.start([house.spec("a", core=True, policy=core)])
    for life in (1, 2, 3):
        assert house.runs("a", life)
        house.does("a", crash)
    assert eventually(lambda: house.fatal)
    assert house.fatal == [("core_crashed", "a: RuntimeError: as the test wants")]


def test_a_supervisor_that_dies_says_so(house, monkeypatch):
    monkeypatch.setattr(threading, "excepthook", lambda _args: None)
    house.supervisor.start()
    house.supervisor._inbox.put((None, None))
    assert eventually(lambda: house.fatal)
    assert house.fatal[0][0] == "supervisor_died"


def test_the_supervisors_own_thread_may_not_wait_for_its_end(house):
    caught: list[str] = []

    def factory(incarnation: Incarnation) -> Actor:
        try:
            house.supervisor.stop()
        except InvariantBroken as error:
            caught.append(error.code)
        return Recorded(incarnation, house.book)

    house.supervisor.start([ChildSpec("a", factory)])
    assert house.runs("a")
    assert caught == ["stop_from_inside"]


def test_stopping_twice_is_allowed(house):
    house.supervisor.start([house.spec("a")])
    assert house.supervisor.stop()
    assert house.supervisor.stop()


def test_a_thread_that_ended_without_a_word_is_noticed_at_the_next_beat(house):
    class Silent(Recorded):
        def _actor_loop(self) -> None:
            if self.incarnation.number > 1:
                super()._actor_loop()

    spec = ChildSpec("a", lambda incarnation: Silent(incarnation, house.book), core=True, policy=SOON)
    house.supervisor.start([spec])
    assert house.runs("a", 2)


def test_250_children_of_one_kind_stop_at_once_and_not_one_after_the_other(house):
    all_end = threading.Barrier(250)

    class Waiting(Recorded):
        def on_end(self) -> None:
            all_end.wait(LAST_RESORT_S)
            super().on_end()

    def spec(number: int) -> ChildSpec:
        return ChildSpec(f"bus.{number}", lambda incarnation: Waiting(incarnation, house.book), kind="bus")

    house.supervisor.start([spec(number) for number in range(250)])
    assert eventually(lambda: len(house.book) == 250)
    assert house.supervisor.stop(LAST_RESORT_S)
    assert len(house.book) == 500 and not all_end.broken
