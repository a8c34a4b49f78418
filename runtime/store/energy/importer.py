"""History from elsewhere: indexes and columns of whole days, taken in through the real ledger and bins.

One JSON line a device and day, in order of time:
{"device": 1, "start_ts": T, "step_s": 3600, "indexes": {"active_energy_import_wh": [n0, n1, …]}, "columns": {…}}
with the raw indexes in steps at T, T + step, …; "columns" ({"active_power_w.mean": [n…]}, one for each slot from T on)
and with them rows are optional: without them only ledger and bins are kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from runtime.core.accounting.accounting import accounting_of
from runtime.core.clock.timegrid import Grid, day_of, hour_start
from runtime.core.energy.bins import SLOTS, Address, Period, address
from runtime.core.energy.counterlimits import limits_of, rated_ma
from runtime.core.energy.ledger import LedgerState, fold, fold_on_edges
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.quantity.quality import Quality
from runtime.core.site.installation import Installation
from runtime.core.site.sitezone import zone_of
from runtime.errors import ConfigError, Fault, StoreError
from runtime.store.codec import Damaged
from runtime.store.energy.counters import Ledgers
from runtime.store.energy.cycle import INTERVALS_S, CounterFinding, Cycle
from runtime.store.env import Store
from runtime.store.object.events import add_event
from runtime.store.sample.rows import Row, Rows
from runtime.store.schemas import Column


@dataclass(frozen=True, slots=True)
class DayLine:
    """One line."""

    device: int
    start_ts: int
    step_s: int
    indexes: dict[str, list[int]]
    columns: dict[Column, list[int | None]]


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of it."""

    lines: int = 0
    days: int = 0
    rows: int = 0
    findings: int = 0


def import_history(store: Store, lines: Iterable[str | bytes], installation: Installation) -> Imported:
    """Take history in, one transaction a day.

    lines   JSON as above; blank ones are passed over
    raises  ConfigError for a line that is not as it should be (the days before it are kept), StoreError
    """
    zone, rows, accounting = zone_of(installation), Rows(store), accounting_of(installation)
    rated = {device.id: rated_ma(device.parameters) for device in installation.devices}
    count = days = written = findings = 0
    for _, group in groupby(_parse(lines), key=lambda line: day_of(line.start_ts, zone)):
        with store.writing() as txn:
            cycle = Cycle(store, txn, rows, zone, accounting)
            for line in group:
                _Day(cycle, line, zone, rated.get(line.device, 0)).take_in()
                count += 1
            cycle.flush()
            for noted in cycle.findings:
                found = noted.finding
                add_event(store, txn, found.ts_ms, f"device.{noted.device}", found.code, noted.quantity)
        days, written, findings = days + 1, written + cycle.written, findings + len(cycle.findings)
    return Imported(count, days, written, findings)


