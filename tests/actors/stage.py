"""Stages for actors: on one they run without a thread and time is told, on the other they really run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from actors.mailbox.base import Actor, ChildExit, Incarnation
from actors.mailbox.directory import Directory
from actors.mailbox.incarnation import BeatAnswered
from actors.mailbox.mailbox import Mailbox
from actors.message.device import Begin
from runtime.clock import SystemClock
from runtime.viewboard import Views

LAST_RESORT_S = 60.0  # what takes longer than that never comes


class ManualClock:
    """Time as the test tells it."""

    def __init__(self, ts: int = 1_780_000_000) -> None:
        self._ms = ts * 1000
        self._monotonic = 1000.0

    def now_ms(self) -> int:
        return self._ms

    def now_ts(self) -> int:
        return self._ms // 1000

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        self._monotonic += seconds
        self._ms += round(seconds * 1000)

    def advance_to(self, monotonic: float) -> None:
        """To exactly this moment, which a sum of steps may miss by a rounding."""
        if monotonic > self._monotonic:
            self._ms += round((monotonic - self._monotonic) * 1000)
            self._monotonic = monotonic

    def step(self, seconds: float) -> None:
        """Move the wall clock only."""
        self._ms += round(seconds * 1000)


class Stage:
    """One directory, one board, one told clock; actors are made but their threads are not started.

    ``mailbox`` plays a peer: what was posted to it is read back with ``heard``.
    """

    def __init__(self, clock: ManualClock | None = None) -> None:
        self.clock = clock or ManualClock()
        self.directory = Directory()
        self.views = Views()
        self.reports: list[ChildExit | BeatAnswered] = []
        self.actors: list[Actor] = []

    def incarnation(self, name: str, incarnation: int = 1) -> Incarnation:
        return Incarnation(name, incarnation, self.directory, self.clock, self.views, self.reports.append)

    def add(self, actor: Actor) -> Actor:
        """Let it begin, as its thread would."""
        self.directory.register(actor.incarnation.name, actor.actor_inbox)
        self.actors.append(actor)
        actor.on_receive(Begin())
        return actor

    def mailbox(self, name: str) -> Mailbox:
        box = Mailbox(self.clock, owner=name)
        self.directory.register(name, box)
        return box

    def play(self, turns: int = 10_000) -> None:
        """Let the actors handle what waits for them, one message each in turn, until nothing does."""
        for _ in range(turns):
            handled = [self._turn(actor) for actor in self.actors]
            if not any(handled):
                return
        raise AssertionError("they never come to rest")

    @staticmethod
    def _turn(actor: Actor) -> bool:
        message = actor.actor_inbox.poll()
        if message is not None:
            actor.on_receive(message)
        return message is not None


def heard(box: Mailbox) -> list[Any]:
    """All that was posted to a played peer, read once."""
    messages = []
    while (message := box.poll()) is not None:
        messages.append(message)
    return messages


@dataclass(frozen=True, slots=True)
class Do:
    """Run something inside a ``Doer``."""

    action: Callable[[Actor], None]
    reply: Any = None


class Doer(Actor):
    """Does what it is told, in its own thread."""

    def on_receive(self, message: Any) -> None:
        if isinstance(message, Do):
            message.action(self)


class LiveStage:
    """Real threads and the machine's clock; endings are collected."""

    def __init__(self) -> None:
        self.clock = SystemClock()
        self.directory = Directory()
        self.views = Views()
        self.reports: list[ChildExit | BeatAnswered] = []

    def incarnation(self, name: str, incarnation: int = 1) -> Incarnation:
        return Incarnation(name, incarnation, self.directory, self.clock, self.views, self.reports.append)

    def start(self, actor: Actor) -> Actor:
        actor._start_actor_loop()
        return actor


def joined(actor: Actor, timeout_s: float = LAST_RESORT_S) -> bool:
    """Wait for the actor's thread; False when it is still running."""
    assert actor.thread is not None
    actor.thread.join(timeout_s)
    return not actor.thread.is_alive()


def eventually(condition: Callable[[], object], timeout_s: float = LAST_RESORT_S) -> bool:
    """Wait for other threads to bring something about; ends at once when they have."""
    pause = threading.Event()
    until = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > until:
            return False
        pause.wait(0.002)
    return True
