"""What is kept of many readings until their slot closes: statistics of gauges, the telling readings of counters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from runtime.core.energy.counterlimits import limits_of

Reading = tuple[int, int]  # (UTC ms, raw index in steps)
Values = Sequence[int | str | None]

FOLLOWERS = 3  # readings kept after an odd one: so many have to agree before the ledger believes a jump
ODD_MOST = 24  # odd readings and their neighbours kept of one counter in one slot
LAG_MS = 5_000  # a meter may show its index this much late
_FOLD_AT = 8  # rows that wait until they are added up together, which is many times faster than one by one


class CounterReadings:
    """The readings of one counter that its ledger needs: last before the slot, first and last in it, odd ones."""

    __slots__ = ("_before", "_first", "_follow", "_is_net", "_kept", "_last", "_per_s_n")

    def __init__(self, quantity: str, *, is_net: bool = False) -> None:
        """``is_net``: it may fall as fast as it climbs."""
        self._per_s_n = limits_of(quantity).per_s_n
        self._is_net = is_net
        self._before: Reading | None = None
        self._first = True
        self._last: Reading | None = None
        self._kept: list[Reading] | tuple[()] = ()  # a list only where something is kept
        self._follow = 0

    def take(self, ts_ms: int, raw_n: int) -> None:
        """One more reading; those that are not newer than the last are passed over."""
        last = self._last
        reading = (ts_ms, raw_n)
        if last is None:
            self._last = reading
            self._keep(reading)
            self._first = False
            return
        since_ms = ts_ms - last[0]
        if since_ms <= 0:
            return
        climb_n = abs(raw_n - last[1]) if self._is_net else raw_n - last[1]
        if not 0 <= climb_n <= self._per_s_n * (since_ms + LAG_MS) // 1000:
            self._keep(last)
            self._keep(reading)
            self._follow = FOLLOWERS
        elif self._first or self._follow:
            self._keep(reading)
            self._follow = max(0, self._follow - 1)
        self._first = False
        self._last = reading

    def cut(self) -> list[Reading]:
        """The slot ends: its readings, oldest first. Empty when there was none in it."""
        read = not self._first
        kept, self._kept, self._first = self._kept, (), True
        if not read or self._last is None:
            return []
        trail = [self._before] if self._before is not None else []
        for reading in (*kept, self._last):
            if not trail or trail[-1][0] < reading[0]:
                trail.append(reading)
        self._before = self._last
        return trail

    def _keep(self, reading: Reading) -> None:
        if not self._kept:
            self._kept = [reading]
        elif len(self._kept) < ODD_MOST and self._kept[-1][0] < reading[0]:
            self._kept.append(reading)


class Gauges:
    """Mean, least, greatest and last of some slots of a device's values over one sample slot."""

    __slots__ = ("_count", "_greatest", "_last", "_least", "_pick", "_rows", "_total", "slots")

    def __init__(self, slots: Iterable[int]) -> None:
        self.slots = tuple(slots)
        self._pick: Callable[[Any], tuple[Any, ...]] = _picker(self.slots)
        self._rows: list[tuple[int | None, ...]] = []
        self._reset()

    def take(self, values: Values) -> None:
        self._rows.append(self._pick(values))
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
        width = len(self.slots)
        self._count = [0] * width
        self._total = [0] * width
        self._least = [0] * width
        self._greatest = [0] * width
        self._last = [0] * width

    def _fold(self) -> None:
        for i, column in enumerate(zip(*self._rows, strict=True)):
            known = column if None not in column else tuple(n for n in column if n is not None)
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
