"""The timekeeper: looks each second whether the clock can be trusted, and tells when that changes.

By how much what is recorded may be ahead is kept as a record, so that the server knows it after a restart.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from actors.mailbox.base import IDLE, Actor, Incarnation
from actors.message.device import Begin, EventReported, KeepRecords
from runtime.clock import TrustedClock
from runtime.core.clock.clocktrust import CLOCK_VIEW, ClockView
from runtime.store.upkeep.newest import AHEAD

log = logging.getLogger("wattkeeper.clock")

NAME = "timekeeper"
LOOKS_EACH_S = 1.0


@dataclass(frozen=True, slots=True)
class LookAtClock:
    """Is it right by now? Timekeeper -> itself."""


class Timekeeper(Actor):
    """Publishes ``ClockView`` as ``clock``, another object only when something changed."""

    PRIORITY = {LookAtClock: IDLE}

    def __init__(self, incarnation: Incarnation, trusted: TrustedClock) -> None:
        super().__init__(incarnation)
        self._trusted = trusted
        self._kept_ms: int | None = None  # what this incarnation had kept

    def on_receive(self, message: Any) -> None:
        match message:
            case Begin() | LookAtClock():
                self._look()
                self.post_later(LOOKS_EACH_S, LookAtClock())

    def outlives(self, message: object) -> bool:
        return not isinstance(message, Begin)

    def _look(self) -> None:
        before = self.incarnation.views.get(CLOCK_VIEW)
        view = self._trusted.look()
        self._keep_ahead(self._trusted.ahead_ms)
        if view == before:
            return
        self.publish(CLOCK_VIEW, view)
        code, detail = _describe_clock(view, before)
        if code:
            log.warning("%s: %s", code, detail)
            self.post("recorder", EventReported(self.clock.now_ms(), "server", code, detail))

    def _keep_ahead(self, ahead_ms: int) -> None:
        if ahead_ms != self._kept_ms and self.post("recorder", KeepRecords(((*AHEAD, ahead_ms),))):
            self._kept_ms = ahead_ms


def _describe_clock(view: ClockView, before: ClockView | None) -> tuple[str, str]:
    if not view.trusted and view.keeps:
        return "clock_given_up", "nobody knew the time for a day: samples are kept from the last stored time on, marked"
    if not view.trusted:
        return "clock_unknown", "the clock is behind what is stored: samples wait until the time is known"
    if before is not None and not before.trusted:
        return "clock_trusted", f"the time is known now; what waited is moved by {view.shift_ms / 1000:.0f} s"
    return "", ""
