"""How long a device rests between its answer and the next request, learnt from what it leaves unanswered.

Some meters do not hear a request that comes within 10 to 200 ms of their last answer. Such a one never answers sooner,
a disturbed one did before: that tells them apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

STEPS_S = (0.05, 0.25)  # tried one after the other
NOISE = 3  # failures of a device that answered as soon before, none of them made good: it is another one now


class Rest:
    """Of one unit. ``after_s`` is the time from its last answer to a request, infinite when there was none.

    least_s      as it is set, 0 = it needs none as far as is known
    answered_at  monotonic time of its last answer, for whoever asks it
    """

    __slots__ = ("_answered_after_s", "_failed", "_failed_after_s", "answered_at", "wait_s")

    def __init__(self, least_s: float = 0.0) -> None:
        self.wait_s = least_s
        self.answered_at = -math.inf
        self._answered_after_s = math.inf  # the shortest
        self._failed = 0
        self._failed_after_s = 0.0  # the longest, of those in a row

    def answered(self, after_s: float) -> None:
        if after_s < self._answered_after_s:
            self._answered_after_s = after_s
        if after_s <= self._failed_after_s:
            self._failed = 0  # as soon as it did not hear: that was noise

    def failed(self, after_s: float) -> None:
        """It left a request unanswered."""
        after_s = max(after_s, self.wait_s)  # a sum of times may miss it by a rounding
        if after_s >= STEPS_S[-1]:
            return  # that was long enough
        self._failed += 1
        self._failed_after_s = max(after_s, self._failed_after_s if self._failed > 1 else 0.0)
        if self._answered_after_s <= after_s and self._failed < NOISE:
            return
        surely = self._failed >= NOISE
        self._answered_after_s, self._failed = math.inf, 0
        self.wait_s = max(self.wait_s, next(step_s for step_s in STEPS_S[-surely:] if step_s > after_s))


class Rests:
    """Of the units of one line. ``set_s`` holds what people set, by unit."""

    def __init__(self, set_s: Mapping[int, float]) -> None:
        self._set_s = set_s
        self._of = {unit: Rest(least_s) for unit, least_s in set_s.items()}

    def of(self, unit: int) -> Rest:
        rest = self._of.get(unit)
        if rest is None:
            rest = self._of[unit] = Rest()
        return rest

    def learnt_ms(self) -> Mapping[int, int]:
        """By unit, of those that need more than is set."""
        needs = {unit: rest.wait_s for unit, rest in self._of.items() if rest.wait_s > self._set_s.get(unit, 0.0)}
        return {unit: round(1000 * wait_s) for unit, wait_s in needs.items()}

    def recall(self, learnt_ms: Mapping[int, int]) -> None:
        """What was learnt before; what is set may be longer by now."""
        for unit, rest_ms in learnt_ms.items():
            self._of[unit] = Rest(max(rest_ms / 1000, self._set_s.get(unit, 0.0)))
