"""What may be booked of a life: exact amounts where the meter was heard, bounds where nobody can know.

Between two true answers of one index its climb is certain. Where the index became another one between them, nothing is
certain and at most what the consumer can take in that time is possible, unless somebody declared both indexes. Between
answers energy lies on a straight line (docs/architecture.md, Energy). Around a disturbance a server may need
``SETTLE_MS`` to agree with itself, so edges of bins there are bounded and not exact; sums across it are exact all the
same. Nothing is ever below zero.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import TYPE_CHECKING

from tests.oracle.disturbance import (
    AHEAD,
    GLANCE_MS,
    LATE_MS,
    LONG_POLLS,
    SETTLE_MS,
    Heard,
    Number,
    Spill,
    Window,
    noise_of,
    passed_ms,
)
from tests.oracle.flow import QUANTA
from tests.oracle.life import Life, Rate, Replaced, Restart

if TYPE_CHECKING:
    from tests.oracle.meter import Epoch


@dataclass(frozen=True, slots=True)
class Bounds:
    """Least and most that may be booked, both included, in whole thousandths."""

    least_m: int
    most_m: int

    def holds(self, booked_m: int) -> bool:
        return self.least_m <= booked_m <= self.most_m


@dataclass(frozen=True, slots=True)
class Point:
    """A true answer: what had certainly passed by then, and what may have passed besides."""

    ts_ms: int
    certain_m: Number
    possible_m: Number


class Truth:
    """All that can be known of what passed between the first and the last true answer.

    fastest_m  highest rate in thousandths of a W or dm3/h, in the server's terms
    grain_m    what the index climbs by at once
    pause_ms   between answers as a rule
    begun_ms   when each index began, the first one's beginning left out
    """

    def __init__(
        self, points: Sequence[Point], windows: Sequence[Window], spills: Sequence[Spill] = (), *, fastest_m: int,
        grain_m: Number, pause_ms: int, begun_ms: Sequence[int] = (),
    ) -> None:  # fmt: skip
        self.points, self.windows, self._spills = tuple(points), tuple(windows), tuple(spills)
        self._times = [point.ts_ms for point in points]
        self._fastest_m, self._grain_m, self._pause_ms = fastest_m, grain_m, pause_ms
        self._begun_ms = tuple(begun_ms)

    @property
    def start_ms(self) -> int:
        return self._times[0]

    @property
    def end_ms(self) -> int:
        return self._times[-1]

    @property
    def total(self) -> Bounds:
        """From the first true answer to the last one."""
        last = self.points[-1]
        return Bounds(floor(last.certain_m), ceil(last.certain_m + last.possible_m))

    def between(self, a_ms: int, b_ms: int) -> Bounds:
        """What a bin [a_ms, b_ms) may hold; the times before the first true answer hold nothing."""
        a_ms, b_ms = max(a_ms, self.start_ms), min(b_ms, self.end_ms)
        if a_ms >= b_ms:
            return Bounds(0, 0)
        low_a, high_a = self._around(a_ms)
        low_b, high_b = self._around(b_ms)
        least_m = self.certain_m(low_b) - self.certain_m(high_a)
        most_m = self.certain_m(high_b) - self.certain_m(low_a)
        most_m += self._possible_m(high_b, after=True) - self._possible_m(low_a, after=False)
        rounding_m = self._rounding_m(low_a, high_b)
        spilled_m = sum(spill.over_m for spill in self._spills if spill.start_ms < b_ms and a_ms < spill.end_ms)
        most_m = min(most_m, max(least_m, self.carried_m(a_ms, b_ms))) + spilled_m
        return Bounds(max(0, ceil(least_m) - rounding_m), max(0, floor(most_m) + rounding_m))

    def _rounding_m(self, a_ms: int, b_ms: int) -> int:
        """An index that is no whole number is rounded as well, each of a stretch where it begins and where it ends."""
        if isinstance(self._grain_m, int):
            return 1
        return 2 + sum(a_ms <= begun_ms <= b_ms for begun_ms in self._begun_ms)

    def carried_m(self, a_ms: int, b_ms: int) -> Number:
        """The most that a bin may hold, whatever happened: what the consumer could take, and the grain of its index."""
        slack_ms = AHEAD * (self._pause_ms + LATE_MS)
        return Fraction(self._fastest_m * (b_ms - a_ms + slack_ms), QUANTA) + 2 * self._grain_m + 1

    def certain_m(self, ts_ms: int) -> Number:
        """What had certainly passed by a moment, in a straight line between answers."""
        at = bisect_right(self._times, ts_ms)
        if at == 0 or at == len(self._times):
            return self.points[max(0, at - 1)].certain_m
        before, after = self.points[at - 1], self.points[at]
        climb_m = after.certain_m - before.certain_m
        if not climb_m:
            return before.certain_m
        return before.certain_m + Fraction(climb_m * (ts_ms - before.ts_ms)) / (after.ts_ms - before.ts_ms)

    def is_disturbed(self, a_ms: int, b_ms: int) -> bool:
        return any(window.start_ms < b_ms and a_ms < window.end_ms for window in self.windows)

    def is_silent(self, a_ms: int, b_ms: int) -> bool:
        """Whether [a_ms, b_ms] lies in an outage: what is booked there has to be marked."""
        at = bisect_left(self._times, a_ms)
        if at in (0, len(self._times)) or self._times[at] <= b_ms:
            return False
        return self._times[at] - self._times[at - 1] > LONG_POLLS * self._pause_ms

    def _around(self, ts_ms: int) -> tuple[int, int]:
        """The moments between which the server's books may stand at an edge."""
        low_ms = high_ms = ts_ms
        for window in self.windows:
            if window.start_ms <= ts_ms <= window.end_ms:
                low_ms = min(low_ms, max(window.start_ms, ts_ms - window.reach_ms))
                high_ms = max(high_ms, min(window.end_ms, ts_ms + window.reach_ms))
        return low_ms, high_ms

    def _possible_m(self, ts_ms: int, *, after: bool) -> Number:
        at = bisect_left(self._times, ts_ms) if after else bisect_right(self._times, ts_ms) - 1
        return self.points[max(0, min(at, len(self.points) - 1))].possible_m


