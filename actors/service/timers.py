"""The coarse tick: each minute, to everybody who asked. What is due then is decided by those who hear it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import schedule

from actors.mailbox.base import IDLE, Actor, Incarnation
from actors.message.device import Begin, Minute

LONGEST_S = 60.0


@dataclass(frozen=True, slots=True)
class LookAtSchedule:
    """Is it time? Timers -> itself."""


class Timers(Actor):
    """Posts ``Minute`` to its subscribers at the full minute of the machine's clock.

    tidy  done each minute, too

    A step of that clock costs no tick: the schedule is made anew as soon as its next run lies over a minute away.
    """

    PRIORITY = {LookAtSchedule: IDLE}

    def __init__(
        self, incarnation: Incarnation, subscribers: tuple[str, ...], tidy: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(incarnation)
        self._subscribers = subscribers
        self._tidy = tidy
        self._schedule = schedule.Scheduler()

    def on_receive(self, message: Any) -> None:
        match message:
            case Begin():
                self._plan()
                self._look_later()
            case LookAtSchedule():
                self._look()

    def outlives(self, message: object) -> bool:
        return not isinstance(message, Begin)

    def _plan(self) -> None:
        self._schedule.clear()
        self._schedule.every().minute.at(":00").do(self._strike)

    def _look(self) -> None:
        self._schedule.run_pending()
        if self._idle_s() > LONGEST_S:  # the clock was set back
            self._plan()
            self._strike()
        self._look_later()

    def _look_later(self) -> None:
        """Never asleep for longer than a second, since the clock may be set meanwhile."""
        self.post_later(min(max(0.0, self._idle_s()), 1.0), LookAtSchedule())

    def _idle_s(self) -> float:
        return float(self._schedule.idle_seconds or 0.0)

    def _strike(self) -> None:
        minute = Minute(self.clock.now_ts())
        for name in self._subscribers:
            self.post(name, minute)
        self._tidy()
