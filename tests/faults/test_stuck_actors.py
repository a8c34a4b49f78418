"""A thread that hangs cannot be killed: what it holds is closed; if that is no use it is given up. The rest serves."""

from __future__ import annotations

import ctypes
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Any

import pytest

from actors.mailbox.base import Actor
from actors.mailbox.directory import Directory
from actors.mailbox.reply import answer, new_reply, wait_for
from actors.message.device import Minute
from actors.supervision.supervisor import ChildSpec, Supervisor
from runtime.clock import SystemClock
from runtime.core.restarts import Policy
from runtime.core.view import ChildState
from runtime.errors import WattkeeperError
from runtime.viewboard import Views
from tests.actors.stage import LAST_RESORT_S, Do, Doer, eventually

pytestmark = pytest.mark.faults

SOON = Policy(crashes=5, window_s=300, first_s=0.001, longest_s=0.01)
STUCK_S = 0.8
BACKLOG = 10_000  # messages of 10 ms: more than anybody waits for


class House:
    def __init__(self) -> None:
        self.directory, self.views = Directory(), Views()
        self.fatal: list[str] = []
        self.supervisor = Supervisor(
            self.directory, SystemClock(), self.views, lambda code, _why: self.fatal.append(code), random=Random(1)
        )

    def serves(self, name: str) -> bool:
        """Does it answer a request in good time?"""
        reply = new_reply()
        if not self.directory.post(name, Do(lambda _actor: answer(reply, True), reply)):
            return False
        try:
            return bool(wait_for(reply, LAST_RESORT_S))
        except WattkeeperError:
            return False

    def child(self, name: str) -> ChildState:
        return next(child for child in self.supervisor.children() if child.name == name)

    def becomes(self, name: str, state: str, incarnation: int = 1) -> bool:
        return eventually(lambda: (self.child(name).state, self.child(name).incarnation) == (state, incarnation))


@pytest.fixture
def house(caplog) -> Iterator[House]:
    caplog.set_level(logging.CRITICAL + 1, "wattkeeper")
    house = House()
    spec = partial(ChildSpec, factory=Doer, policy=SOON, stuck_s=STUCK_S)
    specs = [spec(name) for name in ("bus.1", "bus.2", "gateway.1")]
    specs += [spec("bus.3", exclusive=True), spec("recorder", core=True)]
    house.supervisor.start(specs)
    assert eventually(lambda: len(house.supervisor.children()) == 5)
    yield house
    house.supervisor.stop(30)


class Hanging:
    """Something that hangs an actor, and what ends it."""

    def __init__(self, name: str) -> None:
        self.entered, self.over = threading.Event(), threading.Event()
        self.action: Callable[[Actor], None] = getattr(self, f"_{name}")

    def _wait_for_a_lock(self, _actor: Actor) -> None:
        self.entered.set()
        self.over.wait(300)

    def _turn_in_a_busy_loop(self, _actor: Actor) -> None:
        self.entered.set()
        while not self.over.is_set():
            pass

    def _call_into_c(self, _actor: Actor) -> None:
        self.entered.set()
        usleep = ctypes.CDLL(None).usleep
        while not self.over.is_set():
            usleep(200_000)


@pytest.fixture(params=["wait_for_a_lock", "turn_in_a_busy_loop", "call_into_c"])
def hanging(request) -> Iterator[Hanging]:
    hanging = Hanging(request.param)
    yield hanging
    hanging.over.set()


def test_a_stuck_leaf_is_given_up_and_replaced_while_the_others_serve(house, hanging):
    house.directory.post("bus.1", Do(hanging.action))
    assert hanging.entered.wait(60)
    assert all(house.serves(name) for name in ("bus.2", "gateway.1", "recorder"))
    assert house.becomes("bus.1", "running", 2)
    assert all(house.serves(name) for name in ("bus.1", "bus.2", "gateway.1", "recorder"))
    assert house.views.get("supervisor").abandoned == ("bus.1 (incarnation 1)",)
    assert house.fatal == []


def test_a_stuck_owner_of_a_port_gets_no_rival_until_its_thread_has_ended(house, hanging):
    house.directory.post("bus.3", Do(hanging.action))
    assert house.becomes("bus.3", "abandoned")
    assert not house.serves("bus.3")
    assert all(house.serves(name) for name in ("bus.1", "recorder"))
    hanging.over.set()
    assert house.becomes("bus.3", "running", 2)


