"""What lies beside the measured energy in the bins, in cells of the same form: overlays, tariffs, totals.

The quantity of a cell's key is a lane: below 0x4000 the measured energy of that quantity; 0x4000 + quantity what
corrections add to it; 0x8000 + version the energy under that price version as it was booked; 0xC000 + version what a
recomputation moved there (or away, below 0). So hours add up to days, months and years in each lane, and both bills,
as booked and as recomputed, can be shown at any time.

Totals never fall: one cell for each quantity and kind of owner under a period of its own, the slot is the owner's id.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

import lmdb

from runtime.core.accounting.accounting import BILLED, Accounting
from runtime.core.energy.bins import SLOTS, Address, Cell, Period, address
from runtime.core.tariff.rules import Share, Tariffs, divide
from runtime.store.energy.bins import KEY, Tally, get_cell
from runtime.store.env import Store

CORRECTED, BOOKED, MOVED = 0x4000, 0x8000, 0xC000
VERSION_MASK = 0x3FFF
TOTALS = 4  # in place of a period
OWNERS = {"all": 0, "load": 1, "group": 2}  # in place of an ordinal


class Accounts:
    """Books energy under tariffs and owners, beside the bins, within one write transaction."""

    def __init__(self, tally: Tally, accounting: Accounting) -> None:
        self._tally = tally
        self._accounting = accounting

    def book(self, at: Address, number: int, device: int, start_ts: int, end_ts: int, energy_n: int) -> None:
        """The energy of one slot."""
        if number not in BILLED:
            return
        self._own(number, device, start_ts, energy_n)
        if (tariffs := self._accounting.tariffs.get(number)) is not None:
            self.divide(at, device, energy_n, tariffs.split(start_ts, end_ts))

    def divide(self, at: Address, device: int, energy_n: int, shares: tuple[Share, ...]) -> None:
        for version, part_n in divide(energy_n, shares) if len(shares) > 1 else ((shares[0].version, energy_n),):
            if version:
                self._tally.add(at, BOOKED | version, device, part_n, 0)

    def book_run(self, number: int, device: int, start_ts: int, edges: tuple[int, ...], energies: list[int]) -> None:
        """The energies of slots that follow each other: one addition a bin instead of one a slot."""
        if number not in BILLED:
            return
        starts = (start_ts, *edges[:-1])
        if self._accounting.owners.cut_after(start_ts) >= edges[-1]:
            self._own(number, device, start_ts, sum(energies))
        else:
            for ts, energy_n in zip(starts, energies, strict=True):
                self._own(number, device, ts, energy_n)
        tariffs = self._accounting.tariffs.get(number)
        if tariffs is None:
            return
        runs, divided = _runs(tariffs, starts, edges, self._accounting.zone)
        chunk, slot = divmod(device, SLOTS)
        for period, ordinal, version, low, high in runs:
            self._tally.cell(period, ordinal, BOOKED | version, chunk).add(slot, sum(energies[low:high]))
        for index, at, shares in divided:
            self.divide(at, device, energies[index], shares)

    def _own(self, number: int, device: int, ts: int, energy_n: int) -> None:
        row = self._accounting.owners.at(device, ts)
        if row is None or row.excluded or row.gone:
            return
        self._add(number, "all", 0, energy_n)
        self._add(number, "load", row.load, energy_n)
        for group in row.groups:
            self._add(number, "group", group, energy_n)

    def _add(self, number: int, kind: str, id: int, energy_n: int) -> None:
        chunk, slot = divmod(id, SLOTS)
        self._tally.cell(TOTALS, OWNERS[kind], number, chunk).add(slot, energy_n)


def total_n(store: Store, txn: lmdb.Transaction, number: int, kind: str, id: int = 0) -> int:
    """The never-falling energy of "all", of a "load" (0 = others) or of a "group" since it was first booked."""
    chunk, slot = divmod(id, SLOTS)
    cell = get_cell(store, txn, TOTALS, OWNERS[kind], number, chunk)
    return 0 if cell is None else cell.values_n[slot]


def tariff_cells(
    store: Store, txn: lmdb.Transaction, period: int, ordinal: int, *, moved: bool = True
) -> Iterator[tuple[int, int, bool, Cell]]:
    """(version, chunk, whether it was moved there, cell) of one bin. ``moved`` = recomputations too."""
    if not 0 <= ordinal <= 0xFFFF_FFFF:
        return
    end = KEY.pack(period, ordinal, 0xFFFF if moved else MOVED - 1, 0xFF)
    found = []
    with txn.cursor(db=store.tree("bins")) as cursor:
        more = cursor.set_range(KEY.pack(period, ordinal, BOOKED, 0))
        while more and (key := bytes(cursor.key())) <= end:
            found.append(key)
            more = cursor.next()
    for key in found:
        _, _, lane, chunk = KEY.unpack(key)
        if (cell := get_cell(store, txn, period, ordinal, lane, chunk)) is not None:
            yield lane & VERSION_MASK, chunk, lane >= MOVED, cell


Run = tuple[int, int, int, int, int]  # period, ordinal, version, first slot, slot after the last
Divided = tuple[int, Address, tuple[Share, ...]]


@lru_cache(maxsize=64)
def _runs(
    tariffs: Tariffs, starts: tuple[int, ...], edges: tuple[int, ...], zone: ZoneInfo
) -> tuple[tuple[Run, ...], tuple[Divided, ...]]:
    """Slots of one version by bin, and slots that divide."""
    at = [address(ts, zone) for ts in starts]
    shares = [tariffs.split(start, end) for start, end in zip(starts, edges, strict=True)]
    versions = [one[0].version if len(one) == 1 else 0 for one in shares]
    runs = []
    for period in Period:
        ordinals = [getattr(moment, period.name.lower()) for moment in at]
        low = 0
        for (ordinal, version), run in groupby(zip(ordinals, versions, strict=True)):
            high = low + len(list(run))
            if version:
                runs.append((int(period), ordinal, version, low, high))
            low = high
    return tuple(runs), tuple((i, at[i], one) for i, one in enumerate(shares) if len(one) > 1)
