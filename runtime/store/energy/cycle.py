"""Booking samples: ledgers, rows and bins of a cycle change together in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from zoneinfo import ZoneInfo

import lmdb

from runtime.core.accounting.accounting import Accounting
from runtime.core.clock import timegrid
from runtime.core.clock.timegrid import Grid
from runtime.core.energy.bins import Address, address
from runtime.core.energy.counterbase import edits_of
from runtime.core.energy.counterlimits import UNKNOWN, Limits, limits_of
from runtime.core.energy.ledger import Booked, Finding, Folded, LedgerState, fold
from runtime.core.energy.meterexchange import exchange_meter
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.store.codec import Damaged
from runtime.store.energy.accounts import Accounts
from runtime.store.energy.bins import Tally
from runtime.store.energy.clockback import ClockBack, turn_of
from runtime.store.energy.counters import Ledgers, get_ledgers, put_ledgers
from runtime.store.env import Store
from runtime.store.sample.closedsample import Sample, expected_n_of, pause_ms_of, row_of
from runtime.store.sample.rows import Row, Rows

INTERVALS_S = (60, 300, 600, 900, 1800, 3600)
COARSE_S = 8 * timegrid.DAY_S  # a longer gap is spread over hours, not slots


@dataclass(frozen=True, slots=True)
class CounterFinding:
    """A finding about one counter of one device."""

    device: int
    quantity: str
    finding: Finding


@dataclass(slots=True)
class _Interval:
    """What a device's counters booked in one slot, while it is collected."""

    interval_s: int
    energies: dict[str, Booked] = field(default_factory=dict)


