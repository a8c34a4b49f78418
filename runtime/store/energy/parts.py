"""Where in an hour its energy lies: the energies of its intervals, as their rows keep them."""

from __future__ import annotations

from collections.abc import Sequence

import lmdb

from runtime.core.energy.corrections import Stretch
from runtime.store.row import Row
from runtime.store.sample.rows import Rows


def energies_by_device(
    txn: lmdb.Transaction, rows: Rows, quantity: str, start_ts: int, end_ts: int
) -> dict[int, list[Stretch]]:
    """Device -> the energies of its intervals in an hour, by time."""
    found: dict[int, list[Stretch]] = {}
    for row in rows.scan(txn, start_ts, end_ts, (quantity, "energy").__eq__):
        found.setdefault(row.device, []).extend(_energies(row, quantity))
    return found


def energies_of(
    txn: lmdb.Transaction, rows: Rows, device: int, quantity: str, start_ts: int, end_ts: int
) -> list[Stretch]:
    """The same of one device."""
    scanned = rows.scan_device(txn, device, start_ts, end_ts, (quantity, "energy").__eq__)
    return [energy for row in scanned for energy in _energies(row, quantity)]


def explain(energy_n: int, parts: Sequence[Stretch], start_ts: int, end_ts: int) -> Sequence[Stretch]:
    """The parts that an hour's energy is the sum of; where they are not all of it, the whole hour."""
    return parts if parts and sum(part_n for _, _, part_n in parts) == energy_n else [(start_ts, end_ts, energy_n)]


def _energies(row: Row, quantity: str) -> list[Stretch]:
    pairs = zip(row.columns, row.values_n, strict=True)
    values = [value_n for column, value_n in pairs if column == (quantity, "energy") and value_n is not None]
    return [(row.start_ts, row.start_ts + row.interval_s, value_n) for value_n in values]