def truth_of(life: Life, heard: Sequence[Heard], epochs: Sequence[Epoch]) -> Truth:
    """Follow the true answers from one to the next."""
    true = [each for each in heard if each.index_m is not None]
    assert true, "nobody ever heard this meter"
    fastest_m = max(life.flow.most_m * epoch.reader.step_m // epoch.wire.step_m for epoch in epochs)
    points, (windows, spills) = [Point(true[0].ts_ms, 0, 0)], noise_of(life, heard, fastest_m)
    for before, after in pairwise(true):
        certain_m, possible_m = _climb(life, before, after, epochs, fastest_m)
        last = points[-1]
        points.append(Point(after.ts_ms, last.certain_m + certain_m, last.possible_m + possible_m))
        span_ms = after.ts_ms - before.ts_ms
        if before.epoch != after.epoch or possible_m or _rolls(before, after):
            forgot = [epoch for epoch in epochs[before.epoch + 1 : after.epoch + 1] if epoch.lost_m]
            lost_m = sum(epoch.lost_m for epoch in forgot)
            unseen_m = ceil(sum(_grain_m(epoch, before.index_m or 0) for epoch in forgot))  # it shows whole steps only
            end_ms = passed_ms(life, after.ts_ms, lost_m + unseen_m) + SETTLE_MS
            doubted_ms = LONG_POLLS * life.poll_ms if lost_m else 0  # the answers before it may be doubted as well
            start_ms = before.ts_ms - doubted_ms
            windows.append(Window(start_ms, end_ms, end_ms - start_ms))
        elif span_ms > LONG_POLLS * life.poll_ms:
            windows.append(Window(before.ts_ms, after.ts_ms + SETTLE_MS, SETTLE_MS))
    windows += list(_restarts(life))
    grain_m = max(_grain_m(epochs[each.epoch], each.index_m or 0) for each in true)
    return Truth(
        points,
        _joined(windows),
        spills,
        fastest_m=fastest_m,
        grain_m=grain_m,
        pause_ms=life.poll_ms,
        begun_ms=[epoch.since_ms for epoch in epochs[1:]],
    )


def _climb(life: Life, before: Heard, after: Heard, epochs: Sequence[Epoch], fastest_m: int) -> tuple[Number, Number]:
    """(certain, possible besides) between two true answers."""
    assert before.index_m is not None and after.index_m is not None
    if before.reader.falls and not before.reader.named:
        return 0, 0
    possible_m = Fraction(fastest_m * (after.ts_ms - before.ts_ms), QUANTA)
    if before.epoch == after.epoch:
        if _rolls(before, after) and not before.reader.named:
            return 0, possible_m
        return after.index_m - before.index_m, 0
    begun = epochs[before.epoch + 1 : after.epoch + 1]
    declared = [each for each in _agreed(life) if before.ts_ms <= each.exchanged_ms <= after.ts_ms]
    if declared and len(begun) == 1:
        return declared[0].last_m - before.index_m + after.index_m - declared[0].first_m, 0
    if all(epoch.lost_m for epoch in begun):  # counted on at once, or from where it was before
        return after.index_m - before.index_m, sum(epoch.lost_m + _grain_m(epoch, before.index_m) for epoch in begun)
    return 0, possible_m


def _agreed(life: Life) -> list[Replaced]:
    return [each for each in life.happenings if isinstance(each, Replaced) and not each.refused]


def _rolls(before: Heard, after: Heard) -> bool:
    span_m = before.reader.span_m
    return bool(span_m) and before.index_m // span_m != after.index_m // span_m  # type: ignore[operator]


def _restarts(life: Life) -> Iterator[Window]:
    """What was heard since the last interval ended is gone, so a line is straight for longer: from the last answer
    before that end, which lies a pause before it where an interval is no longer than one."""
    longest_s = max([life.interval_s, *(each.interval_s for each in life.happenings if isinstance(each, Rate))])
    for each in life.happenings:
        if isinstance(each, Restart):
            start_ms = each.at_ms - longest_s * 1000 - life.poll_ms - LATE_MS - GLANCE_MS
            end_ms = each.at_ms + GLANCE_MS + 2 * life.poll_ms
            yield Window(start_ms, end_ms, end_ms - start_ms)


def _joined(windows: list[Window]) -> list[Window]:
    """Those that overlap are one, which reaches as far as they do together."""
    joined: list[Window] = []
    for window in sorted(windows, key=lambda each: each.start_ms):
        last = joined[-1] if joined else None
        if last is None or window.start_ms > last.end_ms:
            joined.append(window)
            continue
        end_ms = max(last.end_ms, window.end_ms)
        is_whole = any(each.reach_ms >= each.end_ms - each.start_ms for each in (last, window))
        reach_ms = end_ms - last.start_ms if is_whole else max(last.reach_ms, window.reach_ms)
        joined[-1] = Window(last.start_ms, end_ms, reach_ms)
    return joined


def _grain_m(epoch: Epoch, index_m: Number) -> Number:
    if not epoch.reader.is_float:
        return epoch.reader.step_m
    return Fraction(abs(index_m), 1 << (22 if epoch.reader.type == "f32" else 51)) + 1