def test_a_stuck_core_child_is_fatal(house, hanging):
    house.directory.post("recorder", Do(hanging.action))
    assert eventually(lambda: house.fatal == ["core_stuck"])
    assert house.serves("bus.1")


def test_an_actor_blocked_on_a_socket_is_woken_by_closing_it_and_lives_on(house):
    ours, theirs = socket.socketpair()
    woken = threading.Event()

    class Line:
        def close(self) -> None:
            ours.shutdown(socket.SHUT_RDWR)

    def receive(actor: Actor) -> None:
        line = Line()
        actor.hold(line)
        ours.recv(1)  # nothing ever comes
        actor.let_go(line)
        woken.set()

    with ours, theirs:
        house.directory.post("bus.1", Do(receive))
        assert woken.wait(60)
        assert house.serves("bus.1")
    assert house.child("bus.1").incarnation == 1


def test_what_a_given_up_life_says_when_it_wakes_reaches_nobody(house):
    over, said = threading.Event(), []

    def sleep_then_speak(actor: Actor) -> None:
        over.wait(300)
        actor.publish("bus.1", "old")
        said.append(actor.post("recorder", Minute(0)))

    house.views.publish("bus.1", "new")
    house.directory.post("bus.1", Do(sleep_then_speak))
    assert house.becomes("bus.1", "running", 2)
    over.set()
    assert eventually(lambda: house.views.get("supervisor").abandoned == ())
    assert (said, house.views.get("bus.1")) == ([False], "new")
    assert house.child("bus.1").incarnation == 2


def test_whoever_waits_for_a_stuck_actor_is_told_when_it_is_given_up(house):
    over, reply = threading.Event(), new_reply()
    house.directory.post("bus.1", Do(lambda _actor: over.wait(300), reply))
    with pytest.raises(WattkeeperError) as told:
        wait_for(reply, LAST_RESORT_S)
    over.set()
    assert told.value.code == "owner_restarted"


def test_a_flooded_mailbox_neither_delays_the_stop_nor_the_others(house):
    stopped = threading.Event()

    def flood() -> None:
        while not stopped.is_set():
            if house.directory.depth("bus.1") < 2 * BACKLOG:
                house.directory.post("bus.1", Do(lambda _actor: time.sleep(0.01)))

    flooder = threading.Thread(target=flood, daemon=True)
    flooder.start()
    try:
        assert eventually(lambda: house.directory.depth("bus.1") > BACKLOG)
        assert all(house.serves(name) for name in ("bus.2", "recorder"))
        house.supervisor.remove("bus.1")
        assert eventually(lambda: all(child.name != "bus.1" for child in house.supervisor.children()))
    finally:
        stopped.set()
        flooder.join()
    assert house.views.get("supervisor").abandoned == ()


def test_stopping_with_a_stuck_child_ends_the_others_and_says_that_one_is_left(house, hanging):
    house.directory.post("bus.1", Do(hanging.action))
    assert hanging.entered.wait(60)
    assert not house.supervisor.stop(30)
    alive = {thread.name for thread in threading.enumerate()}
    assert alive & {"bus.1", "bus.2", "bus.3", "gateway.1", "recorder", "supervisor"} == {"bus.1"}


def test_a_supervisor_that_waits_for_nobody_starts_a_child_while_another_hangs(house, hanging):
    house.directory.post("bus.1", Do(hanging.action))
    assert hanging.entered.wait(60)
    house.supervisor.add(ChildSpec("bus.9", Doer))
    assert eventually(lambda: house.serves("bus.9"))


@pytest.mark.parametrize("error", [RuntimeError, SystemExit, KeyboardInterrupt, MemoryError])
@pytest.mark.parametrize("name", ["bus.1", "gateway.1", "recorder"])
def test_killing_any_actor_leaves_the_others_serving(house, name, error):
    def die(_actor: Actor) -> None:
        raise error("as the test wants")

    others: list[Any] = [other for other in ("bus.1", "bus.2", "gateway.1", "recorder") if other != name]
    house.directory.post(name, Do(die))
    assert all(house.serves(other) for other in others)
    assert house.becomes(name, "running", 2)
    assert house.serves(name)
