"""What people do to history: a meter exchanged, a bad day corrected; one transaction each, with record and event."""

from __future__ import annotations

from dataclasses import replace

import lmdb

from runtime.core.accounting.accounting import Accounting
from runtime.core.clock import timegrid
from runtime.core.energy.corrections import Correction
from runtime.core.energy.counterlimits import limits_of, rated_ma
from runtime.core.energy.ledger import LedgerState
from runtime.core.energy.meterexchange import missed_energy, most_counted
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.installation import Installation
from runtime.core.site.sitezone import zone_of
from runtime.errors import StoreError, WattkeeperError
from runtime.store.codec import Damaged
from runtime.store.energy.corrections import correct, take_back
from runtime.store.energy.cycle import Cycle, grid_across
from runtime.store.energy.recompute import follow
from runtime.store.env import Store
from runtime.store.object.events import add_event
from runtime.store.sample.rows import Rows


class Operations:
    """One write transaction in which one operation is done."""

    def __init__(
        self, store: Store, txn: lmdb.Transaction, rows: Rows, site: Installation, accounting: Accounting, now_ms: int
    ) -> None:
        self._store, self._txn, self._rows, self._site, self._accounting, self._now_ms = (
            store,
            txn,
            rows,
            site,
            accounting,
            now_ms,
        )
        self._cycle = Cycle(store, txn, rows, zone_of(site), accounting)

    def correct(self, correction: Correction) -> Correction:
        """Raises WattkeeperError as ``corrections.correct`` does."""
        _known(correction.quantity)
        made = correct(self._store, self._txn, self._rows, self._cycle.tally, self._accounting, correction)
        self._finish(made, "energy_corrected", f"{made.quantity} {made.delta_n} by {made.author}: {made.reason}")
        return made

    def take_back(self, id: int, author: str) -> Correction:
        """Raises WattkeeperError as ``corrections.take_back`` does."""
        cycle = self._cycle
        undone = take_back(
            self._store, self._txn, cycle.tally, self._accounting, id, author=author, now_ms=self._now_ms
        )
        follow(self._store, self._txn, cycle.tally, self._rows, self._accounting, undone)
        self._finish(undone, "correction_taken_back", f"{undone.quantity} {-undone.delta_n} by {author}")
        return undone

    def replace_meter(
        self, device: int, quantity: str, ts_ms: int, closing_n: int, opening_n: int, author: str,
        *, confirmed: bool = False,
    ) -> int:  # fmt: skip
        """Exchange a meter, now or after the ledger has found it out by itself.

        confirmed  the last index is right though the meter can hardly have reached it
        returns    the energy that had to be added to what was booked, 0 as a rule
        raises     WattkeeperError meter_unknown, meter_index_wrong, meter_index_high
        """
        _known(quantity)
        try:
            state = self._cycle.ledgers(device).get(QUANTITIES[quantity].number)
        except Damaged as error:
            raise StoreError("store_damaged", f"the ledger of device {device} is damaged") from error
        if state is None:
            raise WattkeeperError("meter_unknown", f"device {device} has no counter {quantity}")
        added_n = 0
        spec = self._site.device(device)
        rated = rated_ma(spec.parameters) if spec else 0
        if not confirmed:
            _check_reach(state, quantity, ts_ms, closing_n, rated)
        if ts_ms > state.ts_ms:
            grid = grid_across(state.edge_ts, ts_ms // 1000, self._site.interval_s, self._accounting.zone)
            if not self._cycle.replace_meter(device, quantity, ts_ms, closing_n, opening_n, grid=grid, rated_ma=rated):
                raise WattkeeperError("meter_index_wrong", f"the last index cannot be {closing_n} after {state.raw_n}")
        else:
            added_n = self._exchanged_before(device, quantity, ts_ms, closing_n, opening_n, author)
        detail = f"{quantity} {closing_n} {opening_n} by {author}"
        self._store.records.put(
            self._txn, "exchange", f"{device}.{quantity}.{ts_ms}", [closing_n, opening_n, author, self._now_ms]
        )
        add_event(self._store, self._txn, ts_ms, f"device.{device}", "meter_replaced", detail)
        self._cycle.flush()
        return added_n

    def _exchanged_before(
        self, device: int, quantity: str, ts_ms: int, closing_n: int, opening_n: int, author: str
    ) -> int:
        """The ledger saw both meters, but not what they counted in between."""
        state = self._cycle.ledgers(device)[QUANTITIES[quantity].number]
        added_n = missed_energy(state, closing_n, opening_n)
        if added_n is None or state.former is None:
            raise WattkeeperError("meter_index_wrong", "the readings show no exchange that these indexes fit")
        if added_n:
            start_ts = state.former.ts_ms // 1000
            end_ts = max(start_ts + 1, ts_ms // 1000, timegrid.hour_start(start_ts, self._accounting.zone) + 1)
            self.correct(
                Correction(0, device, quantity, start_ts, end_ts, added_n, author, "meter replaced", self._now_ms)
            )
            self._cycle.put_ledgers(
                device,
                self._cycle.ledgers(device) | {QUANTITIES[quantity].number: replace(state, former=None)},
            )
        return added_n

    def _finish(self, correction: Correction, code: str, detail: str) -> None:
        self._cycle.flush()
        add_event(self._store, self._txn, self._now_ms, f"device.{correction.device}", code, detail)


def _check_reach(state: LedgerState, quantity: str, ts_ms: int, closing_n: int, rated_ma: int) -> None:
    """Ask back where a meter can hardly have come to its last index."""
    at = state.former if state.former is not None and ts_ms <= state.ts_ms else state
    limits = limits_of(quantity, rated_ma=rated_ma)
    if closing_n > (most_n := most_counted(state, at.raw_n, ts_ms, limits, at.ts_ms)):
        raise WattkeeperError("meter_index_high", f"the last index can be {most_n} at most, not {closing_n}")


def _known(quantity: str) -> None:
    if quantity not in QUANTITIES or QUANTITIES[quantity].kind != "counter":
        raise WattkeeperError("meter_unknown", f"{quantity} is not counted")
