"""When an output that was told "on" really is: as long as it is told, for one pulse, or blinking."""

from __future__ import annotations

IMPULSIVE, BLINKING = 0, 1
NORMALLY_CLOSED = 1


def is_actuated(told_ms: int | None, mode: int, on_time_ms: int, at_ms: int) -> bool:
    """Whether the relay's coil is under current.

    told_ms     when it was told "on", None = it was not, or "off" later
    on_time_ms  length of the pulse, or of each phase of blinking; 0 = as long as it is told
    """
    if told_ms is None:
        return False
    passed_ms = max(0, at_ms - told_ms)
    if on_time_ms == 0:
        return True
    return passed_ms < on_time_ms if mode == IMPULSIVE else passed_ms // on_time_ms % 2 == 0


def is_contact_closed(actuated: bool, normal: int) -> bool:
    """The contact of a normally closed relay opens when it is actuated."""
    return actuated != (normal == NORMALLY_CLOSED)
