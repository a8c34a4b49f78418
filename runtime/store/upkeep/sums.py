"""Do the bins add up: hours to days, days to months, months to years; to the ledgers; to the rows they came from?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from zoneinfo import ZoneInfo

import lmdb

from runtime.core.clock import timegrid
from runtime.core.energy.bins import SLOTS, Cell, Period, start_of
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.store.energy.accounts import CORRECTED
from runtime.store.energy.bins import KEY, get_cell
from runtime.store.energy.counters import all_ledgers
from runtime.store.env import Store
from runtime.store.row import Column
from runtime.store.sample.blocks import SPAN_S, Blocks, block_start
from runtime.store.sample.rows import KEY as ROW_KEY
from runtime.store.sample.rows import Rows

MOST_TOLD = 20  # of a kind; a bug would tell thousands of the same
_NAMES = {quantity.number: quantity.id for quantity in QUANTITIES.values()}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Two figures that must be equal and are not."""

    what: str
    device: int
    quantity: str
    start_ts: int
    found_n: int
    expected_n: int

    def __str__(self) -> str:
        where = f"device {self.device}, {self.quantity}, from {self.start_ts}"
        return f"{self.what} ({where}): {self.found_n} instead of {self.expected_n}"


@dataclass(slots=True)
class Tally:
    """How much was compared, and how much cannot be since there are no rows."""

    compared: int = 0
    not_checkable: int = 0
    mismatches: list[Mismatch] = field(default_factory=list)

    def compare(self, what: str, device: int, number: int, start_ts: int, found_n: int, expected_n: int) -> None:
        self.compared += 1
        if found_n != expected_n and len(self.mismatches) < MOST_TOLD:
            quantity = _NAMES.get(number, str(number))
            self.mismatches.append(Mismatch(what, device, quantity, start_ts, found_n, expected_n))


def check_lengths(store: Store, txn: lmdb.Transaction, zone: ZoneInfo) -> Tally:
    """Each day against its hours, each month against its days, each year against its months."""
    tally, parts = Tally(), 0
    for length in (Period.DAY, Period.MONTH, Period.YEAR):
        for ordinal, number, chunk in cells_of(store, txn, length):
            cell = get_cell(store, txn, length, ordinal, number, chunk)
            if cell is None:
                continue
            sums = [0] * SLOTS
            for part in _parts(length, ordinal, zone):
                found = get_cell(store, txn, length - 1, part, number, chunk)
                if found is not None:
                    parts += 1
                    sums = [a + b for a, b in zip(sums, found.values_n, strict=True)]
            if sums != cell.values_n.tolist():
                _report(tally, length, start_of(length, ordinal, zone), number, chunk, cell, sums)
            tally.compared += 1
    whole = sum(1 for length in (Period.HOUR, Period.DAY, Period.MONTH) for _ in cells_of(store, txn, length))
    if parts != whole:
        tally.compare("bins that belong to no longer one", 0, 0, 0, whole, parts)
    return tally


def check_ledgers(store: Store, txn: lmdb.Transaction, zone: ZoneInfo) -> Tally:
    """The years of each counter against its ledger."""
    tally, sums = Tally(), defaultdict[tuple[int, int], int](int)
    for ordinal, number, chunk in cells_of(store, txn, Period.YEAR):
        cell = get_cell(store, txn, Period.YEAR, ordinal, number, chunk)
        for slot, value_n in enumerate(cell.values_n if cell else ()):
            sums[chunk * SLOTS + slot, number] += value_n
    for device, ledgers in all_ledgers(store, txn):
        for number, state in ledgers.items():
            found_n = sums.pop((device, number), 0)
            tally.compare("all years against the ledger", device, number, 0, found_n, state.edge_total_n)
    return tally


def check_rows(store: Store, txn: lmdb.Transaction, zone: ZoneInfo, from_ts: int = 0) -> Tally:
    """Each hour that its rows cover wholly against their sum."""
    tally, rows = Tally(), Rows(store)
    hour = lru_cache(maxsize=8192)(lambda ts: timegrid.hour_start(ts, zone))
    for start_ts in _spans(store, txn, from_ts):
        sums = defaultdict[tuple[int, int, int], list[int]](lambda: [0, 0])
        for device in _devices(store, txn):  # one at a time, since a block is unpacked as a whole
            for row in rows.scan_device(txn, device, start_ts, start_ts + SPAN_S, _is_energy):
                at = hour(row.start_ts)
                for (quantity, _), value_n in zip(row.columns, row.values_n, strict=True):
                    if value_n is not None and quantity in QUANTITIES:
                        part = sums[at, QUANTITIES[quantity].number, device]
                        part[0] += value_n
                        part[1] += row.interval_s
        _compare_hours(store, txn, zone, (start_ts, start_ts + SPAN_S), sums, tally)
    return tally


