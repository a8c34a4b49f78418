"""Bills of what was booked: energy under each tariff and its cost, as booked and as recomputed, with corrections.

Energy of a slot is the same in each of its seconds, so is that of a correction over the time that it was given for,
whatever else lies in the same hour. Costs are exact fractions. (docs/tariffs.md, docs/history.md)
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from fractions import Fraction

from tests.oracle.sitecalendar import SiteCalendar
from tests.oracle.tariffs import Tariffs

THOUSANDTHS = 1_000_000  # of a Wh or dm3 in what a price is for
MINUTE_S = 60
Shares = Counter[tuple[str | None, Fraction | None]]  # seconds under (tariff, price)


@dataclass(frozen=True, slots=True)
class Entry:
    """Energy of [start_ts, end_ts), spread evenly; ``booked`` and ``newest`` are the tariffs it is paid by.

    number  of a correction, 0 = it was measured
    """

    start_ts: int
    end_ts: int
    energy_m: int
    booked: Tariffs
    newest: Tariffs
    number: int = 0


@dataclass(slots=True)
class Bill:
    """What some energy costs.

    energies_m  by tariff, of all that a rule covers
    costs       by tariff, of all that has a price
    unpriced_m  energy without a price
    pieces      how many parts of slots it was put together from: whole numbers may be off by one in each
    corrected   how many corrections have a part: each may be off by one, being cut at hours in whole numbers
    dearest     highest price that plays a part
    """

    energy_m: Fraction = Fraction(0)
    energies_m: dict[str, Fraction] = field(default_factory=dict)
    costs: dict[str, Fraction] = field(default_factory=dict)
    unpriced_m: Fraction = Fraction(0)
    pieces: int = 0
    corrected: int = 0
    dearest: Fraction = Fraction(0)

    @property
    def cost(self) -> Fraction | None:
        """None where nothing has a price."""
        return sum(self.costs.values(), Fraction(0)) if self.costs else None

    @property
    def slack(self) -> Fraction:
        """How far a cost may be off that was computed from whole thousandths."""
        return self.pieces * self.dearest / THOUSANDTHS

    def agrees(self, cost: Fraction | None) -> bool:
        if cost is None or self.cost is None:
            return cost == self.cost
        return abs(cost - self.cost) <= self.slack

    def add(self, energy_m: Fraction, tariff: str | None, price: Fraction | None) -> None:
        self.energy_m += energy_m
        self.pieces += 1
        if tariff is not None:
            self.energies_m[tariff] = self.energies_m.get(tariff, Fraction(0)) + energy_m
        if tariff is None or price is None:
            self.unpriced_m += energy_m
            return
        self.costs[tariff] = self.costs.get(tariff, Fraction(0)) + energy_m * price / THOUSANDTHS
        self.dearest = max(self.dearest, abs(price))


class Account:
    """The books of one counter."""

    def __init__(self, calendar: SiteCalendar, tariffs: Tariffs) -> None:
        self._calendar, self._tariffs = calendar, tariffs
        self.entries: list[Entry] = []
        self._corrections = 0
        self._kept: dict[tuple[int, int, int], Shares] = {}

    def set_tariffs(self, tariffs: Tariffs) -> None:
        """What is booked from now on is paid by these."""
        self._tariffs = tariffs

    def book(self, start_ts: int, end_ts: int, energy_m: int) -> None:
        self.entries.append(Entry(start_ts, end_ts, energy_m, self._tariffs, self._tariffs))

    def correct(self, start_ts: int, end_ts: int, energy_m: int) -> Entry:
        self._corrections += 1
        self.entries.append(Entry(start_ts, end_ts, energy_m, self._tariffs, self._tariffs, self._corrections))
        return self.entries[-1]

    def take_back(self, correction: Entry) -> None:
        self.entries = [entry for entry in self.entries if entry.number != correction.number]

    def recompute(self, start_ts: int, end_ts: int) -> None:
        """All that begins in there is paid by the tariffs of now, beside what was booked."""
        self.entries = [
            replace(entry, newest=self._tariffs) if start_ts <= entry.start_ts < end_ts else entry
            for entry in self.entries
        ]

    def least_m(self, start_ts: int, end_ts: int, energy_m: int) -> Fraction:
        """What would be left in the poorest piece of time if a correction were spread over it; below zero: refuse."""
        edges = {start_ts, end_ts}
        for entry in self._within(start_ts, end_ts):
            edges |= {max(start_ts, entry.start_ts), min(end_ts, entry.end_ts)}
        pieces = sorted(edges)
        return min(
            self.energy_m(a, b) + Fraction(energy_m * (b - a), end_ts - start_ts)
            for a, b in zip(pieces, pieces[1:], strict=False)
        )

    def energy_m(self, start_ts: int, end_ts: int) -> Fraction:
        """All that lies in a stretch."""
        return sum((_share_m(entry, start_ts, end_ts) for entry in self._within(start_ts, end_ts)), Fraction(0))

    def bill(self, start_ts: int, end_ts: int, *, basis: str = "recomputed") -> Bill:
        """The bill of a stretch; ``basis`` "billed" = by the tariffs of when each entry was booked."""
        bill = Bill()
        for entry in self._within(start_ts, end_ts):
            bill.corrected += entry.number > 0
            tariffs = entry.booked if basis == "billed" else entry.newest
            for low, high in self._calendar.hourly(max(start_ts, entry.start_ts), min(end_ts, entry.end_ts)):
                for (tariff, price), share_s in self._shares(tariffs, low, high).items():
                    bill.add(Fraction(entry.energy_m * share_s, entry.end_ts - entry.start_ts), tariff, price)
        return bill

    def _within(self, start_ts: int, end_ts: int) -> list[Entry]:
        return [entry for entry in self.entries if entry.start_ts < end_ts and start_ts < entry.end_ts]

    def _shares(self, tariffs: Tariffs, start_ts: int, end_ts: int) -> Shares:
        """Seconds under each tariff and price, minute by minute of the wall clock."""
        key = id(tariffs), start_ts, end_ts
        if key not in self._kept:
            self._kept[key] = self._counted(tariffs, start_ts, end_ts)
        return self._kept[key]

    def _counted(self, tariffs: Tariffs, start_ts: int, end_ts: int) -> Shares:
        seconds: Shares = Counter()
        ts = start_ts
        while ts < end_ts:
            wall = self._calendar.wall(ts)
            until = min(end_ts, ts + MINUTE_S - wall.second)
            seconds[tariffs.at(wall) or (None, None)] += until - ts
            ts = until
        return seconds


def _share_m(entry: Entry, start_ts: int, end_ts: int) -> Fraction:
    inside_s = min(end_ts, entry.end_ts) - max(start_ts, entry.start_ts)
    return Fraction(entry.energy_m * inside_s, entry.end_ts - entry.start_ts)
