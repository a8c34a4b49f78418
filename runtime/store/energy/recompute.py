"""Recomputing a bill: what was booked stays, what should have been booked under today's rules and prices lies beside.

An hour that one price covers is moved as a whole. One that divides is divided as it was booked, slot by slot, where its
rows are still there, else by time.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import lmdb

from runtime.core.accounting.accounting import BILLED, Accounting
from runtime.core.clock import timegrid
from runtime.core.energy.bins import SLOTS, Address, Cell, Period, address
from runtime.core.energy.corrections import Correction, spread
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.tariff.rules import Share, divide
from runtime.store.energy.accounts import BOOKED, CORRECTED, MOVED
from runtime.store.energy.bins import KEY, Tally
from runtime.store.env import Store
from runtime.store.sample.rows import Rows

Slots = list[tuple[int, int, int]]  # start, end, energy
_IDS = {quantity.number: quantity.id for quantity in QUANTITIES.values()}


def recompute_day(store: Store, txn: lmdb.Transaction, rows: Rows, accounting: Accounting, day: int) -> None:
    """Divide all energy of a local day by the tariffs as they are now. Again does nothing more."""
    tally = Tally(store, txn)
    start_ts, end_ts = timegrid.day_start(day, accounting.zone), timegrid.day_start(day + 1, accounting.zone)
    for hour_ts, after_ts in timegrid.hours(start_ts, end_ts, accounting.zone):
        chunks = {(lane & ~CORRECTED, chunk) for lane, chunk in _account_cells(store, txn, hour_ts) if lane < BOOKED}
        for number, chunk in sorted(chunks):
            if number in BILLED:
                _Hour(tally, accounting, number, chunk, hour_ts, after_ts).recompute(
                    partial(_interval_energies, txn, rows)
                )
    tally.flush()


def follow(txn: lmdb.Transaction, tally: Tally, rows: Rows, accounting: Accounting, correction: Correction) -> None:
    """After a correction was made or taken back: hours that were recomputed before are again."""
    number = QUANTITIES[correction.quantity].number
    chunk, slot = divmod(correction.device, SLOTS)
    for start_ts, _, _ in spread(correction.delta_n, correction.start_ts, correction.end_ts, accounting.zone):
        hour_ts = timegrid.hour_start(start_ts, accounting.zone)
        hour = _Hour(tally, accounting, number, chunk, hour_ts, timegrid.next_hour(hour_ts, accounting.zone))
        if hour.was_moved(slot):
            hour.recompute(partial(_interval_energies, txn, rows), 1 << slot)


class _Hour:
    """One quantity of one chunk of devices in one hour."""

    def __init__(
        self, tally: Tally, accounting: Accounting, number: int, chunk: int, start_ts: int, end_ts: int
    ) -> None:
        self._tally, self._chunk, self._span = tally, chunk, (start_ts, end_ts)
        self._cells: dict[int, Cell] = {}  # as they were: each slot is moved once
        self._at: Address = address(start_ts, accounting.zone)
        self._number = number
        self._versions = sorted(accounting.versions[number])
        self._tariffs = accounting.tariffs.get(number)

    def was_moved(self, slot: int) -> bool:
        return any(self._cell(MOVED | version).values_n[slot] for version in self._versions)

    def recompute(self, slots_of: partial[dict[int, Slots]], chosen: int = -1) -> None:
        """``chosen``: bit mask of slots."""
        measured, corrected = self._cell(self._number), self._cell(CORRECTED | self._number)
        shares = self._tariffs.split(*self._span) if self._tariffs else (Share(0, 0, 1),)
        slots = slots_of(_IDS[self._number], *self._span) if len(shares) > 1 else {}
        for slot in range(max(measured.used, corrected.used)):
            if (measured.known | corrected.known) & chosen & 1 << slot:
                device = self._chunk * SLOTS + slot
                wanted = self._divided(measured.values_n[slot], shares, slots.get(device, []))
                for version, part_n in divide(corrected.values_n[slot], shares):
                    wanted[version] = wanted.get(version, 0) + part_n
                self._move(device, slot, wanted)

    def _divided(self, energy_n: int, shares: tuple[Share, ...], slots: Slots) -> dict[int, int]:
        whole = [(*self._span, energy_n)]
        if self._tariffs and slots and _tile(slots, *self._span) and sum(n for _, _, n in slots) == energy_n:
            whole = slots
        wanted: dict[int, int] = {}
        for start_ts, end_ts, part_n in whole:
            for version, n in divide(part_n, self._tariffs.split(start_ts, end_ts) if self._tariffs else shares):
                wanted[version] = wanted.get(version, 0) + n
        return wanted

    def _move(self, device: int, slot: int, wanted: dict[int, int]) -> None:
        """Let what was booked and what was moved add up to what is wanted."""
        for version in self._versions:
            booked, moved = self._cell(BOOKED | version), self._cell(MOVED | version)
            change_n = wanted.get(version, 0) - booked.values_n[slot] - moved.values_n[slot]
            if change_n:
                self._tally.add(self._at, MOVED | version, device, change_n, 0)

    def _cell(self, lane: int) -> Cell:
        if lane not in self._cells:
            self._cells[lane] = self._tally.peek(Period.HOUR, self._at.hour, lane, self._chunk)
        return self._cells[lane]


def _interval_energies(
    txn: lmdb.Transaction, rows: Rows, quantity: str, start_ts: int, end_ts: int
) -> dict[int, Slots]:
    """Device -> the energies of its slots in an hour."""
    found: dict[int, Slots] = {}
    for row in rows.scan(txn, start_ts, end_ts):
        for column, value_n in zip(row.columns, row.values_n, strict=True):
            if column == (quantity, "energy") and value_n is not None:
                found.setdefault(row.device, []).append((row.start_ts, row.start_ts + row.interval_s, value_n))
    return found


def _tile(slots: Slots, start_ts: int, end_ts: int) -> bool:
    edges = [start_ts, *(end for _, end, _ in slots)]
    return edges[-1] == end_ts and [start for start, _, _ in slots] == edges[:-1]


def _account_cells(store: Store, txn: lmdb.Transaction, hour_ts: int) -> Iterable[tuple[int, int]]:
    """(lane, chunk) of the cells of an hour."""
    found, end = [], KEY.pack(Period.HOUR, hour_ts, 0xFFFF, 0xFF)
    with txn.cursor(db=store.tree("bins")) as cursor:
        more = cursor.set_range(KEY.pack(Period.HOUR, hour_ts, 0, 0))
        while more and (key := bytes(cursor.key())) <= end:
            _, _, lane, chunk = KEY.unpack(key)
            found.append((lane, chunk))
            more = cursor.next()
    return found
