"""One actor without a thread of its own: its messages in turn, and what it does in steps between them."""

from __future__ import annotations

import math
import threading
from collections.abc import Generator
from typing import Any, Protocol

from actors.mailbox.base import Actor
from actors.mailbox.incarnation import Beat
from drivers.adapters.connection import CONNECT_S
from drivers.steps import OPEN, READ, Step
from runtime.errors import LinkDown

AT_A_TIME = 32  # messages, then it is somebody else's turn

Work = Generator[Step, bytes, None]


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
        self._over = threading.Event()

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
    timer_at   monotonic time of its earliest timer that still runs
    """

    __slots__ = ("_open_until", "_postponed", "_step", "actor", "is_called", "is_over", "stay", "timer_at", "until")

    def __init__(self, actor: Actor, stay: Stay) -> None:
        self.actor, self.stay = actor, stay
        self.is_called, self.is_over = False, False
        self.timer_at = math.inf
        self.until = math.inf  # what its work waits for at the longest
        self._step: Step | None = None
        self._postponed: list[Any] = []  # a stop, while work is in hand that has to be finished
        self._open_until: float | None = None

    def begin(self) -> None:
        self.actor._actor_loop_setup()

    def serve(self) -> bool:
        """Handle what is there without waiting. Whether more waits."""
        actor, inbox = self.actor, self.actor.actor_inbox
        more = False
        if getattr(actor, "work", None) is not None:
            while (message := inbox.urgent()) is not None:
                if type(message) is Beat or getattr(actor, "may_leave_work", True):
                    self._handle(message)
                else:
                    self._postponed.append(message)
            if not actor.actor_stopped.is_set():
                self._go_on()
        if getattr(actor, "work", None) is None:
            while self._postponed:
                inbox.first(self._postponed.pop())
            more = self._read(AT_A_TIME)
        if actor.actor_stopped.is_set():
            self.end()
            return False
        return more

    @property
    def due_at(self) -> float:
        """When it wants its turn at the latest; what was posted for later waits for the end of what is in hand."""
        return self.until if getattr(self.actor, "work", None) is not None else self.actor.actor_inbox.due_at()

    def end(self) -> None:
        """It ended, by whatever cause."""
        if self.is_over:
            return
        self.is_over = True
        work = getattr(self.actor, "work", None)
        if work is not None:
            work.close()
        self.actor._end()
        self.stay.end()

    def cut_off(self, error: Exception) -> None:
        """The host's thread ends: so does the actor, as by a crash of its own."""
        if not self.is_over:
            self.actor._crash(error)
            self.end()

    # ---- messages

    def _read(self, most: int) -> bool:
        actor, inbox = self.actor, self.actor.actor_inbox
        for _ in range(most):
            message = inbox.poll()
            if message is None:
                return False
            self._handle(message)
            if actor.actor_stopped.is_set():
                return False
            if getattr(actor, "work", None) is not None:
                actor._in_hand = message
                self._begin_work()
                if getattr(actor, "work", None) is not None:
                    return False
        return not inbox.empty()

    def _handle(self, message: Any) -> None:
        try:
            self.actor._handle_receive(message)
        except Exception:  # it has noted that it crashed; without a caller of Pykka's ask nobody else wants to know
            self.actor.actor_stopped.set()

    # ---- steps

    def _begin_work(self) -> None:
        work: Work = self.actor.work  # type: ignore[attr-defined]  # looked at before
        self._advance(lambda: next(work))
        if self._step is not None:
            self._go_on()

    def _go_on(self) -> None:
        """As far as it goes without waiting."""
        work: Work = self.actor.work  # type: ignore[attr-defined]  # looked at before
        while self._step is not None:
            try:
                came = self._came(self._step)
            except LinkDown as error:
                self._open_until = None
                failure = error
                self._advance(lambda failure=failure: work.throw(failure))
                continue
            if came is None:
                return
            self._advance(lambda came=came: work.send(came))

    def _advance(self, resume: Any) -> None:
        actor = self.actor
        try:
            self._step = resume()
        except StopIteration:
            self._over()
        except BaseException as error:  # SystemExit too
            self._over(keep=True)
            actor._crash(error)

    def _over(self, *, keep: bool = False) -> None:
        self._step, self.until = None, math.inf
        self.actor.work = None  # type: ignore[attr-defined]  # looked at before
        if not keep:
            self.actor._in_hand = None

    def _came(self, step: Step) -> bytes | None:
        """What the step waited for; None = it waits on. Raises LinkDown."""
        kind, until, most = step
        wire: PromptWire = self.actor.wire  # type: ignore[attr-defined]  # who works has one
        now = self.actor.clock.monotonic()
        if kind == READ:
            came = wire.take(most)
            if came or now >= until:
                return came or self._nothing(wire)
        elif kind == OPEN:
            return self._opened(wire, now)
        elif now >= until:
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
