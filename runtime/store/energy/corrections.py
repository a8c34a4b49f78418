"""Corrections as they lie in the store: records that say who, why and what, and overlays beside the measured bins.

What was booked for each hour and price version is kept with the record, so that taking it back undoes exactly that.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import lmdb

from runtime.core.accounting.accounting import Accounting
from runtime.core.energy.bins import SLOTS, Address, Period, address
from runtime.core.energy.corrections import Correction, spread
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.quantity.quality import Quality
from runtime.core.tariff.rules import divide
from runtime.errors import WattkeeperError
from runtime.store.energy.accounts import BOOKED, CORRECTED
from runtime.store.energy.bins import Tally
from runtime.store.env import Store
from runtime.store.records import expect_known

KIND = "correction"
LONGEST_S = 400 * 86_400
Part = tuple[int, int, list[tuple[int, int]]]  # start of an hour, energy, (version, energy) of it


def all_corrections(store: Store) -> tuple[Correction, ...]:
    """All that were ever made, oldest first."""
    return tuple(_unpack(record)[0] for record in store.records.all(KIND).values())


def correct(
    store: Store, txn: lmdb.Transaction, tally: Tally, accounting: Accounting, correction: Correction
) -> Correction:
    """Apply a correction and keep it; its ``id`` is given here.

    raises  WattkeeperError correction_empty, correction_negative
    """
    if not 0 <= correction.start_ts < correction.end_ts <= correction.start_ts + LONGEST_S or not correction.delta_n:
        raise WattkeeperError("correction_empty", "a correction needs energy and a stretch of time of up to 400 days")
    correction = replace(correction, id=max((one.id for one in all_corrections(store)), default=0) + 1)
    number = QUANTITIES[correction.quantity].number
    tariffs = accounting.tariffs.get(number)
    parts: list[Part] = []
    for start_ts, end_ts, energy_n in spread(
        correction.delta_n, correction.start_ts, correction.end_ts, accounting.zone
    ):
        at = address(start_ts, accounting.zone)
        if energy_n < 0 and _hour_n(tally, at, number, correction.device) + energy_n < 0:
            raise WattkeeperError("correction_negative", "it would take more than there is in one of its hours")
        shares = divide(energy_n, tariffs.split(start_ts, end_ts)) if tariffs else []
        versions = [(version, part_n) for version, part_n in shares if version]
        _book(tally, at, number, correction.device, (start_ts, energy_n, versions), 1)
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
    correction = replace(correction, taken_back_ms=now_ms, taken_back_by=author)
    _keep(store, txn, correction, parts)
    return correction


def _touched_hours(correction: Correction, accounting: Accounting) -> list[tuple[int, int]]:
    hours = spread(correction.delta_n, correction.start_ts, correction.end_ts, accounting.zone)
    return [key for start_ts, _, _ in hours for key in _bins(address(start_ts, accounting.zone))]


def _bins(at: Address) -> tuple[tuple[int, int], ...]:
    return (Period.HOUR, at.hour), (Period.DAY, at.day), (Period.MONTH, at.month), (Period.YEAR, at.year)


def _book(tally: Tally, at: Address, number: int, device: int, part: Part, sign: int) -> None:
    tally.add(at, CORRECTED | number, device, sign * part[1], Quality.SUBSTITUTED)
    for version, part_n in part[2]:
        tally.add(at, BOOKED | version, device, sign * part_n, Quality.GOOD)


def _hour_n(tally: Tally, at: Address, number: int, device: int) -> int:
    """What an hour holds, corrections included."""
    chunk, slot = divmod(device, SLOTS)
    return sum(tally.peek(Period.HOUR, at.hour, lane, chunk).values_n[slot] for lane in (number, CORRECTED | number))


def _keep(store: Store, txn: lmdb.Transaction, correction: Correction, parts: list[Part]) -> None:
    store.records.put(txn, KIND, correction.id, {**asdict(correction), "parts": parts})


def _unpack(record: dict[str, Any]) -> tuple[Correction, list[Part]]:
    parts = [(start_ts, energy_n, [(v, n) for v, n in versions]) for start_ts, energy_n, versions in record["parts"]]
    with expect_known("a correction"):
        return Correction(**{key: value for key, value in record.items() if key != "parts"}), parts
