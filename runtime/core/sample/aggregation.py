"""What is kept of many readings until their slot closes: statistics of gauges, the telling readings of counters."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from runtime.core.energy.candidate import AGREED_MS
from runtime.core.energy.counterlimits import HOUR_MS, LAG_MS, UNKNOWN, CounterFacts, limits_of

Reading = tuple[int, int]  # (UTC ms, raw index in steps)
Values = Sequence[int | str | None]

FOLLOWERS = 3  # readings kept after an odd one: so many have to agree before the ledger believes a jump …
FOLLOWED_MS = 40_000  # … over half a minute: of quicker polls some are kept for so long,
SPARSE_MS = 7_000  # which lie so far apart
ODD_MOST = 400  # odd readings and their neighbours kept of one counter in one slot
PAUSE_MS = 60_000  # a longer silence is an outage where so many polls are left out by it
PAUSE_POLLS = 3
_FOLD_AT = 8  # rows that wait until they are added up together, which is many times faster than one by one
MISSING = -(2**63)  # a value that was not read, among counts of 64 bits


class Trail(NamedTuple):
    """What is kept of one counter's slot.

    readings  time and index in turn, oldest first
    resumed   times of those before which the line was silent
    steady    times of those before which others were left out that climbed alike
    """

    readings: array[int]
    resumed: tuple[int, ...]
    steady: tuple[int, ...]


class CounterReadings:
    """The readings of one counter that its ledger needs: last before the slot, first and last in it, odd ones.

    A reading is odd after a silence, and where the counter does not climb about as fast as a moment before.
    """

    __slots__ = (
        "_facts", "_first", "_follow", "_followed_ms", "_hourly_n", "_kept", "_last_ms", "_last_n", "_left_out",
        "_resumed", "_span_ms", "_steady", "_usual_n",
    )  # fmt: skip

    def __init__(self, quantity: str, facts: CounterFacts = UNKNOWN) -> None:
        self._usual_n = self._hourly_n = limits_of(quantity).usual_n
        self._facts = facts
        self._first = True
        self._last_ms: int | None = None
        self._last_n = 0
        self._kept: array[int] = array("q")  # time and index in turn; the first is that before the slot
        self._left_out = False
        self._resumed: tuple[int, ...] = ()
        self._steady: tuple[int, ...] = ()
        self._follow = 0
        self._followed_ms = 0  # until when some readings are kept
        self._span_ms = 0  # between the last two readings

    def take(self, ts_ms: int, raw_n: int) -> None:
        """One more reading; those that are not newer than the last are passed over."""
        last_ms = self._last_ms
        if last_ms is None:
            self._resume(ts_ms)
            self._keep(ts_ms, raw_n)
        else:
            span_ms, climb_n = ts_ms - last_ms, raw_n - self._last_n
            if span_ms <= 0:
                return
            paused = span_ms > PAUSE_MS and span_ms > PAUSE_POLLS * (self._span_ms or PAUSE_MS)
            if paused:
                self._resume(ts_ms)
            moved_n = abs(climb_n) if self._facts.net else climb_n
            if paused or not 0 <= moved_n <= self._most_n(span_ms, raw_n):
                self._keep(last_ms, self._last_n)
                self._keep(ts_ms, raw_n)
                self._follow, self._followed_ms = FOLLOWERS, ts_ms + FOLLOWED_MS
            elif self._first or self._follow or self._is_followed(ts_ms):
                self._keep(ts_ms, raw_n)
                self._follow = max(0, self._follow - 1)
            else:
                self._left_out = True
            self._span_ms = span_ms
            self._hourly_n = max(self._usual_n, 2 * moved_n * HOUR_MS // span_ms)
        self._first = False
        self._last_ms, self._last_n = ts_ms, raw_n

    def shift(self, by_ms: int) -> None:
        """The clock was put right by so much: what was read has another time now."""
        if self._last_ms is not None:
            self._last_ms += by_ms
        kept = self._kept
        for at in range(0, len(kept), 2):
            kept[at] += by_ms
        self._followed_ms += by_ms
        self._resumed = tuple(ts_ms + by_ms for ts_ms in self._resumed)
        self._steady = tuple(ts_ms + by_ms for ts_ms in self._steady)

    def has_resumed_at(self, ts_ms: int) -> bool:
        """Whether this was the first reading after a silence."""
        return bool(self._resumed) and self._resumed[-1] == ts_ms

    def cut(self) -> Trail:
        """The slot ends. Empty when there was no reading in it."""
        if self._first or self._last_ms is None:
            return Trail(array("q"), (), ())
        self._keep(self._last_ms, self._last_n)
        kept, resumed, steady = self._kept, self._resumed, self._steady
        self._kept, self._resumed, self._steady = array("q", (self._last_ms, self._last_n)), (), ()
        self._first, self._left_out = True, False
        return Trail(kept, resumed, steady)

    def _most_n(self, span_ms: int, raw_n: int) -> int:
        return self._hourly_n * (span_ms + LAG_MS) // HOUR_MS + self._facts.grain_at(raw_n)

    def _is_followed(self, ts_ms: int) -> bool:
        """Of quick polls: long enough, and until those that are kept span what readings have to agree over."""
        kept_ms, until_ms = self._kept[-2], self._followed_ms
        spans_less = kept_ms < until_ms - FOLLOWED_MS + AGREED_MS
        return ts_ms - kept_ms >= SPARSE_MS and (ts_ms < until_ms or spans_less)

    def _resume(self, ts_ms: int) -> None:
        self._resumed = (*self._resumed, ts_ms)
        self._follow, self._followed_ms = FOLLOWERS, ts_ms + FOLLOWED_MS

    def _keep(self, ts_ms: int, raw_n: int) -> None:
        kept = self._kept
        if not kept or kept[-2] < ts_ms:
            if len(kept) >= 2 * ODD_MOST:  # all is odd: rather fewer of each moment than none of the last
                _thin(kept)
            kept.append(ts_ms)
            kept.append(raw_n)
            if self._left_out:
                self._steady = (*self._steady, ts_ms)
        self._left_out = False


def readings_of(trail: array[int]) -> tuple[Reading, ...]:
    """Of time and index in turn."""
    return tuple(zip(trail[::2], trail[1::2], strict=True))


def _thin(kept: array[int]) -> None:
    """Leave out every other reading of the older half."""
    for at in range(2 * (ODD_MOST // 2 - 1), 0, -4):
        del kept[at : at + 2]


class Gauges:
    """Mean, least, greatest and last of some slots of a device's values over one sample slot."""

    __slots__ = ("_count", "_greatest", "_last", "_least", "_pick", "_rows", "_total", "slots")

    def __init__(self, slots: Iterable[int]) -> None:
        self.slots = tuple(slots)
        self._pick: Callable[[Any], tuple[Any, ...]] = _picker(self.slots)
        self._rows: list[array[int]] = []
        self._reset()

    def take(self, values: Values) -> None:
        picked = self._pick(values)
        try:
            row = array("q", picked)
        except TypeError:
            row = array("q", [MISSING if n is None else n for n in picked])
        self._rows.append(row)
        if len(self._rows) >= _FOLD_AT:
            self._fold()

    def cut(self) -> dict[tuple[int, str], int]:
        """The slot ends: (slot, statistic) -> count, for what had at least one value."""
        self._fold()
        found: dict[tuple[int, str], int] = {}
        for i, slot in enumerate(self.slots):
            if count := self._count[i]:
                found[slot, "mean"] = (2 * self._total[i] + count) // (2 * count)
                found[slot, "min"] = self._least[i]
                found[slot, "max"] = self._greatest[i]
                found[slot, "last"] = self._last[i]
        self._reset()
        return found

    def _reset(self) -> None:
        nothing = array("q", bytes(8 * len(self.slots)))
        self._total = [0] * len(self.slots)  # of many, which may be more than 64 bits
        self._count, self._least, self._greatest, self._last = (nothing[:] for _ in range(4))

    def _fold(self) -> None:
        for i, column in enumerate(zip(*self._rows, strict=True)):
            known = column if MISSING not in column else tuple(n for n in column if n != MISSING)
            if not known:
                continue
            least, greatest = min(known), max(known)
            if self._count[i]:
                least, greatest = min(least, self._least[i]), max(greatest, self._greatest[i])
            self._least[i], self._greatest[i], self._last[i] = least, greatest, known[-1]
            self._total[i] += sum(known)
            self._count[i] += len(known)
        self._rows.clear()


def _picker(slots: tuple[int, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(slots) == 1:
        (slot,) = slots
        return lambda values: (values[slot],)
    return itemgetter(*slots) if slots else lambda values: ()
