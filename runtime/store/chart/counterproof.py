"""What the rows and bins of a counter prove: its index against its energy, its power against its index, its jumps."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

from runtime.core.clock.timegrid import DAY_S, HOUR_S
from runtime.core.energy import powerwitness
from runtime.core.energy.continuity import Gap, Jump, Recording, gaps_of, jumps_of, with_booked, without_repeats
from runtime.core.energy.displaycheck import grain_of
from runtime.core.energy.powerwitness import Agreement, Interval
from runtime.core.quantity.quality import Quality
from runtime.store.chart.counterhistory import CounterHistory, recordings_of
from runtime.store.object.events import Event
from runtime.store.row import Row

IMPORTED, EXPORTED, POWER = "active_energy_import_wh", "active_energy_export_wh", "active_power_w"
MOST_ROWS = 5000  # that power is compared in: a month of ten minutes
AROUND_S = 2 * HOUR_S  # of a jump, to know what was drawn
LAG_S = 60  # that an index is older than its row's end, at most
BOOKED_JUMPS = 20  # the newest ones, whose rows are read


@dataclass(frozen=True, slots=True)
class IndexWay:
    """How far an index went, and how much energy was booked meanwhile. ``rest_n`` is what nothing explains."""

    opening_ts: int
    opening_n: int
    closing_ts: int
    closing_n: int
    booked_n: int
    shifts_n: int
    slack_n: int

    @property
    def rest_n(self) -> int:
        return self.closing_n - self.opening_n - self.booked_n - self.shifts_n


@dataclass(frozen=True, slots=True)
class PowerProof:
    """Power against index from ``from_ts`` on: the intervals that had both."""

    agreement: Agreement
    from_ts: int
    intervals: tuple[Interval, ...] = ()


def noticed(events: Iterable[Event]) -> dict[str, tuple[list[Jump], list[Gap]]]:
    """Quantity -> jumps and gaps of one device's events, newest first."""
    kept: dict[str, tuple[list[Jump], list[Gap]]] = {}
    for event in events:
        for quantity, jump in jumps_of(event.code, event.ts_ms, event.detail):
            kept.setdefault(quantity, ([], []))[0].append(jump)
        for quantity, gap in gaps_of(event.code, event.ts_ms, event.detail):
            kept.setdefault(quantity, ([], []))[1].append(gap)
    return {quantity: (without_repeats(jumps), gaps) for quantity, (jumps, gaps) in kept.items()}


def booked_jumps(counters: CounterHistory, device: int, quantity: str, jumps: Sequence[Jump]) -> list[Jump]:
    """The jumps with what was booked for each, of the newest ones."""
    return [_booked(counters, device, quantity, jump) for jump in jumps[:BOOKED_JUMPS]] + list(jumps[BOOKED_JUMPS:])


def index_way(
    counters: CounterHistory, device: int, quantity: str, stretch: tuple[int, int], jumps: Iterable[Jump],
    period: str, date: datetime.date, zone: ZoneInfo,
) -> IndexWay | None:  # fmt: skip
    """Of a stretch of the local period that holds ``date``; None where no two indexes were recorded in it."""
    from_ts, to_ts = stretch
    opening = counters.aligned_row(device, quantity, from_ts - HOUR_S, to_ts, zone)
    closing = counters.last_aligned_row(device, quantity, from_ts - HOUR_S, to_ts, zone)
    if opening is None or closing is None or opening.end_ts >= closing.end_ts:
        return None
    booked = counters.energy(device, quantity, (opening.end_ts, closing.end_ts), period, date, zone)
    across = [jump for jump in jumps if opening.end_ts * 1000 < jump.ts_ms <= closing.end_ts * 1000]
    slack_n = (1 + len(across)) * (_lag_n(opening) + _lag_n(closing))
    shifts_n = sum(jump.shift_n for jump in across)
    return IndexWay(
        opening.end_ts, opening.index_n or 0, closing.end_ts, closing.index_n or 0, booked.measured_n or 0,
        shifts_n, slack_n,
    )  # fmt: skip


def power_proof(
    counters: CounterHistory, device: int, stretch: tuple[int, int], interval_s: int, ratio: Fraction | None = None
) -> PowerProof:
    """Active power times time against imported less exported energy, at the end of a stretch."""
    from_ts = max(stretch[0], stretch[1] - MOST_ROWS * interval_s)
    columns = {(POWER, "mean"), (IMPORTED, "index"), (IMPORTED, "energy"), (EXPORTED, "energy")}
    rows = counters.rows(device, columns, from_ts, stretch[1])
    intervals = tuple(each for row in rows if (each := _interval(row)) is not None)
    indexes = [each.index_n for each in recordings_of(rows, IMPORTED) if each.index_n]
    agreement = powerwitness.compare(intervals, grain_of(indexes) if indexes else 1, ratio)
    return PowerProof(agreement, intervals[0].start_ts if intervals else from_ts, intervals)


def pace_of(counters: CounterHistory, device: int, quantity: str, now_ts: int) -> tuple[int, int]:
    """(grain, most energy of an hour) of a counter by its last day."""
    rows = counters.rows(device, {(quantity, "index"), (quantity, "energy")}, now_ts - DAY_S, now_ts)
    last_day = list(recordings_of(rows, quantity))
    indexes = [each.index_n for each in last_day if each.index_n]
    hourly = [(each.energy_n or 0) * HOUR_S // (each.end_ts - each.start_ts) for each in last_day]
    return grain_of(indexes) if indexes else 1, max(hourly, default=0)


def _booked(counters: CounterHistory, device: int, quantity: str, jump: Jump) -> Jump:
    from_ts, to_ts = jump.since_ms // 1000 - AROUND_S, jump.ts_ms // 1000 + AROUND_S
    rows = counters.rows(device, {(quantity, "index"), (quantity, "energy")}, from_ts, to_ts)
    return with_booked(jump, list(recordings_of(rows, quantity)))


def _lag_n(each: Recording) -> int:
    return abs(each.energy_n or 0) * LAG_S // (each.end_ts - each.start_ts) + 1


def _interval(row: Row) -> Interval | None:
    """None where power or energy is missing or in doubt."""
    values = {
        column: value_n
        for column, value_n, quality in zip(row.columns, row.values_n, row.quality, strict=True)
        if quality == Quality.GOOD
    }
    power_n, imported_n = values.get((POWER, "mean")), values.get((IMPORTED, "energy"))
    if power_n is None or imported_n is None:
        return None
    energy_n = imported_n - (values.get((EXPORTED, "energy")) or 0)
    return Interval(row.start_ts, row.start_ts + row.interval_s, power_n, energy_n)
