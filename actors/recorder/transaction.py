"""The recorder's transaction: what waits is booked and kept at once, or not at all."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from actors.message.device import EventReported, KeepRecords, SampleClosed
from actors.recorder.findings import reports_of
from actors.recorder.waitingsample import WaitingSample
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
ONCE_MS = 3_600_000  # devices notice within such a time that the clock was put back
AHEAD_S = 120  # a sample may end this much after now: clocks of the same machine, read at two moments


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one transaction takes."""

    samples: tuple[WaitingSample, ...] = ()
    events: tuple[EventReported, ...] = ()
    records: tuple[KeepRecords, ...] = ()


class Transaction:
    """Lives in the recorder's thread. ``rows_paused``: there is room for energy only."""

    def __init__(self, store: Store, rows: Rows) -> None:
        self._store, self._rows = store, rows
        self._accounting: tuple[Installation, Accounting] | None = None
        self.rows_paused = False
        self._turned: tuple[int, int] | None = None  # UTC ms: what the clock had shown, and then did
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
        for sample in _in_order(waiting.samples):
            cycle.book(sample.whole(), rated_ma=_rated_ma(parts.get(sample.device)))
        cycle.flush()
        for ts_ms, device, code, detail in reports_of(cycle.findings):
            add_event(self._store, txn, ts_ms, f"device.{device}", code, detail)
        for ts_ms, device, detail in dict.fromkeys(cycle.edits):
            add_event(self._store, txn, ts_ms, f"device.{device}", "counter_base_edited", detail)
        self._report_clock(txn, cycle)
        for event in (*waiting.events, *(event for asked in waiting.records for event in asked.events)):
            add_event(self._store, txn, event.ts_ms, event.subject, event.code, event.detail)
        for asked in waiting.records:
            for kind, key, record in asked.records:
                self._store.records.put(txn, kind, key, record)
        return cycle

    def _report_clock(self, txn: Any, cycle: Cycle) -> None:
        """The clock is one for all devices: it is reported once."""
        for from_ms, to_ms in cycle.turns:
            before = self._turned
            if before is None or from_ms - before[0] > ONCE_MS or abs(to_ms - before[1]) > ONCE_MS:
                self._turned = from_ms, to_ms
                add_event(self._store, txn, to_ms, "server", "clock_put_back", f"by {(from_ms - to_ms) // 1000} s")

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
    until_ts = sample.start_ts if sample.is_open else sample.end_ts
    if until_ts > min(now_ts + AHEAD_S, LAST_TS):
        return "sample_from_future"
    if not 0 < sample.end_ts - sample.start_ts <= 3600:
        return "sample_without_slot"
    return ""


def _in_order(samples: tuple[WaitingSample, ...]) -> Sequence[WaitingSample]:
    """By time, so that rows lie together; as they came where the clock was put back between them."""
    if any(sample.follows_a_clock for sample in samples):
        return samples
    return sorted(samples, key=lambda sample: (sample.start_ts, sample.device))


def _rated_ma(device: DeviceSpec | None) -> int:
    return rated_ma(device.parameters) if device else 0
