"""Recomputing a bill: what was booked stays, what should have been booked under today's rules and prices lies beside.

An hour that one price covers is moved as a whole. One that divides is divided as it was booked: slot by slot, where its
rows are still there, else by time; and each correction by the time that it was given for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import lmdb

from runtime.core.accounting.accounting import BILLED, Accounting
from runtime.core.clock import timegrid
from runtime.core.energy.bins import SLOTS, Address, Cell, Period, address
from runtime.core.energy.corrections import Correction, Stretch, spread
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.tariff.rules import divide
from runtime.store.energy.accounts import BOOKED, CORRECTED, MOVED
from runtime.store.energy.bins import KEY, Tally
from runtime.store.energy.corrections import corrected_stretches
from runtime.store.energy.parts import energies_by_device, explain
from runtime.store.env import Store
from runtime.store.sample.rows import Rows

_IDS = {quantity.number: quantity.id for quantity in QUANTITIES.values()}


def recompute_day(store: Store, txn: lmdb.Transaction, rows: Rows, accounting: Accounting, day: int) -> None:
    """Divide all energy of a local day by the tariffs as they are now. Again does nothing more."""
    tally, sources = Tally(store, txn), _Sources(store, txn, rows)
    start_ts, end_ts = timegrid.day_start(day, accounting.zone), timegrid.day_start(day + 1, accounting.zone)
    for hour_ts, after_ts in timegrid.hours(start_ts, end_ts, accounting.zone):
        chunks = {(lane & ~CORRECTED, chunk) for lane, chunk in _account_cells(store, txn, hour_ts) if lane < BOOKED}
        for number, chunk in sorted(chunks):
            if number in BILLED:
                _Hour(tally, accounting, number, chunk, hour_ts, after_ts).recompute(sources)
    tally.flush()


def follow(
    store: Store, txn: lmdb.Transaction, tally: Tally, rows: Rows, accounting: Accounting, correction: Correction
) -> None:
    """After a correction was taken back: hours that were recomputed before are again."""
    number, sources = QUANTITIES[correction.quantity].number, _Sources(store, txn, rows, correction.id)
    chunk, slot = divmod(correction.device, SLOTS)
    for start_ts, _, _ in spread(correction.delta_n, correction.start_ts, correction.end_ts, accounting.zone):
        hour_ts = timegrid.hour_start(start_ts, accounting.zone)
        hour = _Hour(tally, accounting, number, chunk, hour_ts, timegrid.next_hour(hour_ts, accounting.zone))
        if hour.was_moved(slot):
            hour.recompute(sources, 1 << slot)


class _Sources:
    """What hours are the sums of."""

    def __init__(self, store: Store, txn: lmdb.Transaction, rows: Rows, without: int = 0) -> None:
        self._txn, self._rows, self._corrected = txn, rows, corrected_stretches(store, without)

    def measured(self, quantity: str, start_ts: int, end_ts: int) -> dict[int, list[Stretch]]:
        return energies_by_device(self._txn, self._rows, quantity, start_ts, end_ts)

    def corrected(self, quantity: str, device: int, start_ts: int, end_ts: int) -> list[Stretch]:
        return [part for part in self._corrected.get((device, quantity), ()) if start_ts <= part[0] < end_ts]


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

    def recompute(self, sources: _Sources, chosen: int = -1) -> None:
        """``chosen``: bit mask of slots."""
        measured, corrected = self._cell(self._number), self._cell(CORRECTED | self._number)
        quantity = _IDS[self._number]
        divides = self._tariffs is not None and len(self._tariffs.split(*self._span)) > 1
        slots = sources.measured(quantity, *self._span) if divides else {}
        for slot in range(max(measured.used, corrected.used)):
            if (measured.known | corrected.known) & chosen & 1 << slot:
                device = self._chunk * SLOTS + slot
                parts = sources.corrected(quantity, device, *self._span) if divides else []
                wanted = self._divided(measured.values_n[slot], slots.get(device, []))
                wanted.update(self._divided(corrected.values_n[slot], parts))
                self._move(device, slot, wanted)

    def _divided(self, energy_n: int, parts: Sequence[Stretch]) -> Counter[int]:
        """Version -> energy, of an hour's energy that is the sum of parts."""
        wanted: Counter[int] = Counter()
        for start_ts, end_ts, part_n in explain(energy_n, parts, *self._span):
            for version, n in divide(part_n, self._tariffs.split(start_ts, end_ts)) if self._tariffs else ():
                wanted[version] += n
        return wanted

    def _move(self, device: int, slot: int, wanted: Counter[int]) -> None:
        """Let what was booked and what was moved add up to what is wanted."""
        for version in self._versions:
            booked, moved = self._cell(BOOKED | version), self._cell(MOVED | version)
            change_n = wanted[version] - booked.values_n[slot] - moved.values_n[slot]
            if change_n:
                self._tally.add(self._at, MOVED | version, device, change_n, 0)

    def _cell(self, lane: int) -> Cell:
        if lane not in self._cells:
            self._cells[lane] = self._tally.peek(Period.HOUR, self._at.hour, lane, self._chunk)
        return self._cells[lane]


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
