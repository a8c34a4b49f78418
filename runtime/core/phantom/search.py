"""Looks for phantoms in one counter's past.

A climb of the index is looked at where more was booked for it than can have passed. What is right then is, in this
order: the way of the index, where it is where it could have come to by then, since the climb began, since it last left
its way, or once the next readings are there; what the indexes of reported jumps leave over; what is usual around it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from runtime.core.energy.continuity import REPLACED, TWICE, Jump
from runtime.core.energy.corrections import Stretch
from runtime.core.energy.counterlimits import Limits
from runtime.core.phantom.evidence import LAG_S, Climb, CounterInterval, Evidence, climbs_of
from runtime.core.phantom.phantom import (
    EDITED,
    JUMPED,
    NEGATIVE,
    REPORTED_TWICE,
    RESET,
    RETURNED,
    ROLLED_OVER,
    Phantom,
    put_together,
    shares,
)
from runtime.core.phantom.plausible import Plausible, is_sound, plausible_of, usual_around

AHEAD = 2  # further climbs after which a misread index is where it was before
AWAY_S = 2 * 86_400  # an index that was left longer ago is no way back
LEFT = 8  # places where the index left its way that are remembered
EDIT_LAG_MS = 120_000  # after an edit, until the device is read by it
REPORTED_MS = 86_400_000  # an exchange that somebody reported for another time of the day is the same
OWED = 500  # climbs within which energy that was booked too early is passed by the index
_BY_CODE = {
    "counter_rolled_over": ROLLED_OVER,
    "counter_returned": RETURNED,
    "counter_reset": RESET,
    "counter_fell_back": RESET,
}


def find_phantoms(evidence: Evidence, limits: Limits) -> list[Phantom]:
    """Phantoms of one counter, by time."""
    runs = climbs_of(evidence.intervals)
    plausible = plausible_of(runs, evidence.intervals, limits)
    return [phantom for run in runs for phantom in _Search(evidence, run, plausible).run()]


class _Search:
    """One run of climbs without a hole."""

    def __init__(self, evidence: Evidence, climbs: list[Climb], plausible: Plausible) -> None:
        self._evidence, self._intervals, self._climbs = evidence, evidence.intervals, climbs
        self._plausible, self._grain_n = plausible, plausible.grain_n
        self._left: deque[int] = deque(maxlen=LEFT)  # climbs in which the index left its way
        self._right: dict[int, int] = {}  # climbs that hold a phantom -> what of them is right

    def run(self) -> Iterator[Phantom]:
        for at, climb in enumerate(self._climbs):
            if self._is_below(climb):
                self._right[at] = 0
            elif climb.booked_n > self._most_n(at, climb):
                self._judge(at, climb)
            if not climb.agrees(self._grain_n) or climb.climb_n < 0:
                self._left.append(at)
        for at in list(self._right):
            self._spread(at)
        for group in self._groups():
            yield self._phantom(group)

    def _is_below(self, climb: Climb) -> bool:
        """Energy below zero that was taken for a roll-over: a counter that may give back does not roll over."""
        return climb.booked_n < 0 and any(each.code == "counter_rolled_over" for each in self._jumps_in(climb))

    def _most_n(self, at: int, climb: Climb) -> int:
        """Above it a climb is looked at; power that was read beside it is believed."""
        most_n = self._plausible.most_n(climb.span_s)
        if self._is_edited(climb) and (usual := usual_around(self._climbs, at, self._grain_n)):
            return min(most_n, TWICE * max(usual) * (climb.span_s + LAG_S) // 3600 + 2 * self._grain_n)
        is_witnessed = climb.booked_n > most_n and self._plausible.is_witnessed(climb, self._inside(climb))
        return climb.booked_n if is_witnessed else most_n

    def _judge(self, at: int, climb: Climb) -> None:
        right_n = None if self._is_edited(climb) else self._way_n(at, climb)  # two indexes that have nothing in common
        if right_n is None:
            right_n = self._counted_n(climb)
        if right_n is None:
            right_n = self._usual_n(at, climb)
        if climb.booked_n - right_n > climb.span_s and right_n <= climb.booked_n // 2 + self._grain_n:
            self._right[at] = right_n

    def _spread(self, at: int) -> None:
        """A line across an edge has put a part of it into the interval before or after."""
        for near in (at - 1, at + 1):
            if near in self._right or not 0 <= near < len(self._climbs) or self._right[at] < 0:
                continue
            climb = self._climbs[near]
            is_possible = 0 <= climb.climb_n <= self._plausible.most_n(climb.span_s)
            if is_possible and climb.booked_n > climb.climb_n + climb.lag_n(self._grain_n):
                self._right[near] = climb.climb_n

    def _groups(self) -> list[list[int]]:
        """Climbs that follow one another; what is below zero stands for itself."""
        groups: list[list[int]] = []
        for at in sorted(self._right):
            last = groups[-1][-1] if groups else -2
            is_alike = last >= 0 and (self._climbs[last].booked_n < 0) == (self._climbs[at].booked_n < 0)
            if last == at - 1 and is_alike:
                groups[-1].append(at)
            else:
                groups.append([at])
        return groups

    def _phantom(self, group: list[int]) -> Phantom:
        parts = [part for at in group for part in self._parts(self._climbs[at], self._right[at])]
        excess_n = sum(self._climbs[at].booked_n - self._right[at] for at in group)
        owed, last = self._passed_later(group[-1], excess_n)
        first, whole = self._climbs[group[0]], self._climbs[group[0] : last + 1]
        booked_n = sum(climb.booked_n for climb in whole)
        right_n = booked_n - excess_n + sum(energy_n for _, _, energy_n in owed)
        most_n = max(0, self._plausible.most_n(sum(climb.span_s for climb in whole)))
        largest = max(group, key=lambda at: abs(self._climbs[at].booked_n - self._right[at]))
        kind = self._kind(self._climbs[largest])
        together = (*put_together(parts), *put_together(owed))
        return Phantom(kind, first.start_ts, whole[-1].end_ts, booked_n, right_n, most_n, together)

    def _parts(self, climb: Climb, right_n: int) -> list[Stretch]:
        if climb.booked_n < 0:
            return [(climb.start_ts, climb.end_ts, -climb.booked_n)]
        held = [(each.start_ts, each.end_ts, each.energy_n or 0) for each in self._inside(climb)]
        return shares(climb.booked_n - right_n, held)

    def _inside(self, climb: Climb) -> Sequence[CounterInterval]:
        return self._intervals[climb.first + 1 : climb.last + 1]

    # ---- what is right

    def _way_n(self, at: int, climb: Climb) -> int | None:
        """By the index that is read then or soon after; None where it is at another place."""
        for last in self._climbs[at : at + 1 + AHEAD]:
            for first in (at, *reversed(self._left)):
                began = self._climbs[first]
                if climb.start_ts - began.start_ts > AWAY_S:
                    continue
                way_n = self._index(last.last) - self._index(began.first)
                slack_n = 2 * self._grain_n
                if -slack_n <= way_n <= self._plausible.most_n(last.end_ts - began.start_ts):
                    after_n = sum(each.booked_n for each in self._climbs[at + 1 :] if each.last <= last.last)
                    return max(0, way_n - self._right_n(first, at) - after_n)
        return None

    def _right_n(self, first: int, at: int) -> int:
        """What was booked between two climbs, without phantoms."""
        return sum(self._right.get(each, self._climbs[each].booked_n) for each in range(first, at))

    def _counted_n(self, climb: Climb) -> int | None:
        """What the old and the new meter counted, by the indexes of the jumps between them."""
        start_ms, end_ms = (climb.start_ts - LAG_S) * 1000, climb.end_ts * 1000
        inside = [each for each in self._jumps_in(climb) if start_ms <= each.since_ms and each.ts_ms <= end_ms]
        if not inside:
            return None
        position_n, counted_n = self._index(climb.first), 0
        for jump in sorted(inside, key=lambda each: each.ts_ms):
            counted_n, position_n = counted_n + jump.before_n - position_n, jump.after_n
        counted_n += self._index(climb.last) - position_n
        return counted_n if 0 <= counted_n <= self._plausible.most_n(climb.span_s) else None

    def _usual_n(self, at: int, climb: Climb) -> int:
        before = [each for each in self._climbs[max(0, at - 12) : at] if is_sound(each, self._grain_n)]
        return min(climb.booked_n, before[-1].hourly_n * climb.span_s // 3600) if before else 0

    def _index(self, interval: int) -> int:
        each = self._intervals[max(0, interval)]
        return (each.index_n or 0) - (0 if interval >= 0 else each.energy_n or 0)

    def _passed_later(self, at: int, owed_n: int) -> tuple[list[Stretch], int]:
        """What was booked too early and is passed by the index without being booked again; the last climb of it."""
        parts: list[Stretch] = []
        last = at
        for place in range(at + 1, min(len(self._climbs), at + 1 + OWED)):
            climb = self._climbs[place]
            missing_n = min(owed_n, climb.climb_n - climb.booked_n)
            is_idle = climb.booked_n == 0 == climb.climb_n
            is_possible = 0 < climb.climb_n <= self._plausible.most_n(climb.span_s)
            if missing_n > climb.lag_n(0) and is_possible and climb.booked_n >= 0:
                parts.append((climb.start_ts, climb.end_ts, missing_n))
                owed_n, last = owed_n - missing_n, place
            elif not is_idle:
                break
        return parts, last

    # ---- what it was taken for

    def _is_edited(self, climb: Climb) -> bool:
        start_ms, end_ms = climb.start_ts * 1000 - EDIT_LAG_MS, climb.end_ts * 1000
        return any(start_ms < ts_ms <= end_ms for ts_ms in self._evidence.edits_ms)

    def _jumps_in(self, climb: Climb) -> list[Jump]:
        start_ms, end_ms = (climb.start_ts - LAG_S) * 1000, climb.end_ts * 1000
        return [each for each in self._evidence.jumps if start_ms < each.ts_ms and each.since_ms < end_ms]

    def _kind(self, climb: Climb) -> str:
        if climb.booked_n < 0:
            return NEGATIVE
        start_ms, end_ms = climb.start_ts * 1000, climb.end_ts * 1000
        codes = {each.code for each in self._jumps_in(climb)} - {REPLACED}
        reported = [each.ts_ms for each in self._evidence.jumps if each.code == REPLACED or each.author]
        if codes and any(start_ms - REPORTED_MS < ts_ms < end_ms + REPORTED_MS for ts_ms in reported):
            return REPORTED_TWICE
        if self._is_edited(climb):
            return EDITED
        return next((kind for code, kind in _BY_CODE.items() if code in codes), JUMPED)
