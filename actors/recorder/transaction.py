"""The recorder's transaction: what waits is booked and kept at once, or not at all."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

from actors.message.device import EventReported, KeepRecords, SampleClosed
from actors.recorder.findings import reports_of
from runtime.core.accounting.accounting import Accounting, accounting_of
from runtime.core.energy.counterlimits import rated_ma
from runtime.core.site.installation import DeviceSpec, Installation
from runtime.core.site.sitezone import zone_of
from runtime.errors import StoreError
from runtime.store.energy.cycle import Cycle
from runtime.store.env import Store
from runtime.store.object.events import add_event
from runtime.store.row import Row
from runtime.store.sample.rows import LAST_TS, Rows
from runtime.store.upkeep.room import is_short

MOST_UNKEPT = 5_000  # rows: as many as samples that wait
AHEAD_S = 120  # a sample may end this much after now: clocks of the same machine, read at two moments


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one transaction takes."""

    samples: tuple[SampleClosed, ...] = ()
    events: tuple[EventReported, ...] = ()
    records: tuple[KeepRecords, ...] = ()


class Transaction:
    """Lives in the recorder's thread. ``rows_paused``: there is room for energy only."""

    def __init__(self, store: Store, rows: Rows) -> None:
        self._store, self._rows = store, rows
        self._accounting: tuple[Installation, Accounting] | None = None
        self.rows_paused = False
        self._unkept: deque[Row] = deque(maxlen=MOST_UNKEPT)  # their energy is booked; they come when there is room

    def accounting_of(self, site: Installation) -> Accounting:
        if self._accounting is None or self._accounting[0] is not site:
            self._accounting = site, accounting_of(site)
        return self._accounting[1]

    def commit(self, site: Installation, waiting: Waiting) -> int:
        """Rows written. Raises StoreError, and nothing was changed.

        Samples are given up first: their energy goes on into ledgers and bins, their rows are not kept.
        """
        self.rows_paused = is_short(self._store, self.rows_paused)
        try:
            return self.transact(site, waiting)
        except StoreError as error:
            if error.code != "store_full" or self.rows_paused:
                raise
        self._rows.schemas.forget()
        self.rows_paused = True
        return self.transact(site, waiting)

    def transact(self, site: Installation, waiting: Waiting) -> int:
        """The same, whatever room there is."""
        with self._store.writing() as txn:
            cycle = self._put(txn, site, waiting)
        if self.rows_paused:
            self._unkept.extend(cycle.unkept)
        else:
            self._unkept.clear()
        return cycle.written

    def _put(self, txn: Any, site: Installation, waiting: Waiting) -> Cycle:
        parts = {device.id: device for device in site.devices}
        cycle = Cycle(self._store, txn, self._rows, zone_of(site), self.accounting_of(site))
        cycle.keeps_rows = not self.rows_paused
        for row in self._unkept if cycle.keeps_rows else ():
            cycle.merge(row)
        for sample in sorted(waiting.samples, key=lambda sample: (sample.start_ts, sample.device)):
            cycle.book(sample, rated_ma=_rated_ma(parts.get(sample.device)))
        cycle.flush()
        for ts_ms, device, code, detail in reports_of(cycle.findings):
            add_event(self._store, txn, ts_ms, f"device.{device}", code, detail)
        for ts_ms, device, detail in dict.fromkeys(cycle.edits):
            add_event(self._store, txn, ts_ms, f"device.{device}", "counter_base_edited", detail)
        for event in (*waiting.events, *(event for asked in waiting.records for event in asked.events)):
            add_event(self._store, txn, event.ts_ms, event.subject, event.code, event.detail)
        for asked in waiting.records:
            for kind, key, record in asked.records:
                self._store.records.put(txn, kind, key, record)
        return cycle

    def try_out(self, site: Installation, waiting: Waiting) -> None:
        """Raises what writing it would raise; nothing is written."""
        try:
            with self._store.writing() as txn:
                self._put(txn, site, waiting)
                raise _Undone
        except _Undone:
            pass
        finally:
            self._rows.schemas.forget()


class _Undone(Exception):
    """Ends a transaction that was only a try."""


def unacceptable(sample: SampleClosed, now_ts: int) -> str:
    """Why a sample is not booked, as an event's code; "" = it is."""
    if sample.start_ts < 0:
        return "sample_before_1970"
    if sample.end_ts > min(now_ts + AHEAD_S, LAST_TS):
        return "sample_from_future"
    if not 0 < sample.end_ts - sample.start_ts <= 3600:
        return "sample_without_slot"
    return ""


def _rated_ma(device: DeviceSpec | None) -> int:
    return rated_ma(device.parameters) if device else 0
