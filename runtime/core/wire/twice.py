"""Which units answer twice: their next request of the same shape waits until the second answer has come.

Everybody is on probation first: before another request of the same shape as the last there is a pause, until nothing
came in it a few times. After that only what shows by its bytes that it came twice makes a unit wait again.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass

DOUBLED_S = 0.26  # the second answer comes within this
KNOWN_S = 600.0  # a unit that answered twice is known to do so for so long
PROBATION = 2  # pauses in which nothing came


@dataclass(slots=True)
class _Unit:
    clean: int = 0
    twice_until: float = -math.inf  # monotonic
    answered_at: float = -math.inf
    asked: Hashable = None
    shape: bytes = b""


class Twice:
    """Of one line. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._units: dict[int, _Unit] = {}

    def answered(self, unit: int, request: Hashable, shape: bytes, now: float) -> None:
        known = self._units.get(unit)
        if known is None:
            known = self._units[unit] = _Unit()
        known.answered_at, known.asked, known.shape = now, request, shape

    def ready_at(self, unit: int, request: Hashable, shape: bytes, now: float) -> float:
        """When the unit may be asked this."""
        known = self._units.get(unit)
        if known is None or known.shape != shape:
            return -math.inf
        suspicious = known.twice_until > now or (known.clean < PROBATION and known.asked != request)
        return known.answered_at + DOUBLED_S if suspicious else -math.inf

    def heard_nothing(self, unit: int, now: float) -> None:
        """Nothing had come of it when it was asked again."""
        known = self._units.get(unit)
        if known is not None and known.clean < PROBATION and now - known.answered_at >= DOUBLED_S:
            known.clean += 1

    def came_again(self, unit: int, now: float) -> None:
        """An answer of it came that nobody asked for."""
        known = self._units.get(unit)
        if known is not None and known.clean < PROBATION:
            self.proven(unit, now)

    def proven(self, unit: int, now: float) -> None:
        """It answered twice, that is sure."""
        known = self._units.get(unit)
        if known is not None:
            known.twice_until = now + KNOWN_S