class Cycle:
    """One write transaction at work. ``book`` any number of samples, then ``flush``.

    accounting  of the installation; None = nobody pays for it and nothing is summed up beside the bins
    """

    def __init__(
        self, store: Store, txn: lmdb.Transaction, rows: Rows, zone: ZoneInfo, accounting: Accounting | None = None
    ) -> None:
        self._store, self._txn, self._rows, self._zone = store, txn, rows, zone
        self.tally = Tally(store, txn)
        self.accounts = None if accounting is None else Accounts(self.tally, accounting)
        self.findings: list[CounterFinding] = []
        self.edits: list[tuple[int, int, str]] = []  # UTC ms, device, what of it was edited that its counters depend on
        self.turns: list[tuple[int, int]] = []  # UTC ms that a clock had shown that was put back, and what it shows
        self._clock_back = ClockBack(txn, rows, self.tally, zone, self.add, self.merge)
        self._bases: dict[int, Mapping[str, str]] = {}
        self.written = 0  # rows
        self.keeps_rows = True  # False while there is room for energy only
        self.unkept: list[Row] = []  # for want of room

    def book(self, sample: Sample, *, rated_ma: int = 0) -> None:
        """Take a sample into ledgers, bins and rows. Twice the same books nothing twice."""
        slots: dict[int, _Interval] = {sample.start_ts: _Interval(sample.end_ts - sample.start_ts)}
        try:
            self._count(sample, slots, rated_ma)
        except Damaged:  # never guessed: its energy stays unbooked until the ledger is restored
            self._store.note_damage("ledger", sample.device.to_bytes(2, "big"))
        self._write_rows(sample, slots)

    def _count(self, sample: Sample, slots: dict[int, _Interval], rated_ma: int) -> None:
        if not sample.counters:
            return
        ledgers = self.ledgers(sample.device)
        if ledgers and (sample.begun_ms or sample.turned_ms):
            self._follow_clock(sample, ledgers)
        grid = self._grid(sample, ledgers)
        before = self._base(sample)
        pause_ms, poll_ms, doubt = pause_ms_of(sample), sample.poll_ms, sample.doubt
        for quantity in sample.counters:
            number = QUANTITIES[quantity].number
            limits = limits_of(
                quantity, rated_ma=rated_ma, poll_ms=poll_ms, pause_ms=pause_ms,
                facts=sample.facts.get(quantity, UNKNOWN),
            )  # fmt: skip
            folded = self._fold(sample, before, quantity, ledgers.get(number), grid, limits)
            if folded.state is not None:
                ledgers[number] = folded.state
            for finding in folded.findings:
                self.findings.append(CounterFinding(sample.device, quantity, finding))
            booked = folded.booked
            booked = tuple(part._replace(quality=max(part.quality, doubt)) for part in booked) if doubt else booked
            self._book_energy(sample.device, quantity, number, booked, slots, folded.again_ts)
        self.put_ledgers(sample.device, ledgers)

    def _fold(
        self, sample: Sample, before: Mapping[str, str], quantity: str, state: LedgerState | None, grid: Grid,
        limits: Limits,
    ) -> Folded:  # fmt: skip
        readings, resumed, steady = sample.counters[quantity], sample.resumed, sample.steady
        rescaled_ms = self._edited_ms(sample, before, quantity, state) or sample.rescaled_ms
        expected_n = expected_n_of(quantity, sample)
        folded = fold(
            state, readings, grid, limits, resumed=resumed, steady=steady, rescaled_ms=rescaled_ms,
            expected_n=expected_n,
        )  # fmt: skip
        if not folded.back_ts or self._clock_back.is_even(sample.device, folded.back_ts, grid):
            return folded
        return fold(
            state, readings, grid, limits, resumed=resumed, steady=steady, rescaled_ms=rescaled_ms,
            expected_n=expected_n, goes_back=False,
        )  # fmt: skip

    def _follow_clock(self, sample: Sample, ledgers: Ledgers) -> None:
        turn = turn_of(ledgers, sample.start_ts, sample.end_ts, sample.begun_ms, sample.turned_ms)
        if turn is not None:
            shown_ms = max(state.ts_ms for state in ledgers.values())
            self.turns.append((shown_ms, turn.now_ms or shown_ms - turn.back_ms))
            self._clock_back.follow(sample.device, ledgers, turn)

    def _base(self, sample: Sample) -> Mapping[str, str]:
        """By what the device's counters were read until now; kept with the first sample that is read otherwise."""
        before = self._bases.get(sample.device)
        if before is None:
            before = self._store.records.get("base", sample.device) or {}
        if sample.base and sample.base != before:
            self._store.records.put(self._txn, "base", sample.device, dict(sample.base))
        self._bases[sample.device] = sample.base or before
        return before

    def _edited_ms(self, sample: Sample, before: Mapping[str, str], quantity: str, state: LedgerState | None) -> int:
        """From when on a counter shows another index, since it is read otherwise; 0 = it does not."""
        if state is None or not before or not sample.base or before == sample.base:
            return 0
        edits = edits_of(before, sample.base, quantity)
        if edits:
            self.edits.append((state.ts_ms, sample.device, "; ".join(edits)))
        return state.ts_ms + 1 if edits else 0

    def replace_meter(
        self, device: int, quantity: str, ts_ms: int, closing_n: int, opening_n: int, *, grid: Grid, rated_ma: int = 0
    ) -> bool:
        """Exchange a meter that nothing was heard of since; False where the old one's last index cannot be."""
        ledgers, number = self.ledgers(device), QUANTITIES[quantity].number
        if (state := ledgers.get(number)) is None:
            return False
        folded = exchange_meter(state, ts_ms, closing_n, opening_n, grid, limits_of(quantity, rated_ma=rated_ma))
        if folded is None or folded.state is None:
            return False
        slots: dict[int, _Interval] = {}
        self._book_energy(device, quantity, number, folded.booked, slots)
        for start_ts, slot in sorted(slots.items()):
            self._write_energies(device, start_ts, slot)
        self.findings.extend(CounterFinding(device, quantity, finding) for finding in folded.findings)
        ledgers[number] = folded.state
        self.put_ledgers(device, ledgers)
        return True

    def ledgers(self, device: int) -> Ledgers:
        """A device's counters, to be changed and put back. Raises Damaged."""
        return get_ledgers(self._store, self._txn, device)

    def put_ledgers(self, device: int, ledgers: Ledgers) -> None:
        put_ledgers(self._store, self._txn, device, ledgers)

    def add(self, number: int, device: int, part: Booked) -> None:
        """Book the energy of a slot into the bins of its start, under its tariffs and for its owners."""
        at = _address(part.start_ts, self._zone)
        self.tally.add(at, number, device, part.energy_n, part.quality)
        if self.accounts is not None:
            self.accounts.book(at, number, device, part.start_ts, part.end_ts, part.energy_n)

    def merge(self, row: Row) -> None:
        """Keep a row, or what is new of it."""
        if not self.keeps_rows:
            self.unkept.append(row)
            return
        self.written += self._rows.merge(self._txn, row)

    def flush(self) -> None:
        self.tally.flush()

    def _grid(self, sample: Sample, ledgers: Ledgers) -> Grid:
        length_s = sample.end_ts - sample.start_ts
        interval_s = next((step_s for step_s in INTERVALS_S if step_s >= length_s), INTERVALS_S[-1])
        oldest_ts = min((state.edge_ts for state in ledgers.values()), default=sample.start_ts)
        return grid_across(oldest_ts, sample.start_ts, interval_s, self._zone)

    def _book_energy(
        self, device: int, quantity: str, number: int, booked: Sequence[Booked], slots: dict[int, _Interval],
        again_ts: int = 0,
    ) -> None:  # fmt: skip
        for part in booked:
            self.add(number, device, part)
            slot = slots.setdefault(part.start_ts, _Interval(part.end_ts - part.start_ts))
            if (before := slot.energies.get(quantity)) is not None:
                part = part._replace(energy_n=before.energy_n + part.energy_n)
            elif part.end_ts <= again_ts:
                part = self._clock_back.on_top(device, quantity, part)
            slot.energies[quantity] = part

    def _write_rows(self, sample: Sample, slots: dict[int, _Interval]) -> None:
        """The sample's own row, and for a gap the rows of the slots that were missed, with their energies only."""
        for start_ts in sorted(slots):
            slot = slots[start_ts]
            if start_ts == sample.start_ts and sample.is_open:
                continue
            if start_ts == sample.start_ts:
                self.merge(row_of(sample, slot.energies))
            else:
                self._write_energies(sample.device, start_ts, slot)

    def _write_energies(self, device: int, start_ts: int, slot: _Interval) -> None:
        columns = tuple((quantity, "energy") for quantity in slot.energies)
        energies = tuple(part.energy_n for part in slot.energies.values())
        quality = tuple(part.quality for part in slot.energies.values())
        self.merge(Row(device, start_ts, slot.interval_s, columns, energies, quality))


def grid_across(edge_ts: int, now_ts: int, interval_s: int, zone: ZoneInfo) -> Grid:
    """The grid that energy is booked on which was counted since an edge: a long gap is spread over hours."""
    is_long = now_ts - edge_ts > COARSE_S
    return Grid(interval_s, zone, timegrid.hour_start(now_ts, zone) if is_long else 0)


@lru_cache(maxsize=4096)
def _address(ts: int, zone: ZoneInfo) -> Address:
    return address(ts, zone)
