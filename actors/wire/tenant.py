"""One actor without a thread of its own: its messages in turn, and what it does in steps between them."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Any, Protocol

from actors.mailbox.base import Actor
from actors.mailbox.flag import Flag
from actors.mailbox.incarnation import Beat
from drivers.adapters.connection import CONNECT_S
from drivers.steps import OPEN, READ, Step
from runtime.errors import LinkDown

AT_A_TIME = 32  # messages, then it is somebody else's turn


class PromptWire(Protocol):
    """A wire that never waits (``drivers.adapters.promptconnection``)."""

    name: str

    def begin_open(self) -> None: ...
    def opened(self) -> bool: ...
    def give_up_opening(self) -> None: ...
    def take(self, most: int) -> bytes: ...
    def is_stuck(self) -> bool: ...
    def hang_up(self) -> None: ...


class Stay:
    """What a thread is to other actors: alive until the actor has ended, or its host's thread has."""

    def __init__(self, host: threading.Thread) -> None:
        self._host = host
        self._over = Flag()

    def is_alive(self) -> bool:
        return not self._over.is_set() and self._host.is_alive()

    def join(self, timeout: float | None = None) -> None:
        self._over.wait(timeout)

    def end(self) -> None:
        self._over.set()


class Tenant:
    """``actor`` may have ``work``, steps that are in its hand, and the ``wire`` that they wait for; a stop waits until
    they are over unless it ``may_leave_work``.

    is_called  it waits for its turn already
    timers     monotonic times of its timers that run, the earliest last
    until      what its work waits for at the longest
    """

    __slots__ = (
        "_inbox", "_open_until", "_postponed", "_step", "_wire", "actor", "is_called", "is_over", "stay", "timers",
        "until",
    )  # fmt: skip

    def __init__(self, actor: Actor, stay: Stay) -> None:
        self.actor, self.stay = actor, stay
        self.is_called, self.is_over = False, False
        self.timers: list[float] = []
        self.until = math.inf
        self._inbox = actor.actor_inbox
        self._step: Step | None = None
        self._wire: Any = None  # a PromptWire, while there is work
        self._postponed: list[Any] = []  # a stop, while work is in hand that has to be finished
        self._open_until: float | None = None

    def begin(self) -> None:
        self.actor._actor_loop_setup()

    def serve(self) -> bool:
        """Handle what is there without waiting. Whether more waits."""
        actor, more = self.actor, False
        if actor.work is not None:
            if not self._inbox.empty():
                self._take_urgent()
            if self._step is not None and not actor.actor_stopped.is_set():
                self._go_on()
        if actor.work is None:
            while self._postponed:
                self._inbox.first(self._postponed.pop())
            more = self._read(AT_A_TIME)
        if actor.actor_stopped.is_set():
            self.end()
            return False
        return more

    @property
    def due_at(self) -> float:
        """When it wants its turn at the latest; what was posted for later waits for the end of what is in hand."""
        return self._inbox.due_at() if self.actor.work is None else self.until

    def end(self) -> None:
        """It ended, by whatever cause."""
        if self.is_over:
            return
        self.is_over = True
        if self.actor.work is not None:
            self.actor.work.close()
        self.actor._end()
        self.stay.end()

    def cut_off(self, error: Exception) -> None:
        """The host's thread ends: so does the actor, as by a crash of its own."""
        if not self.is_over:
            self.actor._crash(error)
            self.end()

    # ---- messages

    def _take_urgent(self) -> None:
        """What comes before the work in hand."""
        while (message := self._inbox.urgent()) is not None:
            if type(message) is Beat or self.actor.may_leave_work:
                self._handle(message)
            else:
                self._postponed.append(message)

    def _read(self, most: int) -> bool:
        actor, inbox = self.actor, self._inbox
        for _ in range(most):
            message = inbox.poll()
            if message is None:
                return False
            self._handle(message)
            if actor.actor_stopped.is_set():
                return False
            if actor.work is not None:
                actor._in_hand = message
                self._begin_work()
                if actor.work is not None:
                    return False
        return not inbox.empty()

    def _handle(self, message: Any) -> None:
        try:
            self.actor._handle_receive(message)
        except Exception:  # it has noted that it crashed; without a caller of Pykka's ask nobody else wants to know
            self.actor.actor_stopped.set()

    # ---- steps

    def _begin_work(self) -> None:
        self._wire = self.actor.wire
        self._resume(self.actor.work.send, None)
        self._go_on()

    def _go_on(self) -> None:
        """As far as it goes without waiting."""
        work = self.actor.work
        while self._step is not None:
            try:
                came = self._came(self._step)
            except LinkDown as error:
                self._open_until = None
                self._resume(work.throw, error)
                continue
            if came is None:
                return
            self._resume(work.send, came)

    def _resume(self, resume: Callable[[Any], Step], came: Any) -> None:
        try:
            self._step = resume(came)
        except StopIteration:
            self._finish()
            self.actor._in_hand = None
        except BaseException as error:  # SystemExit too
            self._finish()
            self.actor._crash(error)

    def _finish(self) -> None:
        self._step, self._wire, self.until = None, None, math.inf
        self.actor.work = None

    def _came(self, step: Step) -> bytes | None:
        """What the step waited for; None = it waits on. Raises LinkDown."""
        kind, until, most = step
        if kind == READ:
            came: bytes = self._wire.take(most)
            if came:
                return came
            if self.actor.clock.monotonic() >= until:
                return self._nothing(self._wire)
        elif kind == OPEN:
            return self._opened(self._wire, self.actor.clock.monotonic())
        elif self.actor.clock.monotonic() >= until:
            return b""
        self.until = until
        return None

    @staticmethod
    def _nothing(wire: PromptWire) -> bytes:
        if wire.is_stuck():
            wire.hang_up()
            raise LinkDown("link_timeout", f"{wire.name} takes no connection or no bytes: check its power and address")
        return b""

    def _opened(self, wire: PromptWire, now: float) -> bytes | None:
        if self._open_until is None:
            wire.begin_open()
            self._open_until = now + CONNECT_S
        elif now >= self._open_until and not wire.opened():
            wire.give_up_opening()
            self._open_until = now + CONNECT_S
        if wire.opened():
            self._open_until = None
            return b""
        self.until = self._open_until
        return None
