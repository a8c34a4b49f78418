"""Ledgers that judge the oracle itself: one that knows which answers are true, and one that believes them all."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from math import floor

from tests.oracle.comparison import Booked
from tests.oracle.life import Life
from tests.oracle.meter import Meter
from tests.oracle.sitecalendar import SiteCalendar
from tests.oracle.truth import Truth

Trail = Sequence[tuple[int, Fraction | int]]  # UTC ms, energy until then


def played(life: Life) -> tuple[Meter, list[tuple[int, Fraction | int]]]:
    """The meter after all polls of a life, and what a server takes its answers for."""
    meter = Meter(life)
    readings = []
    for ts_ms in life.polls():
        words = meter.answer(ts_ms)
        meant_m = None if words is None else meter.reading_m(ts_ms, words)
        if meant_m is not None:
            readings.append((ts_ms, meant_m))
    return meter, readings


def calendar_of(life: Life) -> SiteCalendar:
    return SiteCalendar(life.zone, life.start_ms // 1000, life.end_ms // 1000 + 3600)


def knowing(life: Life, truth: Truth, *, generous: bool = False) -> list[Booked]:
    """What a ledger books that knows the truth; ``generous``: it guesses the most for what nobody can know."""
    trail: list[tuple[int, Fraction | int]] = []
    highest: Fraction | int = 0
    for point in truth.points:
        highest = max(highest, point.certain_m + (point.possible_m if generous else 0))
        trail.append((point.ts_ms, highest))
    return cut(life, trail)


def believing(life: Life, readings: Trail) -> list[Booked]:
    """What a ledger books that takes each climb for energy and each fall for none."""
    trail = [(readings[0][0], Fraction(0))]
    for (_, before_m), (ts_ms, after_m) in zip(readings, readings[1:], strict=False):
        trail.append((ts_ms, trail[-1][1] + max(0, after_m - before_m)))
    return cut(life, trail)


def cut(life: Life, trail: Trail) -> list[Booked]:
    """A trail at the edges of slots, in a straight line between its points and in whole numbers."""
    times = [ts_ms for ts_ms, _ in trail]

    def until(ts: int) -> int:
        at = bisect_right(times, ts * 1000)
        if at == 0:
            return 0
        before_ms, before_m = trail[at - 1]
        if at == len(trail):
            return floor(before_m)
        after_ms, after_m = trail[at]
        return floor(before_m + Fraction((after_m - before_m) * (ts * 1000 - before_ms)) / (after_ms - before_ms))

    is_long = life.end_ms - life.start_ms > 8 * 86_400_000
    slots = calendar_of(life).intervals(3600 if is_long else life.interval_s)
    inside = [(start, end) for start, end in slots if end * 1000 > times[0] and end * 1000 <= times[-1]]
    return [(start, end, until(end) - until(start)) for start, end in inside]
