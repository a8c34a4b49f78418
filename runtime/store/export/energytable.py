"""The energy of chosen owners step by step, as charts have it; quarters of an hour from the samples below them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import lmdb

from runtime.core.accounting.assignments import Owners
from runtime.core.export.quarters import QUARTER_S, UNKNOWN, Quarters, split_by
from runtime.core.quantity.quality import Quality
from runtime.core.site.installation import Installation
from runtime.core.tariff.tariffs import FLUIDS
from runtime.store.chart.charts import Charts
from runtime.store.chart.consumption import ConsumptionBin
from runtime.store.chart.spans import Span, spans_of, whole_spans_of
from runtime.store.env import Store
from runtime.store.sample.rows import Rows

DAYS_AT_ONCE = 14
LONGEST_INTERVAL_S = 3600


@dataclass(frozen=True, slots=True)
class Step:
    """One row: [start_ts, end_ts), and for each owner its energy (None = not known), whether that is sure, its cost."""

    start_ts: int
    end_ts: int
    values_n: Sequence[int | None]
    estimated: Sequence[bool]
    costs_p: Sequence[int | None]


class EnergyTable:
    """Of one fluid. Reads in one transaction a few days at a time, so that pages are not kept for long."""

    def __init__(
        self, store: Store, installation: Installation, zone: ZoneInfo, owners: Sequence[str], fluid: str,
        *, with_costs: bool,
    ) -> None:  # fmt: skip
        self._store, self._installation, self._zone = store, installation, zone
        self._owners, self._fluid, self._with_costs = owners, fluid, with_costs
        self._charts, self._rows = Charts(store), Rows(store)
        self._members = Owners(installation)

    def steps(self, first: date, last: date, step: str) -> Iterator[Step]:
        """All of the days, both included; ``step`` as of ``Download``."""
        for day, end in _stretches(first, last):
            if step == "1d":
                yield from self._of_spans([span for each in _days(day, end) for span in self._whole(each)])
                continue
            hours = [span for each in _days(day, end) for span in spans_of("day", each, self._zone)]
            yield from self._of_spans(hours) if step == "1h" else self._of_quarters(hours)

    def _whole(self, day: date) -> Iterator[Span]:
        """The day, unless the zone skipped it."""
        return (span for span in whole_spans_of("day", day, self._zone) if span.start_ts < span.end_ts)

    def _of_spans(self, spans: Sequence[Span]) -> Iterator[Step]:
        columns = [self._bins(of, spans) for of in self._owners]
        for span, *bins in zip(spans, *columns, strict=True):
            values = [bin.value_n for bin in bins]
            yield Step(span.start_ts, span.end_ts, values, [_is_doubted(bin) for bin in bins], [b.cost_p for b in bins])

    def _of_quarters(self, hours: Sequence[Span]) -> Iterator[Step]:
        if not hours:
            return
        starts = [
            (hour, start_ts)
            for hour in range(len(hours))
            for start_ts in range(hours[hour].start_ts, hours[hour].end_ts, QUARTER_S)
        ]
        columns = [self._quarters_of(of, hours) for of in self._owners]
        for number, (hour, start_ts) in enumerate(starts):
            end_ts = min(start_ts + QUARTER_S, hours[hour].end_ts)
            values, estimated, costs = zip(*(column[number] for column in columns), strict=True)
            yield Step(start_ts, end_ts, values, estimated, costs)

    def _quarters_of(self, of: str, hours: Sequence[Span]) -> list[tuple[int | None, bool, int | None]]:
        """Of each quarter of these hours: energy, is it estimated, cost."""
        cells: list[tuple[int | None, bool, int | None]] = []
        read: dict[int, Quarters] = {}
        bins = self._bins(of, hours)
        with self._store.reading() as txn:
            for span, bin in zip(hours, bins, strict=True):
                members = self._members_of(of, span.start_ts)
                parts = [read.get(id) or read.setdefault(id, self._read(txn, id, hours)) for id in members]
                cells += _fitted(parts, span, bin)
        return cells

    def _members_of(self, of: str, ts: int) -> Sequence[int]:
        word, _, id = of.partition(":")
        return (int(id),) if word == "device" else self._members.members(of, ts)

    def _read(self, txn: lmdb.Transaction, device: int, hours: Sequence[Span]) -> Quarters:
        """The samples of a device, shared out. What an hour's bin says of it is not asked here."""
        start_ts, end_ts = hours[0].start_ts, hours[-1].end_ts
        quarters = Quarters(start_ts, (end_ts - start_ts) // QUARTER_S + 1)
        column = (FLUIDS[self._fluid], "energy")
        for row in self._rows.scan_device(txn, device, start_ts - LONGEST_INTERVAL_S, end_ts, column.__eq__):
            if row.values_n[0] is not None:
                doubted = row.quality[0] != Quality.GOOD
                quarters.add(row.start_ts, row.interval_s, row.values_n[0], estimated=doubted)
        return quarters

    def _bins(self, of: str, spans: Sequence[Span]) -> tuple[ConsumptionBin, ...]:
        return self._charts.bins(
            self._installation, of=of, fluid=self._fluid, spans=spans, zone=self._zone, with_costs=self._with_costs
        )


def _fitted(
    parts: Sequence[Quarters], span: Span, bin: ConsumptionBin
) -> Iterator[tuple[int | None, bool, int | None]]:
    """The quarters of one hour of what these devices are together, so that they hold what the hour's bin does."""
    count = -(-(span.end_ts - span.start_ts) // QUARTER_S)
    whole = Quarters(span.start_ts, count)
    for part in parts:
        first = (span.start_ts - part.start_ts) // QUARTER_S
        for number in range(count):
            if part.values_n[first + number] != UNKNOWN:
                estimated = bool(part.estimated[first + number])
                whole.add(span.start_ts + number * QUARTER_S, 0, part.values_n[first + number], estimated=estimated)
    whole.fit(0, count, bin.value_n, estimated=_is_doubted(bin))
    values = [None if n == UNKNOWN else n for n in whole.values_n]
    costs: Iterator[int | None] = iter([None] * count)
    if bin.cost_p is not None:
        costs = split_by(bin.cost_p, [n or 0 for n in values])
    return zip(values, map(bool, whole.estimated), costs, strict=True)


def _is_doubted(bin: ConsumptionBin) -> bool:
    return bin.value_n is not None and bin.quality != Quality.GOOD


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _stretches(first: date, last: date) -> Iterator[tuple[date, date]]:
    for _, days in groupby(_days(first, last), key=lambda day: (day - first).days // DAYS_AT_ONCE):
        listed = list(days)
        yield listed[0], listed[-1]
