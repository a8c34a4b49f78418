"""Corrections as they lie in the store: records that say who, why and what, and overlays beside the measured bins.

What was booked for each hour and price version is kept with the record, so that taking it back undoes exactly that. A
correction lies evenly in its own stretch of time, whatever else lies in the same hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import lmdb

from runtime.core.accounting.accounting import Accounting
from runtime.core.clock import timegrid
from runtime.core.energy.bins import SLOTS, Address, Period, address
from runtime.core.energy.corrections import Correction, Stretch, least_left, spread
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.quantity.quality import Quality
from runtime.core.tariff.rules import divide
from runtime.errors import WattkeeperError
from runtime.store.energy.accounts import BOOKED, CORRECTED
from runtime.store.energy.bins import Tally
from runtime.store.energy.parts import energies_of, explain
from runtime.store.env import Store
from runtime.store.records import expect_known
from runtime.store.sample.rows import Rows

KIND = "correction"
LONGEST_S = 400 * 86_400
Part = tuple[int, int, list[tuple[int, int]]]  # start of an hour, energy, (version, energy) of it


def all_corrections(store: Store) -> tuple[Correction, ...]:
    """All that were ever made, oldest first."""
    return tuple(_unpack(record)[0] for record in store.records.all(KIND).values())


def correct(
    store: Store, txn: lmdb.Transaction, rows: Rows, tally: Tally, accounting: Accounting, correction: Correction,
    *, others: Sequence[Correction] = (),
) -> Correction:  # fmt: skip
    """Apply a correction and keep it; its ``id`` is given here.

    others  that this transaction made before: records are read as they were before it
    raises  WattkeeperError correction_empty, correction_negative
    """
    if not 0 <= correction.start_ts < correction.end_ts <= correction.start_ts + LONGEST_S or not correction.delta_n:
        raise WattkeeperError("correction_empty", "a correction needs energy and a stretch of time of up to 400 days")
    correction = replace(correction, id=max((one.id for one in (*all_corrections(store), *others)), default=0) + 1)
    number = QUANTITIES[correction.quantity].number
    tariffs = accounting.tariffs.get(number)
    stretches = spread(correction.delta_n, correction.start_ts, correction.end_ts, accounting.zone)
    if correction.delta_n < 0:
        _refuse_taking_more(_Held(store, txn, rows, tally, accounting, correction, others), stretches)
    parts: list[Part] = []
    for start_ts, end_ts, energy_n in stretches:
        shares = divide(energy_n, tariffs.split(start_ts, end_ts)) if tariffs else []
        versions = [(version, part_n) for version, part_n in shares if version]
        _book(tally, address(start_ts, accounting.zone), number, correction.device, (start_ts, energy_n, versions), 1)
        parts.append((start_ts, energy_n, versions))
    _keep(store, txn, correction, parts)
    return correction


def take_back(
    store: Store, txn: lmdb.Transaction, tally: Tally, accounting: Accounting, id: int, *, author: str, now_ms: int
) -> Correction:
    """Undo a correction; the record stays. Raises WattkeeperError correction_unknown, correction_taken_back."""
    record = store.records.get(KIND, id)
    if record is None:
        raise WattkeeperError("correction_unknown", f"there is no correction {id}")
    correction, parts = _unpack(record)
    if correction.taken_back_ms:
        raise WattkeeperError("correction_taken_back", f"correction {id} was taken back already")
    number = QUANTITIES[correction.quantity].number
    same = (correction.device, correction.quantity)
    others = [one for one in all_corrections(store) if one.id != id and (one.device, one.quantity) == same]
    others = [one for one in others if not one.taken_back_ms]
    for part in parts:
        _book(tally, address(part[0], accounting.zone), number, correction.device, part, -1)
    touched = {(period, ordinal) for part in parts for period, ordinal in _bins(address(part[0], accounting.zone))}
    held = {key for one in others for key in _touched_hours(one, accounting)}
    chunk, slot = divmod(correction.device, SLOTS)
    for period, ordinal in touched - held:
        tally.cell(period, ordinal, CORRECTED | number, chunk).forget(slot)
    for part in parts:
        _forget_emptied(tally, address(part[0], accounting.zone), number, correction.device, part)
    correction = replace(correction, taken_back_ms=now_ms, taken_back_by=author)
    _keep(store, txn, correction, parts)
    return correction


def _forget_emptied(tally: Tally, at: Address, number: int, device: int, part: Part) -> None:
    """A price that only the correction brought there costs nothing, not 0.00; a meter that stood still costs 0.00."""
    chunk, slot = divmod(device, SLOTS)
    for period, ordinal in _bins(at):
        if tally.peek(period, ordinal, number, chunk).value_n(slot) == 0:
            continue
        for version, _ in part[2]:
            cell = tally.cell(period, ordinal, BOOKED | version, chunk)
            if cell.value_n(slot) == 0:
                cell.forget(slot)


def _touched_hours(correction: Correction, accounting: Accounting) -> list[tuple[int, int]]:
    hours = spread(correction.delta_n, correction.start_ts, correction.end_ts, accounting.zone)
    return [key for start_ts, _, _ in hours for key in _bins(address(start_ts, accounting.zone))]


def _bins(at: Address) -> tuple[tuple[int, int], ...]:
    return (Period.HOUR, at.hour), (Period.DAY, at.day), (Period.MONTH, at.month), (Period.YEAR, at.year)


def _book(tally: Tally, at: Address, number: int, device: int, part: Part, sign: int) -> None:
    tally.add(at, CORRECTED | number, device, sign * part[1], Quality.SUBSTITUTED)
    for version, part_n in part[2]:
        tally.add(at, BOOKED | version, device, sign * part_n, Quality.GOOD)


def corrected_stretches(store: Store, without: int = 0) -> dict[tuple[int, str], list[Stretch]]:
    """(device, quantity) -> what the corrections that hold have put into each hour, and where in it.

    without  id of one that this transaction has just taken back: records are read as they were before it
    """
    found: dict[tuple[int, str], list[Stretch]] = {}
    for record in store.records.all(KIND).values():
        correction, parts = _unpack(record)
        if not correction.taken_back_ms and correction.id != without:
            ends = (*(start_ts for start_ts, _, _ in parts[1:]), correction.end_ts)
            stretches = [(part[0], end_ts, part[1]) for part, end_ts in zip(parts, ends, strict=True)]
            found.setdefault((correction.device, correction.quantity), []).extend(stretches)
    return found


class _Held:
    """What the hours of one counter hold, and where in the hour."""

    def __init__(
        self, store: Store, txn: lmdb.Transaction, rows: Rows, tally: Tally, accounting: Accounting, of: Correction,
        others: Sequence[Correction],
    ) -> None:  # fmt: skip
        self._txn, self._rows, self._tally, self._zone = txn, rows, tally, accounting.zone
        self._device, self._quantity = of.device, of.quantity
        self._corrected = list(corrected_stretches(store).get((of.device, of.quantity), []))
        for other in others:
            if (other.device, other.quantity) == (of.device, of.quantity):
                self._corrected += spread(other.delta_n, other.start_ts, other.end_ts, accounting.zone)

    def in_hour(self, ts: int) -> list[Stretch]:
        """Measured and corrected energy of the hour that holds a moment."""
        start_ts = timegrid.hour_start(ts, self._zone)
        end_ts = timegrid.next_hour(start_ts, self._zone)
        number = QUANTITIES[self._quantity].number
        slots = energies_of(self._txn, self._rows, self._device, self._quantity, start_ts, end_ts)
        corrected = [part for part in self._corrected if start_ts <= part[0] < end_ts]
        return [
            *explain(self._cell_n(start_ts, number), slots, start_ts, end_ts),
            *explain(self._cell_n(start_ts, CORRECTED | number), corrected, start_ts, end_ts),
        ]

    def _cell_n(self, hour_ts: int, lane: int) -> int:
        chunk, slot = divmod(self._device, SLOTS)
        return self._tally.peek(Period.HOUR, hour_ts, lane, chunk).values_n[slot]


def _refuse_taking_more(held: _Held, stretches: list[Stretch]) -> None:
    """Nothing is below zero afterwards: no slot, no part, no hour. Raises WattkeeperError correction_negative."""
    for stretch in stretches:
        there = held.in_hour(stretch[0])
        if least_left(there, stretch) < 0 or sum(n for _, _, n in there) + stretch[2] < 0:
            raise WattkeeperError("correction_negative", "it would take more than there is in a part of its time")


def _keep(store: Store, txn: lmdb.Transaction, correction: Correction, parts: list[Part]) -> None:
    store.records.put(txn, KIND, correction.id, {**asdict(correction), "parts": parts})


def _unpack(record: dict[str, Any]) -> tuple[Correction, list[Part]]:
    parts = [(start_ts, energy_n, [(v, n) for v, n in versions]) for start_ts, energy_n, versions in record["parts"]]
    with expect_known("a correction"):
        return Correction(**{key: value for key, value in record.items() if key != "parts"}), parts
