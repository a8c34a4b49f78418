"""Samples that were dated by a clock nobody trusted, and what becomes of them once the right time is known."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter

from runtime.core.clock.clocktrust import ClockView
from runtime.core.quantity.quality import Quality
from runtime.core.sample.aggregation import Reading
from runtime.core.sample.sampling import Closed, SlotOf

HELD_MOST = 1500  # samples of one device: a day and more, at one a minute


class WaitingRoom:
    """Samples of one device that wait for the clock. With a trusted one they pass straight through."""

    def __init__(self) -> None:
        self._held: list[Closed] = []

    def admit(self, samples: Sequence[Closed], clock: ClockView) -> Sequence[Closed]:
        """What may be recorded now, the oldest first."""
        if clock.trusted:
            return samples
        self._held += samples
        del self._held[:-HELD_MOST]
        return self._marked() if clock.keeps else ()

    def redated(self, shift_ms: int, interval_of: SlotOf, until_ms: int) -> Sequence[Closed]:
        """What waited, put on the slots of the right time that ended by ``until_ms``; nothing waits any longer."""
        held = tuple(self._held)
        self._held.clear()
        return redate(held, shift_ms, interval_of, until_ms) if held else ()

    def _marked(self) -> Sequence[Closed]:
        doubt = int(Quality.CLOCK_UNTRUSTED)
        marked = tuple(replace(closed, quality=(doubt,) * len(closed.columns_n), doubt=doubt) for closed in self._held)
        self._held.clear()
        return marked


def redate(held: Sequence[Closed], shift_ms: int, interval_of: SlotOf, until_ms: int) -> Sequence[Closed]:
    """Readings moved by ``shift_ms`` and cut at the slots of the right time.

    Columns are those of the sample that covers most of the slot, so they count as estimated; counters lose nothing.
    """
    trails = _collect_trails(held, shift_ms)
    moved = [(closed.start_ts * 1000 + shift_ms, closed.end_ts * 1000 + shift_ms, closed) for closed in held]
    rescaled = [closed.rescaled_ms + shift_ms for closed in held if closed.rescaled_ms]
    resumed = tuple(sorted({ts_ms + shift_ms for closed in held for ts_ms in closed.resumed}))
    steady = tuple(sorted({ts_ms + shift_ms for closed in held for ts_ms in closed.steady}))
    begun_ms = next((closed.begun_ms + shift_ms for closed in held if closed.begun_ms), 0)
    made: list[Closed] = []
    start_ts, end_ts = interval_of(moved[0][0] // 1000)
    while end_ts * 1000 <= until_ms and start_ts * 1000 < moved[-1][1]:
        start_ms, end_ms = start_ts * 1000, end_ts * 1000
        nearest = _nearest(moved, start_ms, end_ms)
        quality = (int(Quality.ESTIMATED),) * len(nearest.columns_n)
        counters = {quantity: _between(trail, start_ms, end_ms) for quantity, trail in trails.items()}
        at_ms = next((ms for ms in rescaled if start_ms <= ms < end_ms), 0)
        kept = {quantity: trail for quantity, trail in counters.items() if trail}
        made.append(Closed(start_ts, end_ts, nearest.columns_n, quality, kept, at_ms, resumed=resumed, steady=steady))
        start_ts, end_ts = interval_of(end_ts)
    return (replace(made[0], begun_ms=begun_ms), *made[1:]) if made else ()


def _nearest(moved: Sequence[tuple[int, int, Closed]], start_ms: int, end_ms: int) -> Closed:
    """The sample that covers most of a slot, or the nearest where none does. Only its neighbours are looked at."""
    first = max(bisect_left(moved, start_ms, key=itemgetter(1)) - 1, 0)
    last = bisect_right(moved, end_ms, key=itemgetter(0)) + 1
    return max(moved[first:last], key=lambda each: min(end_ms, each[1]) - max(start_ms, each[0]))[2]


def _collect_trails(held: Sequence[Closed], shift_ms: int) -> dict[str, list[Reading]]:
    """All readings of each counter once, oldest first, in the right time."""
    trails: dict[str, dict[int, int]] = {}
    for closed in held:
        for quantity, trail in closed.counters.items():
            trails.setdefault(quantity, {}).update({ts_ms + shift_ms: raw_n for ts_ms, raw_n in trail})
    return {quantity: sorted(trail.items()) for quantity, trail in trails.items()}


def _ts_ms(reading: Reading) -> int:
    return reading[0]


def _between(trail: Sequence[Reading], start_ms: int, end_ms: int) -> tuple[Reading, ...]:
    """From the last reading before a slot to the first after it."""
    first = max(bisect_right(trail, start_ms, key=_ts_ms) - 1, 0)
    last = bisect_left(trail, end_ms, key=_ts_ms)
    return tuple(trail[first : last + 1])
