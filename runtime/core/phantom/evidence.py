"""What is known of one counter's past, interval by interval, and of the climb of its index between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from runtime.core.energy.continuity import Jump

LAG_S = 60  # that an index is older than the end of its interval, at most
POWER_STEPS = 36  # 0.1 W a second, of 0.001 Wh


@dataclass(frozen=True, slots=True)
class CounterInterval:
    """What was recorded in an interval; None = it was not.

    index_n   as last seen before its end
    energy_n  that was booked for it
    power_n   the greatest active power in 0.1 W
    """

    start_ts: int
    end_ts: int
    index_n: int | None
    energy_n: int | None
    power_n: int | None = None


@dataclass(frozen=True, slots=True)
class Climb:
    """From one index to the next one: the intervals after ``first`` up to ``last`` have no hole between them.

    first  -1 = from the beginning of the very first interval
    """

    first: int
    last: int
    start_ts: int
    end_ts: int
    climb_n: int
    booked_n: int

    @property
    def span_s(self) -> int:
        return self.end_ts - self.start_ts

    @property
    def hourly_n(self) -> int:
        return self.booked_n * 3600 // self.span_s

    def lag_n(self, grain_n: int) -> int:
        """What a booked energy and an index that agree may differ by."""
        return abs(self.booked_n) * LAG_S // self.span_s + 2 * grain_n

    def agrees(self, grain_n: int) -> bool:
        return abs(self.booked_n - self.climb_n) <= self.lag_n(grain_n)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of one counter in a stretch of time.

    intervals  by time
    jumps      that the ledger or somebody reported
    edits_ms   when something of the device was edited that its index depends on
    """

    intervals: Sequence[CounterInterval]
    jumps: Sequence[Jump] = ()
    edits_ms: Sequence[int] = ()


def climbs_of(intervals: Sequence[CounterInterval]) -> list[list[Climb]]:
    """By time; a new list after each hole. Before the very first interval the index is what its energy says."""
    sums = list(accumulate((each.energy_n or 0 for each in intervals), initial=0))
    runs: list[list[Climb]] = [[]]
    first: int | None = None
    for at, each in enumerate(intervals):
        if at and intervals[at - 1].end_ts != each.start_ts:
            first = None
            runs.append([])
        if each.index_n is None:
            continue
        if at == 0:
            energy_n = each.energy_n or 0
            runs[-1].append(Climb(-1, 0, each.start_ts, each.end_ts, energy_n, energy_n))
        if first is not None:
            before = intervals[first]
            climb_n = each.index_n - (before.index_n or 0)
            runs[-1].append(Climb(first, at, before.end_ts, each.end_ts, climb_n, sums[at + 1] - sums[first + 1]))
        first = at
    return [run for run in runs if run]


def by_power_n(intervals: Sequence[CounterInterval]) -> int | None:
    """The most that their power stands for; None where one of them has none."""
    powers = [each.power_n for each in intervals]
    if not powers or None in powers:
        return None
    pairs = zip(intervals, powers, strict=True)
    return sum(max(0, power_n or 0) * (each.end_ts - each.start_ts) // POWER_STEPS for each, power_n in pairs)
