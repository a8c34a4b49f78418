"""The timekeeper: looks each second whether the clock can be trusted, and tells when that changes."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from actors.mailbox.base import IDLE, Actor, Incarnation
from actors.message.device import Begin, EventReported
from runtime.clock import TrustedClock
from runtime.core.clock.clocktrust import CLOCK_VIEW, ClockView

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
        if view == before:
            return
        self.publish(CLOCK_VIEW, view)
        code, detail = _describe_clock(view, before)
        if code:
            log.warning("%s: %s", code, detail)
            self.post("recorder", EventReported(self.clock.now_ms(), "server", code, detail))


def _describe_clock(view: ClockView, before: ClockView | None) -> tuple[str, str]:
    if not view.trusted and view.keeps:
        return "clock_given_up", "nobody knew the time for a day: samples are kept from the last stored time on, marked"
    if not view.trusted:
        return "clock_unknown", "the clock is behind what is stored: samples wait until the time is known"
    if before is not None and not before.trusted:
        return "clock_trusted", f"the time is known now; what waited is moved by {view.shift_ms / 1000:.0f} s"
    return "", ""
