"""A curve: what was recorded of a quantity in so many points at most, each with mean, lowest, highest of its time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

MOST_POINTS = 2000
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
STEPS_S = (
    _MINUTE, 2 * _MINUTE, 5 * _MINUTE, 10 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE, _HOUR, 2 * _HOUR, 3 * _HOUR, 4 * _HOUR,
    6 * _HOUR, 12 * _HOUR, _DAY, 2 * _DAY, 4 * _DAY, 7 * _DAY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stretch:
    """Recordings that follow each other: the first from ``start_ts``, each ``step_s`` after the one before.

    interval_s  for how long each of them holds
    mean_n      one count each, None = nothing known; so least_n and most_n, the same where only means are kept
    scales      (first, scale) of each of the three: all is known, and counts are first + scale * what stands there;
                () = what stands there are the counts
    """

    start_ts: int
    step_s: int
    interval_s: int
    mean_n: Sequence[int | None]
    least_n: Sequence[int | None]
    most_n: Sequence[int | None]
    quality: Sequence[int]
    scales: tuple[tuple[int, int], ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether all is known."""
        return bool(self.scales) or not (None in self.mean_n or None in self.least_n or None in self.most_n)


@dataclass(slots=True)
class Curve:
    """Points by time; each holds for ``step_s`` from ``start_ts``. ``gaps``: (from, to) of which nothing is known."""

    step_s: int
    start_ts: list[int] = field(default_factory=list)
    mean_n: list[int | None] = field(default_factory=list)
    least_n: list[int | None] = field(default_factory=list)
    most_n: list[int | None] = field(default_factory=list)
    quality: list[int] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Point:
    sum_n: int
    count: int
    least_n: int
    most_n: int
    quality: int = 0


def step_of(from_ts: int, to_ts: int, most: int = MOST_POINTS) -> int:
    """The shortest usual step that [from_ts, to_ts) needs no more than ``most`` of, whatever it begins with."""
    usual = next((step_s for step_s in STEPS_S if (to_ts - from_ts) // step_s + 2 <= most), 0)
    return usual or -(-(to_ts - from_ts) // (most - 2) // _DAY) * _DAY


def curve_of(stretches: Iterable[Stretch], from_ts: int, to_ts: int, step_s: int) -> Curve:
    """``stretches`` by time. Points begin at multiples of ``step_s``; between two that lie apart is an empty one."""
    points: dict[int, _Point] = {}
    curve = Curve(step_s)
    known_until = 0
    longest_s = step_s
    for stretch in stretches:
        longest_s = max(longest_s, stretch.interval_s)
        known_until = _note_gaps(stretch, known_until, curve.gaps)
        _take_in(stretch, from_ts, to_ts, step_s, points)
    _write(points, curve, longest_s)
    return curve


def _note_gaps(stretch: Stretch, known_until: int, gaps: list[tuple[int, int]]) -> int:
    """Until when something is known after ``stretch``; what lies open within it and before it goes to ``gaps``."""
    until = known_until
    is_known = bool(stretch.scales) or None not in stretch.mean_n
    if is_known and len(stretch.mean_n) and stretch.step_s == stretch.interval_s:  # far the usual
        if until and stretch.start_ts > until:
            gaps.append((until, stretch.start_ts))
        return stretch.start_ts + len(stretch.mean_n) * stretch.step_s
    for at, value_n in enumerate(stretch.mean_n):
        if value_n is None:
            continue
        start_ts = stretch.start_ts + at * stretch.step_s
        if until and start_ts > until:
            gaps.append((until, start_ts))
        until = start_ts + stretch.interval_s
    return until


def _take_in(stretch: Stretch, from_ts: int, to_ts: int, step_s: int, points: dict[int, _Point]) -> None:
    is_whole, is_doubted = stretch.is_whole, stretch.quality.count(0) != len(stretch.quality)
    low = max(0, -(-(from_ts - stretch.start_ts) // stretch.step_s))
    high = min(len(stretch.mean_n), -(-(to_ts - stretch.start_ts) // stretch.step_s))
    each = step_s // stretch.step_s
    while low < high:
        ts = stretch.start_ts + low * stretch.step_s
        start_ts = ts - ts % step_s
        if is_whole and not is_doubted and ts == start_ts and each * stretch.step_s == step_s and high - low >= each:
            end = high - (high - low) % each
            _take_full(stretch, slice(low, end), each, step_s, points)
        else:
            end = min(high, -(-(start_ts + step_s - stretch.start_ts) // stretch.step_s))
            point = (_whole_point if is_whole else _known_point)(stretch, slice(low, end))
            if point is not None:
                point.quality = max(stretch.quality[low:end]) if is_doubted else 0
                _merge(points, start_ts, point)
        low = end


def _take_full(stretch: Stretch, part: slice, each: int, step_s: int, points: dict[int, _Point]) -> None:
    """Points that are full, ``each`` recordings one, of a stretch of which all is known and good: far the most."""
    (mean0, mean), (least0, least), (most0, most) = stretch.scales or ((0, 1),) * 3
    sums = map(sum, zip(*[iter(stretch.mean_n[part])] * each, strict=True))
    lows = map(min, zip(*[iter(stretch.least_n[part])] * each, strict=True))
    tops = map(max, zip(*[iter(stretch.most_n[part])] * each, strict=True))
    start_ts = stretch.start_ts + part.start * stretch.step_s
    for sum_n, low_n, top_n in zip(sums, lows, tops, strict=True):
        point = _Point(mean0 * each + mean * sum_n, each, least0 + least * low_n, most0 + most * top_n)
        _merge(points, start_ts, point)
        start_ts += step_s


def _whole_point(stretch: Stretch, part: slice) -> _Point:
    (mean0, mean), (least0, least), (most0, most) = stretch.scales or ((0, 1),) * 3
    means, count = stretch.mean_n[part], part.stop - part.start
    sum_n = mean0 * count + mean * sum(means)  # type: ignore[arg-type]
    least_n, most_n = min(stretch.least_n[part]), max(stretch.most_n[part])  # type: ignore[type-var]
    return _Point(sum_n, count, least0 + least * least_n, most0 + most * most_n)  # type: ignore[operator]


def _known_point(stretch: Stretch, part: slice) -> _Point | None:
    means = [n for n in stretch.mean_n[part] if n is not None]
    if not means:
        return None
    least_n = min((n for n in stretch.least_n[part] if n is not None), default=min(means))
    most_n = max((n for n in stretch.most_n[part] if n is not None), default=max(means))
    return _Point(sum(means), len(means), least_n, most_n)


def _merge(points: dict[int, _Point], start_ts: int, new: _Point) -> None:
    point = points.setdefault(start_ts, new)
    if point is new:
        return
    point.sum_n += new.sum_n
    point.count += new.count
    point.least_n = min(point.least_n, new.least_n)
    point.most_n = max(point.most_n, new.most_n)
    point.quality = max(point.quality, new.quality)


def _write(points: dict[int, _Point], curve: Curve, longest_s: int) -> None:
    before_ts = 0
    for start_ts in sorted(points):
        if before_ts and start_ts - before_ts > longest_s * 3 // 2:
            _append(curve, before_ts + longest_s, None)
        _append(curve, start_ts, points[start_ts])
        before_ts = start_ts


def _append(curve: Curve, start_ts: int, point: _Point | None) -> None:
    curve.start_ts.append(start_ts)
    curve.mean_n.append(None if point is None else round(point.sum_n / point.count))
    curve.least_n.append(None if point is None else point.least_n)
    curve.most_n.append(None if point is None else point.most_n)
    curve.quality.append(0 if point is None else point.quality)
