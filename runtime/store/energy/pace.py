"""What counters drew before this program learned how fast they are: by the hours of their history, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import nlargest

import lmdb

from runtime.core.energy.bins import SLOTS, Period
from runtime.core.energy.ledgerstate import LEAST_PACE
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.store.energy.accounts import CORRECTED
from runtime.store.energy.bins import KEY, get_cell
from runtime.store.energy.counters import all_ledgers, put_ledgers
from runtime.store.env import Store

RECORD = ("settings", "paces")
HOURS = 62 * 24  # the newest ones that are looked at
USUAL = 3  # hours that were as fast: what was booked wrongly is faster, but not so often
MOST_PACE = LEAST_PACE + 30
_COUNTED = frozenset(row.number for row in QUANTITIES.values() if row.kind == "counter")


def seed_paces(store: Store, txn: lmdb.Transaction) -> int:
    """Give each ledger that has no pace the one of its third fastest hour; returns how many. Done once for a store."""
    if store.records.get(*RECORD) is not None:
        return 0
    store.records.put(txn, *RECORD, {"hours": HOURS})
    paces, seeded = _paces(store, txn), 0
    for device, ledgers in list(all_ledgers(store, txn)):
        known = {number: paces.get((device, number), 0) for number, state in ledgers.items() if not state.pace}
        lacking = {number: pace for number, pace in known.items() if pace >= LEAST_PACE}
        if lacking:
            changed = {number: ledgers[number]._replace(pace=min(pace, MOST_PACE)) for number, pace in lacking.items()}
            put_ledgers(store, txn, device, {**ledgers, **changed})
            seeded += len(lacking)
    return seeded


def _paces(store: Store, txn: lmdb.Transaction) -> dict[tuple[int, int], int]:
    """(device, quantity) -> the power of two below which its usual hours are."""
    fastest: dict[tuple[int, int], list[int]] = {}
    for device, number, energy_n in _energies(store, txn):
        kept = fastest.setdefault((device, number), [])
        if len(kept) < USUAL or energy_n > kept[-1]:
            fastest[device, number] = nlargest(USUAL, [*kept, energy_n])
    return {key: kept[-1].bit_length() for key, kept in fastest.items() if len(kept) == USUAL}


def _energies(store: Store, txn: lmdb.Transaction) -> Iterator[tuple[int, int, int]]:
    """(device, quantity, energy) of each hour that was measured and not estimated, as far back as is looked."""
    for ordinal, number, chunk in _newest_hours(store, txn):
        cell = get_cell(store, txn, Period.HOUR, ordinal, number, chunk) if number in _COUNTED else None
        for slot in range(cell.used) if cell else ():
            energy_n = cell.value_n(slot) if cell and slot not in cell.doubts else None
            if energy_n:
                yield chunk * SLOTS + slot, number, energy_n


def _newest_hours(store: Store, txn: lmdb.Transaction) -> Iterable[tuple[int, int, int]]:
    """(hour, quantity, chunk) of the measured cells, newest first."""
    hours: set[int] = set()
    with txn.cursor(db=store.tree("bins")) as cursor:
        behind = KEY.pack(Period.HOUR + 1, 0, 0, 0)
        more = cursor.prev() if cursor.set_range(behind) else cursor.last()
        while more and len(cursor.key()) == KEY.size:
            period, ordinal, number, chunk = KEY.unpack(cursor.key())
            hours.add(ordinal)
            if period != Period.HOUR or len(hours) > HOURS:
                return
            if number < CORRECTED:
                yield ordinal, number, chunk
            more = cursor.prev()
