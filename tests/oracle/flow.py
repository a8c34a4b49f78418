"""What a consumer takes, as a pure function of time, in integers.

A quantum is what a thousandth of a W (or dm3/h) takes in a millisecond: 3.6 million of them are a thousandth of a Wh.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

QUANTA = 3_600_000  # in a thousandth of a Wh or dm3


@dataclass(frozen=True, slots=True)
class Flow:
    """A rate that changes in steps.

    steps  (UTC ms, rate from then on in thousandths of a W or dm3/h), oldest first; before the first one it flows alike
    """

    steps: tuple[tuple[int, int], ...]
    _starts: list[int] = field(init=False, repr=False, compare=False)
    _sums: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts = [ms for ms, _ in self.steps]
        spans = [(after - before) * rate for (before, rate), after in zip(self.steps, starts[1:], strict=False)]
        object.__setattr__(self, "_starts", starts)
        object.__setattr__(self, "_sums", list(accumulate(spans, initial=0)))

    def amount_q(self, ts_ms: int) -> int:
        """All that has flowed since the first step; below zero before it."""
        at = max(0, bisect_right(self._starts, ts_ms) - 1)
        return self._sums[at] + (ts_ms - self._starts[at]) * self.steps[at][1]

    def between_m(self, a_ms: int, b_ms: int) -> float:
        return (self.amount_q(b_ms) - self.amount_q(a_ms)) / QUANTA

    def rate_m(self, ts_ms: int) -> int:
        return self.steps[max(0, bisect_right(self._starts, ts_ms) - 1)][1]

    @property
    def most_m(self) -> int:
        """The highest rate."""
        return max(rate for _, rate in self.steps)
