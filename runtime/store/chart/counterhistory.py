"""One counter's past as evidence: its ledger, its rows, its energy over any hours and how much of that is in doubt."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import lmdb

from runtime.core.clock.timegrid import DAY_S, hour_start
from runtime.core.energy.bins import SLOTS
from runtime.core.energy.bins import Period as Length
from runtime.core.energy.continuity import Recording
from runtime.core.energy.displaycheck import DisplayCheck
from runtime.core.energy.ledger import LedgerState
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.quantity.quality import Quality
from runtime.core.site.installation import Installation
from runtime.store.chart.spans import Span, parts_of, whole_spans_of
from runtime.store.codec import Damaged
from runtime.store.energy.accounts import CORRECTED
from runtime.store.energy.cells import NOTHING, Cells, Choice, Sum
from runtime.store.energy.counters import get_ledgers
from runtime.store.energy.phantoms import (
    AFTER_S,
    BEFORE_S,
    CounterPhantom,
    kept_starts,
    phantoms_of_device,
    reports_of,
)
from runtime.store.env import Store
from runtime.store.records import expect_known
from runtime.store.row import Column, Row
from runtime.store.sample.rows import Rows

CHECKS = "displaycheck"
LOOKED_INTO = 1000  # hours in doubt whose rows are read; beyond them whole hours are in doubt
_NAMES = {row.number: id for id, row in QUANTITIES.items()}


@dataclass(slots=True)
class EnergyDoubt:
    """Energy of some hours, while it is added up.

    measured_n   by the ledger; None = nothing is known
    estimated_n  of it, what is not as it was measured
    corrected_n  by hand, beside it
    """

    measured_n: int | None = None
    estimated_n: int = 0
    corrected_n: int = 0
    looked_into: int = 0

    @property
    def total_n(self) -> int | None:
        return None if self.measured_n is None and not self.corrected_n else (self.measured_n or 0) + self.corrected_n


class CounterHistory:
    """Of one store. One object per thread, as its rows are."""

    def __init__(self, store: Store, cells: Cells, rows: Rows) -> None:
        self._store, self._cells, self._rows = store, cells, rows

    def ledgers(self, device: int) -> dict[str, LedgerState]:
        """Quantity -> where its ledger stands; none where they are damaged."""
        try:
            with self._store.reading() as txn:
                kept = get_ledgers(self._store, txn, device)
        except Damaged:
            self._store.note_damage("ledger", device.to_bytes(2, "big"))
            return {}
        return {_NAMES[number]: state for number, state in kept.items() if number in _NAMES}

    def rows(self, device: int, columns: Collection[Column], from_ts: int, to_ts: int) -> list[Row]:
        """Rows that start in [from_ts, to_ts), by time, with those columns of them that they have."""
        wanted = frozenset(columns)
        with self._store.reading() as txn:
            return list(self._rows.scan_device(txn, device, from_ts, to_ts, wanted.__contains__))

    def aligned_row(self, device: int, quantity: str, from_ts: int, to_ts: int, zone: ZoneInfo) -> Recording | None:
        """The first recording in [from_ts, to_ts) that has an index and ends where an hour does."""
        wanted = {(quantity, "index"), (quantity, "energy")}
        with self._store.reading() as txn:
            rows = self._rows.scan_device(txn, device, from_ts, to_ts, wanted.__contains__)
            return next((each for each in recordings_of(rows, quantity) if _is_aligned(each, zone)), None)

    def last_aligned_row(
        self, device: int, quantity: str, from_ts: int, to_ts: int, zone: ZoneInfo
    ) -> Recording | None:
        """The last one of these: looked for in the last two days before it is looked for in the last month."""
        wanted = {(quantity, "index"), (quantity, "energy")}
        for days in (2, 31):
            rows = self.rows(device, wanted, max(from_ts, to_ts - days * DAY_S), to_ts)
            aligned = [each for each in recordings_of(rows, quantity) if _is_aligned(each, zone)]
            if aligned:
                return aligned[-1]
        return None

    def energy(
        self, device: int, quantity: str, stretch: tuple[int, int], period: str, date: datetime.date, zone: ZoneInfo
    ) -> EnergyDoubt:
        """Energy of a stretch [from, to) of the local day, month or year; hours divide it without rest."""
        doubt = EnergyDoubt()
        with self._store.reading() as txn:
            look = _Look(self._cells, self._rows, txn, device, quantity, stretch, zone)
            for span in whole_spans_of(period, date, zone):
                look.add(span, doubt)
        return doubt

    def phantoms(
        self, site: Installation, device: int, quantity: str, stretch: tuple[int, int]
    ) -> tuple[CounterPhantom, ...]:
        """What was booked and cannot have been used: in a stretch, and what the last check of the store found."""
        reports = reports_of(self._store, device)
        starts = kept_starts(self._store, device, quantity)
        listed: dict[int, CounterPhantom] = {}
        with self._store.reading() as txn:
            for look in (stretch, *((start_ts, start_ts) for start_ts in starts)):
                from_ts, to_ts = look[0] - BEFORE_S, look[1] + AFTER_S
                searched = phantoms_of_device(
                    self._store, txn, self._rows, site, device, reports, (max(0, from_ts), to_ts)
                )
                inside = (each for each in searched if each.quantity == quantity and _touches(each, look))
                listed |= {each.phantom.start_ts: each for each in inside}
        return tuple(each for _, each in sorted(listed.items()))

    def checks(self, device: int = 0) -> tuple[DisplayCheck, ...]:
        """Checks of displays, oldest first; of one device, 0 = of all."""
        with expect_known("a check of a display"):
            kept = [DisplayCheck(**record) for record in self._store.records.all(CHECKS).values()]
        wanted = [check for check in kept if device in (0, check.device)]
        return tuple(sorted(wanted, key=lambda check: check.checked_ms))


def _touches(each: CounterPhantom, stretch: tuple[int, int]) -> bool:
    return each.phantom.start_ts <= stretch[1] and stretch[0] < each.phantom.end_ts


def recordings_of(rows: Iterable[Row], quantity: str) -> Iterable[Recording]:
    """What rows hold of a counter."""
    for row in rows:
        values = dict(zip(row.columns, row.values_n, strict=True))
        index_n, energy_n = values.get((quantity, "index")), values.get((quantity, "energy"))
        yield Recording(row.start_ts, row.start_ts + row.interval_s, index_n, energy_n)


def _is_aligned(each: Recording, zone: ZoneInfo) -> bool:
    return each.index_n is not None and each.energy_n is not None and hour_start(each.end_ts, zone) == each.end_ts


class _Look:
    """One read of one counter's bins: shorter bins and rows are looked at only where a longer one is in doubt."""

    def __init__(
        self, cells: Cells, rows: Rows, txn: lmdb.Transaction, device: int, quantity: str, stretch: tuple[int, int],
        zone: ZoneInfo,
    ) -> None:  # fmt: skip
        self._cells, self._rows, self._txn, self._zone = cells, rows, txn, zone
        self._device, self._column = device, (quantity, "energy")
        self._number = QUANTITIES[quantity].number
        self._choice = Choice(device // SLOTS, [device % SLOTS])
        self._from_ts, self._to_ts = stretch

    def add(self, span: Span, doubt: EnergyDoubt) -> None:
        if span.end_ts <= self._from_ts or span.start_ts >= self._to_ts:
            return
        value_n, known, quality = self._sum(span, self._number)
        corrected_n, is_corrected, _ = self._sum(span, CORRECTED | self._number)
        if not known and not is_corrected:
            return
        is_inside = self._from_ts <= span.start_ts and span.end_ts <= self._to_ts
        if span.length is not Length.HOUR and (quality or not is_inside):
            for part in parts_of(span, self._zone):
                self.add(part, doubt)
            return
        doubt.corrected_n += corrected_n
        if known:
            doubt.measured_n = (doubt.measured_n or 0) + value_n
            doubt.estimated_n += self._estimated_n(span, value_n, doubt) if quality else 0

    def _sum(self, span: Span, number: int) -> Sum:
        kept = self._cells.get(self._txn, span.length, span.ordinal, number, self._choice.chunk)
        return NOTHING if kept is None else kept.sum(self._choice)

    def _estimated_n(self, hour: Span, value_n: int, doubt: EnergyDoubt) -> int:
        """Of an hour's energy, by its rows; all of it where they do not hold all of it."""
        doubt.looked_into += 1
        if doubt.looked_into > LOOKED_INTO:
            return value_n
        rows = self._rows.scan_device(
            self._txn, self._device, hour.start_ts, hour.end_ts, lambda column: column == self._column
        )
        parts = [(row.values_n[0] or 0, row.quality[0]) for row in rows]
        if sum(part_n for part_n, _ in parts) != value_n:
            return value_n
        return sum(part_n for part_n, quality in parts if quality > Quality.GOOD)
