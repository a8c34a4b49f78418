"""An alarm: one cause from its first moment until it is over and somebody has seen it."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.core.alarm.condition import Cause
from runtime.core.alarm.kind import KINDS
from runtime.core.alert.classes import NOTICE


@dataclass(frozen=True, slots=True)
class Alarm:
    """Moments are UTC ms, 0 = not yet.

    raised_ms  first
    last_ms    the last time that it began again
    times      how often it began: more than once when it flaps
    word       what whoever acknowledged it wrote
    """

    id: int
    cause: Cause
    raised_ms: int
    last_ms: int
    detail: str = ""
    times: int = 1
    cleared_ms: int = 0
    acknowledged_ms: int = 0
    acknowledged_by: str = ""
    word: str = ""

    @property
    def is_active(self) -> bool:
        """Its condition is there."""
        return not self.cleared_ms

    @property
    def is_open(self) -> bool:
        """Somebody has to look at it: it is active, or it is over and nobody acknowledged it."""
        return not self.cleared_ms or not self.acknowledged_ms

    @property
    def is_notice(self) -> bool:
        """It asks for nothing: it is listed and counted nowhere."""
        return KINDS[self.cause.kind].severity == NOTICE
