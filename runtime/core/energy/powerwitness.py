"""Power times time against the index: two registers of one meter that say the same, or one of them is misread.

Windows are as long as it takes until the grain of the index no longer matters. A stretch of windows that disagree is
named by its sums: what a wrong scale, a wrong ratio or a current that flows the other way would make.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

FITS, DIFFERS, TOO_LITTLE = "fits", "differs", "too_little"
SIGN, NO_INDEX, NO_POWER, SCALE, PHASES, RATIO, UNNAMED = (
    "sign", "no_index", "no_power", "scale", "phases", "ratio", "unnamed",
)  # fmt: skip
KINDS = (SIGN, NO_INDEX, NO_POWER, SCALE, PHASES, RATIO, UNNAMED)

TOLERATED = Fraction(15, 100)  # of a window: means of power are sampled, loads switch in between
GRAINS = 20  # of the index that a window has to hold
LEAST_N = 10_000  # 10 Wh
WINDOWS, STRETCH_S = 3, 3600  # that make a stretch
NEAR = Fraction(12, 100)  # of a factor that is named
LEAST_RATIO = 4  # smaller factors are no transformers'
_ALIKE = {NO_INDEX: "less", NO_POWER: "more"}  # what a coarse index makes of the same factor in a single window


@dataclass(frozen=True, slots=True)
class Interval:
    """One recording. ``power_n`` its mean in 0.1 W, ``energy_n`` by the indexes, imported less exported, 0.001 Wh."""

    start_ts: int
    end_ts: int
    power_n: int
    energy_n: int

    @property
    def by_power_n(self) -> int:
        return self.power_n * (self.end_ts - self.start_ts) // 36


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which both disagree. ``kind`` one of KINDS; ``factor`` index = power x factor, where it has a name."""

    start_ts: int
    end_ts: int
    by_power_n: int
    by_index_n: int
    kind: str = ""
    factor: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """All that was compared. ``state`` is FITS, DIFFERS or TOO_LITTLE."""

    state: str
    by_power_n: int = 0
    by_index_n: int = 0
    stretches: tuple[Stretch, ...] = ()


def compare(intervals: Sequence[Interval], grain_n: int = 1, ratio: Fraction | None = None) -> Agreement:
    """Hold power against index.

    intervals  by time, only such as have both and are not estimated
    grain_n    the step of the index
    ratio      of the current transformers, where the device names it
    """
    windows = list(_windows(intervals, max(LEAST_N, GRAINS * grain_n)))
    if not windows:
        return Agreement(TOO_LITTLE)
    stretches = tuple(_name(each, grain_n, ratio) for each in _stretches(windows, grain_n))
    by_power_n, by_index_n = (sum(each.by_power_n for each in windows), sum(each.by_index_n for each in windows))
    return Agreement(DIFFERS if stretches else FITS, by_power_n, by_index_n, stretches)


def _windows(intervals: Iterable[Interval], heavy_n: int) -> Iterator[Stretch]:
    """Neighbouring intervals put together until they weigh enough; what is left before a gap is left out."""
    open_window: Stretch | None = None
    for each in intervals:
        if open_window is None or open_window.end_ts != each.start_ts:
            open_window = Stretch(each.start_ts, each.end_ts, each.by_power_n, each.energy_n)
        else:
            open_window = _joined(open_window, Stretch(each.start_ts, each.end_ts, each.by_power_n, each.energy_n))
        if max(abs(open_window.by_power_n), abs(open_window.by_index_n)) >= heavy_n:
            yield open_window
            open_window = None


def _stretches(windows: Iterable[Stretch], grain_n: int) -> Iterator[Stretch]:
    """Windows that disagree the same way, one after the other; a short one is chance."""
    run: list[Stretch] = []
    for window in windows:
        way = _ALIKE.get(way := _way(window, grain_n), way)
        if run and way != _ALIKE.get(last := _way(run[-1], grain_n), last):
            yield from _whole(run)
            run = []
        if way:
            run.append(window)
    yield from _whole(run)


def _whole(run: list[Stretch]) -> Iterator[Stretch]:
    if len(run) >= WINDOWS or (run and run[-1].end_ts - run[0].start_ts >= STRETCH_S):
        whole = run[0]
        for window in run[1:]:
            whole = _joined(whole, window)
        yield whole


def _joined(a: Stretch, b: Stretch) -> Stretch:
    return Stretch(a.start_ts, b.end_ts, a.by_power_n + b.by_power_n, a.by_index_n + b.by_index_n)


def _way(window: Stretch, grain_n: int) -> str:
    """How power and index disagree; "" = they do not."""
    power_n, index_n = window.by_power_n, window.by_index_n
    largest_n = max(abs(power_n), abs(index_n))
    if abs(power_n - index_n) <= TOLERATED * largest_n + 2 * grain_n:
        return ""
    if abs(index_n) <= 2 * grain_n:
        return SIGN if power_n < 0 else NO_INDEX
    if abs(power_n) <= largest_n // 100_000:
        return NO_POWER
    if (power_n < 0) != (index_n < 0):
        return SIGN
    return "more" if abs(index_n) > abs(power_n) else "less"


def _name(stretch: Stretch, grain_n: int, ratio: Fraction | None) -> Stretch:
    power_n, index_n = stretch.by_power_n, stretch.by_index_n
    way = _way(stretch, grain_n)
    if way in (SIGN, NO_INDEX, NO_POWER) or not power_n:
        return _with(stretch, way or UNNAMED, None)
    factor = Fraction(index_n, power_n)
    tens = [Fraction(10) ** exp10 for k in range(1, 7) for exp10 in (k, -k)]
    for kind, known in ((SCALE, tens), (PHASES, [Fraction(3), Fraction(1, 3)]), (RATIO, _both_ways(ratio))):
        for each in known:
            if abs(factor - each) <= NEAR * each:
                return _with(stretch, kind, each)
    is_ratio = max(factor, 1 / factor) >= LEAST_RATIO
    return _with(stretch, RATIO if is_ratio else UNNAMED, factor.limit_denominator(1000))


def _both_ways(ratio: Fraction | None) -> list[Fraction]:
    return [ratio, 1 / ratio] if ratio and ratio > 0 else []


def _with(stretch: Stretch, kind: str, factor: Fraction | None) -> Stretch:
    return Stretch(stretch.start_ts, stretch.end_ts, stretch.by_power_n, stretch.by_index_n, kind, factor)