def _compare_hours(
    store: Store,
    txn: lmdb.Transaction,
    zone: ZoneInfo,
    span: tuple[int, int],
    sums: dict[tuple[int, int, int], list[int]],
    tally: Tally,
) -> None:
    for ordinal, number, chunk in cells_of(store, txn, Period.HOUR, *span):
        if number >= CORRECTED:  # overlays and tariffs: what they are made of is not in the rows
            continue
        cell = get_cell(store, txn, Period.HOUR, ordinal, number, chunk)
        if cell is None:
            continue
        length_s = timegrid.next_hour(ordinal, zone) - ordinal
        for slot in range(cell.used):
            if cell.known >> slot & 1:
                energy_n, covered_s = sums.pop((ordinal, number, chunk * SLOTS + slot), (0, 0))
                if covered_s == length_s:
                    device = chunk * SLOTS + slot
                    tally.compare("hour against its rows", device, number, ordinal, cell.values_n[slot], energy_n)
                else:
                    tally.not_checkable += 1
    for (ordinal, number, device), (energy_n, _) in sums.items():
        if energy_n and span[0] <= ordinal:
            tally.compare("hour against its rows", device, number, ordinal, 0, energy_n)


def cells_of(
    store: Store, txn: lmdb.Transaction, length: int, low: int = 0, high: int = 0xFFFF_FFFF
) -> Iterator[tuple[int, int, int]]:
    """(ordinal, quantity, chunk) of the cells of one length with ordinals in [low, high)."""
    with txn.cursor(db=store.tree("bins")) as cursor:
        more = cursor.set_range(KEY.pack(length, low, 0, 0))
        while more and len(cursor.key()) == KEY.size:
            found, ordinal, number, chunk = KEY.unpack(cursor.key())
            if found != length or ordinal >= high:
                return
            yield ordinal, number, chunk
            more = cursor.next()


def _parts(length: Period, ordinal: int, zone: ZoneInfo) -> Iterator[int]:
    """Ordinals of the bins that a bin is the sum of."""
    if length is Period.DAY:
        day = timegrid.hours(timegrid.day_start(ordinal, zone), timegrid.day_start(ordinal + 1, zone), zone)
        yield from (start_ts for start_ts, _ in day)
    elif length is Period.MONTH:
        yield from range(timegrid.first_day(ordinal), timegrid.first_day(ordinal + 1))
    else:
        yield from range(ordinal * 12, ordinal * 12 + 12)


def _report(tally: Tally, length: Period, start_ts: int, number: int, chunk: int, cell: Cell, sums: list[int]) -> None:
    names = {Period.DAY: "day against its hours", Period.MONTH: "month against its days"}
    for slot, (found_n, expected_n) in enumerate(zip(cell.values_n, sums, strict=True)):
        if found_n != expected_n:
            what = names.get(length, "year against its months")
            tally.compare(what, chunk * SLOTS + slot, number, start_ts, found_n, expected_n)


def _spans(store: Store, txn: lmdb.Transaction, from_ts: int) -> Iterator[int]:
    """Starts of the four weeks that have hours, oldest first."""
    starts = {block_start(ordinal) for ordinal, _, _ in cells_of(store, txn, Period.HOUR, max(0, from_ts))}
    with txn.cursor(db=store.tree("rows")) as cursor:
        if cursor.last():
            starts.add(block_start(ROW_KEY.unpack(cursor.key())[0]))
    yield from sorted(starts)


def _devices(store: Store, txn: lmdb.Transaction) -> list[int]:
    with txn.cursor(db=store.tree("ledger")) as cursor:
        counted = {int.from_bytes(key, "big") for key in cursor.iternext(values=False)}
    return sorted(counted.union(Blocks(store).devices(txn)))


def _is_energy(column: Column) -> bool:
    return column[1] == "energy"
