"""What people do to history: a meter exchanged, a bad day corrected; one transaction each, with record and event."""

from __future__ import annotations

from collections.abc import Sequence

import lmdb

from runtime.core.accounting.accounting import Accounting
from runtime.core.clock import timegrid
from runtime.core.energy.continuity import Jump
from runtime.core.energy.corrections import Correction, Stretch
from runtime.core.energy.counterlimits import CounterFacts, Limits, limits_of, rated_ma
from runtime.core.energy.ledger import LedgerState
from runtime.core.energy.meterexchange import missed_energy, most_counted
from runtime.core.phantom.phantom import REASONS, line_between, put_together, shares
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.installation import Installation
from runtime.core.site.sitezone import zone_of
from runtime.errors import StoreError, WattkeeperError
from runtime.store.codec import Damaged
from runtime.store.energy.corrections import all_corrections, correct, take_back
from runtime.store.energy.cycle import Cycle, grid_across
from runtime.store.energy.parts import energies_of
from runtime.store.energy.phantoms import booked_for, jump_at, phantom_at
from runtime.store.energy.recompute import follow
from runtime.store.env import Store
from runtime.store.object.events import add_event
from runtime.store.sample.passage import grain_at, passage_at
from runtime.store.sample.rows import Rows

REPLACED = "meter replaced"


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
        self._corrected: list[Correction] = []

    def correct(self, correction: Correction) -> Correction:
        """Raises WattkeeperError as ``corrections.correct`` does."""
        _known(correction.quantity)
        made = correct(
            self._store, self._txn, self._rows, self._cycle.tally, self._accounting, correction, others=self._corrected
        )
        self._corrected.append(made)
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

    def take_phantom_back(self, device: int, quantity: str, start_ts: int, author: str) -> tuple[Correction, ...]:
        """Correct what was booked and cannot have been used; each correction can be taken back by itself.

        raises  WattkeeperError phantom_unknown, correction_negative
        """
        found = phantom_at(self._store, self._txn, self._rows, self._site, (device, quantity, start_ts))
        if found is None:
            raise WattkeeperError("phantom_unknown", f"nothing is booked wrongly of device {device} from {start_ts} on")
        parts = found.phantom.parts
        return self._correct_parts(device, quantity, parts, author, REASONS[found.phantom.kind])

    def replace_meter(
        self, device: int, quantity: str, ts_ms: int, closing_n: int, opening_n: int, author: str,
        *, confirmed: bool = False,
    ) -> int:  # fmt: skip
        """Exchange a meter, now or after the ledger has found it out by itself.

        confirmed  the last index is right though the meter can hardly have reached it
        returns    the energy that had to be added to what was booked, 0 as a rule; below zero: taken from it
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
        seen = self._seen(device, quantity, state, (ts_ms, closing_n, opening_n)) if ts_ms <= state.ts_ms else None
        if not confirmed:
            grain_n = grain_at(self._txn, self._rows, device, quantity, ts_ms // 1000)
            limits = limits_of(quantity, rated_ma=rated, facts=CounterFacts(grain_n))
            _check_reach(state, seen, ts_ms, closing_n, limits)
        if ts_ms > state.ts_ms:
            grid = grid_across(state.edge_ts, ts_ms // 1000, self._site.interval_s, self._accounting.zone)
            if not self._cycle.replace_meter(device, quantity, ts_ms, closing_n, opening_n, grid=grid, rated_ma=rated):
                raise WattkeeperError("meter_index_wrong", f"the last index cannot be {closing_n} after {state.raw_n}")
        else:
            added_n = self._exchanged_before(device, quantity, seen, (ts_ms, closing_n, opening_n), author)
        detail = f"{quantity} {closing_n} {opening_n} by {author}"
        self._store.records.put(
            self._txn, "exchange", f"{device}.{quantity}.{ts_ms}", [closing_n, opening_n, author, self._now_ms]
        )
        add_event(self._store, self._txn, ts_ms, f"device.{device}", "meter_replaced", detail)
        self._cycle.flush()
        return added_n

    def _seen(self, device: int, quantity: str, state: LedgerState, indexes: tuple[int, int, int]) -> Jump | None:
        """What the ledger made of an exchange: a jump to another index, or a silence that it took for a climb."""
        ts_ms, closing_n, opening_n = indexes
        jump = jump_at(self._store, device, quantity, ts_ms)
        if jump is not None or (state.former is not None and missed_energy(state, closing_n, opening_n) is not None):
            return jump
        passed = passage_at(self._txn, self._rows, device, quantity, ts_ms // 1000, closing_n, opening_n)
        if passed is None:
            return None
        return Jump("counter_gap", passed.since_ms, passed.until_ms, passed.before_n, passed.after_n, passed.booked_n)

    def _exchanged_before(
        self, device: int, quantity: str, seen: Jump | None, indexes: tuple[int, int, int], author: str
    ) -> int:
        """The ledger saw both meters, but not what they counted in between; what it booked for that is undone.

        indexes  UTC ms of the exchange, last index, first index
        """
        state = self._cycle.ledgers(device)[QUANTITIES[quantity].number]
        added_n = None if seen is None else self._put_right(device, quantity, seen, indexes, author)
        if added_n is None:
            added_n = self._missed(device, quantity, state, indexes, author)
        if added_n:
            self._cycle.put_ledgers(
                device,
                self._cycle.ledgers(device) | {QUANTITIES[quantity].number: state._replace(former=None)},
            )
        return added_n

    def _missed(
        self, device: int, quantity: str, state: LedgerState, indexes: tuple[int, int, int], author: str
    ) -> int:
        """Nothing was booked for it: what passed unseen is added."""
        ts_ms, closing_n, opening_n = indexes
        added_n = missed_energy(state, closing_n, opening_n)
        if added_n is None or state.former is None:
            raise WattkeeperError("meter_index_wrong", "the readings show no exchange that these indexes fit")
        if added_n:
            start_ts = state.former.ts_ms // 1000
            end_ts = max(start_ts + 1, ts_ms // 1000, timegrid.hour_start(start_ts, self._accounting.zone) + 1)
            self._correct_parts(device, quantity, ((start_ts, end_ts, added_n),), author, REPLACED)
        return added_n

    def _put_right(
        self, device: int, quantity: str, seen: Jump, indexes: tuple[int, int, int], author: str
    ) -> int | None:
        """What was booked for a jump is undone where it was spread; None where nothing was, or nothing fits."""
        ts_ms, closing_n, opening_n = indexes
        right_n = closing_n - seen.before_n + seen.after_n - opening_n
        booked_n = seen.booked_n or booked_for(self._store, self._txn, self._rows, device, quantity, seen)
        if booked_n is None or right_n < 0 or closing_n < seen.before_n:
            return None
        start_ts, end_ts = seen.since_ms // 1000, max(seen.since_ms // 1000 + 1, seen.ts_ms // 1000)
        corrected_n = self._reported_n(device, quantity, start_ts, end_ts)
        added_n = right_n - booked_n - corrected_n
        parts: tuple[Stretch, ...] = ((start_ts, end_ts, added_n),) if added_n else ()
        if not booked_n and not corrected_n:
            parts = _each_by_itself((start_ts, ts_ms // 1000, end_ts), closing_n - seen.before_n, right_n)
        elif right_n < booked_n and not corrected_n:
            held = energies_of(self._txn, self._rows, device, quantity, start_ts - timegrid.HOUR_S, end_ts)
            parts = put_together(shares(booked_n - right_n, line_between(held, seen.since_ms, seen.ts_ms, booked_n)))
        self._correct_parts(device, quantity, parts, author, REPLACED)
        return added_n

    def _reported_n(self, device: int, quantity: str, start_ts: int, end_ts: int) -> int:
        """What was added already when the same exchange was reported before."""
        near = (start_ts - timegrid.HOUR_S, end_ts + timegrid.HOUR_S)
        return sum(
            each.delta_n
            for each in all_corrections(self._store)
            if (each.device, each.quantity, each.reason, each.taken_back_ms) == (device, quantity, REPLACED, 0)
            and near[0] <= each.start_ts
            and each.end_ts <= near[1]
        )

    def _correct_parts(
        self, device: int, quantity: str, parts: Sequence[Stretch], author: str, reason: str
    ) -> tuple[Correction, ...]:
        return tuple(
            self.correct(Correction(0, device, quantity, *part, author, reason, self._now_ms)) for part in parts
        )

    def _finish(self, correction: Correction, code: str, detail: str) -> None:
        self._cycle.flush()
        add_event(self._store, self._txn, self._now_ms, f"device.{correction.device}", code, detail)


def _check_reach(state: LedgerState, seen: Jump | None, ts_ms: int, closing_n: int, limits: Limits) -> None:
    """Ask back where a meter can hardly have come to its last index."""
    raw_n, since_ms = state.raw_n, state.ts_ms
    if seen is not None:
        raw_n, since_ms = seen.before_n, seen.since_ms
    elif state.former is not None and ts_ms <= state.ts_ms:
        raw_n, since_ms = state.former.raw_n, state.former.ts_ms
    if closing_n > (most_n := most_counted(state, raw_n, ts_ms, limits, since_ms)):
        raise WattkeeperError("meter_index_high", f"the last index can be {most_n} at most, not {closing_n}")


def _each_by_itself(times: tuple[int, int, int], old_n: int, whole_n: int) -> tuple[Stretch, ...]:
    """What the old meter counted until it was exchanged, and the new one from then on."""
    start_ts, at_ts, end_ts = times
    at_ts = min(max(at_ts, start_ts), end_ts)
    parts = ((start_ts, at_ts, old_n), (at_ts, end_ts, whole_n - old_n))
    if any(energy_n and low_ts == high_ts for low_ts, high_ts, energy_n in parts):
        return ((start_ts, end_ts, whole_n),) if whole_n else ()
    return tuple(part for part in parts if part[2])


def _known(quantity: str) -> None:
    if quantity not in QUANTITIES or QUANTITIES[quantity].kind != "counter":
        raise WattkeeperError("meter_unknown", f"{quantity} is not counted")