class _Day:
    """One device, one day."""

    def __init__(self, cycle: Cycle, line: DayLine, zone: ZoneInfo, rated_ma: int) -> None:
        self._cycle, self._line, self._zone, self._rated_ma = cycle, line, zone, rated_ma
        self._grid = Grid(
            line.step_s, zone, coarse_until=hour_start(line.start_ts, zone)
        )  # what came before may be hourly
        self._energies: dict[
            str, dict[int, tuple[int, int, int]]
        ] = {}  # quantity -> slot start -> end, energy, quality

    def take_in(self) -> None:
        line, cycle = self._line, self._cycle
        try:
            ledgers = cycle.ledgers(line.device)
        except Damaged as error:
            raise StoreError("store_damaged", f"the ledger of device {line.device} is damaged") from error
        for quantity, indexes in line.indexes.items():
            if indexes:
                self._count(ledgers, quantity, indexes)
        cycle.put_ledgers(line.device, ledgers)
        if line.columns:
            self._write_rows()

    def _count(self, ledgers: Ledgers, quantity: str, indexes: list[int]) -> None:
        line, number = self._line, QUANTITIES[quantity].number
        bounds = limits_of(quantity, rated_ma=self._rated_ma)
        state = ledgers.get(number)
        times = range(line.start_ts, line.start_ts + line.step_s * len(indexes), line.step_s)
        if state is None:
            state = fold(None, [(times[0] * 1000, indexes[0])], self._grid, bounds).state
        assert state is not None
        fresh = next((i for i, ts in enumerate(times) if ts > state.edge_ts), len(times))
        edges = _edges(state.edge_ts, len(times) - fresh, self._grid)
        if edges == tuple(times[fresh:]) and edges:
            on_edges = fold_on_edges(state, edges, indexes[fresh:], bounds)
            if on_edges is not None:
                self._book_day(number, quantity, state.edge_ts, edges, on_edges[1])
                ledgers[number] = on_edges[0]
                return
        ledgers[number] = self._count_oddly(quantity, number, state, times, indexes)

    def _count_oddly(
        self, quantity: str, number: int, state: LedgerState, times: range, indexes: list[int]
    ) -> LedgerState:
        """The long way, for a day on which something happened."""
        bounds = limits_of(quantity, rated_ma=self._rated_ma)
        folded = fold(state, [(ts * 1000, n) for ts, n in zip(times, indexes, strict=True)], self._grid, bounds)
        assert folded.state is not None
        for part in folded.booked:
            self._cycle.add(number, self._line.device, part)
            self._keep(quantity, part.start_ts, part.end_ts, part.energy_n, part.quality)
        self._cycle.findings.extend(CounterFinding(self._line.device, quantity, finding) for finding in folded.findings)
        return folded.state

    def _book_day(self, number: int, quantity: str, start_ts: int, edges: Sequence[int], energies: list[int]) -> None:
        """An undisturbed day: one addition a bin instead of one a slot and bin."""
        chunk, slot = divmod(self._line.device, SLOTS)
        cell = self._cycle.tally.cell
        for period, ordinal, low, high in _parts(start_ts, tuple(edges), self._zone):
            cell(period, ordinal, number, chunk).add(slot, sum(energies[low:high]))
        if self._cycle.accounts is not None:
            self._cycle.accounts.book_run(number, self._line.device, start_ts, tuple(edges), energies)
        if self._line.columns:
            for start, end, energy_n in zip((start_ts, *edges[:-1]), edges, energies, strict=True):
                self._keep(quantity, start, end, energy_n, Quality.GOOD)

    def _keep(self, quantity: str, start_ts: int, end_ts: int, energy_n: int, quality: int) -> None:
        self._energies.setdefault(quantity, {})[start_ts] = (end_ts, energy_n, quality)

    def _write_rows(self) -> None:
        line = self._line
        starts = {line.start_ts + i * line.step_s for i in range(max(map(len, line.columns.values())))}
        starts.update(start_ts for parts in self._energies.values() for start_ts in parts)
        for start_ts in sorted(starts):
            values = list(self._row_values(start_ts))
            if values:
                columns, values_n, quality = zip(*values, strict=True)
                length_s = self._grid.after(start_ts) - start_ts
                self._cycle.merge(Row(line.device, start_ts, length_s, columns, values_n, quality))

    def _row_values(self, start_ts: int) -> Iterator[tuple[Column, int | None, int]]:
        line = self._line
        at = (start_ts - line.start_ts) // line.step_s
        inside = start_ts >= line.start_ts
        if inside:
            for column, values in line.columns.items():
                if at < len(values):
                    yield column, values[at], Quality.GOOD
        for quantity, indexes in line.indexes.items():
            _, energy_n, quality = self._energies.get(quantity, {}).get(start_ts, (0, None, Quality.GOOD))
            if at >= -1:  # the day before left its last index to this one
                yield (quantity, "index"), indexes[at + 1] if at + 1 < len(indexes) else None, Quality.GOOD
            yield (quantity, "energy"), energy_n, quality


@lru_cache(maxsize=64)
def _edges(edge_ts: int, count: int, grid: Grid) -> tuple[int, ...]:
    """The ``count`` edges that follow."""
    edges = []
    for _ in range(count):
        edge_ts = grid.after(edge_ts)
        edges.append(edge_ts)
    return tuple(edges)


@lru_cache(maxsize=64)
def _parts(start_ts: int, edges: tuple[int, ...], zone: ZoneInfo) -> tuple[tuple[int, int, int, int], ...]:
    """The bins of consecutive slots: (period, ordinal, first slot, slot after the last)."""
    at = [address(ts, zone) for ts in (start_ts, *edges[:-1])]
    return tuple(part for period in Period for part in _runs(period, at))


def _runs(period: Period, at: list[Address]) -> Iterator[tuple[int, int, int, int]]:
    low = 0
    for ordinal, run in groupby(getattr(moment, period.name.lower()) for moment in at):
        high = low + len(list(run))
        yield period, ordinal, low, high
        low = high


def _parse(lines: Iterable[str | bytes]) -> Iterator[DayLine]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _line(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ConfigError([Fault("history", f"line {number}", f"not a day of history: {error}")]) from error


def _line(record: dict[str, Any]) -> DayLine:
    columns: dict[Column, list[int | None]] = {}
    for name, values in record.get("columns", {}).items():
        quantity, _, statistic = name.partition(".")
        columns[QUANTITIES[quantity].id, statistic] = values
    if record["step_s"] not in INTERVALS_S or record["start_ts"] < 0:
        raise ValueError(f"step_s is none of {INTERVALS_S}, or start_ts lies before 1970")
    indexes = {QUANTITIES[quantity].id: values for quantity, values in record["indexes"].items()}
    return DayLine(record["device"], record["start_ts"], record["step_s"], indexes, columns)
