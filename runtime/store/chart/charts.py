"""Charts from bins: consumption of something by time, of all loads at once.

Who counted for a load is asked for the time of each bin; a bin in which that changed is put together from shorter ones.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from runtime.core.accounting.accounting import NUMBERS
from runtime.core.energy import bins
from runtime.core.site.installation import Installation
from runtime.core.tariff.cost import bill
from runtime.core.tariff.tariffs import FLUIDS
from runtime.store.chart.consumption import (
    Consumption,
    ConsumptionBin,
    LoadChart,
    LoadPart,
    Previous,
    sum_bars,
    total_n,
)
from runtime.store.chart.gasworth import Worth, revalued
from runtime.store.chart.owners import Prices, Site, chosen
from runtime.store.chart.reader import Reader, join, joined_by_load
from runtime.store.chart.spans import PERIODS, Span, pieces, spans_of, whole_spans_of
from runtime.store.energy.cells import NOTHING, Cells, Sum
from runtime.store.env import Store

FIRST_YEAR, LAST_YEAR = 1900, 9000  # what the calendar can hold with the period before and the year after
BASES = ("recomputed", "billed")


class Charts:
    """Charts of one store. Any thread may ask."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.cells = Cells(store)
        self._site = Site(Installation())

    def consumption(
        self,
        installation: Installation,
        *,
        of: str,
        fluid: str,
        period: str,
        date: datetime.date,
        zone: ZoneInfo,
        basis: str = "recomputed",
        as_energy: bool = False,
    ) -> Consumption:
        """As ``History.consumption``."""
        _check(fluid, period, date, basis)
        site = self._site_of(installation)
        worth = Worth(installation, zone, as_energy=as_energy)
        prices = site.prices[fluid]
        with self._store.reading() as txn:
            read = Reader(self.cells, txn, NUMBERS[fluid], basis, has_tariffs=bool(prices))
            bar = _bars(read, site, of, prices, worth, zone)
            shown = tuple(map(bar, spans_of(period, date, zone)))
            earlier = tuple(map(bar, whole_spans_of(period, bins.before(period, date), zone)))
        before = sum_bars(earlier)
        previous = Previous(
            earlier[0].start_ts, earlier[-1].end_ts, total_n(bar.value_n for bar in earlier), before.cost_p
        )
        whole = sum_bars(shown)
        return Consumption(
            FLUIDS[fluid], shown, total_n(bar.value_n for bar in shown), previous,
            whole.by_tariff, whole.cost_p, whole.unpriced_n,
        )  # fmt: skip

    def bins(
        self, installation: Installation, *, of: str, fluid: str, spans: Sequence[Span], zone: ZoneInfo,
        with_costs: bool = True,
    ) -> tuple[ConsumptionBin, ...]:  # fmt: skip
        """As those of ``consumption``, of any spans."""
        site = self._site_of(installation)
        prices = site.prices[fluid] if with_costs else {}
        with self._store.reading() as txn:
            read = Reader(self.cells, txn, NUMBERS[fluid], BASES[0], has_tariffs=bool(prices))
            return tuple(map(_bars(read, site, of, prices, Worth(installation, zone, as_energy=False), zone), spans))

    def by_load(
        self,
        installation: Installation,
        *,
        fluid: str,
        period: str,
        date: datetime.date,
        zone: ZoneInfo,
        basis: str = "recomputed",
        as_energy: bool = False,
        group: int = 0,
    ) -> LoadChart:
        """As ``History.by_load``."""
        _check(fluid, period, date, basis)
        worth = Worth(installation, zone, as_energy=as_energy)
        site, spans = self._site_of(installation), spans_of(period, date, zone)
        whole = whole_spans_of(period, date, zone)
        with self._store.reading() as txn:
            read = Reader(self.cells, txn, NUMBERS[fluid], basis, has_tariffs=bool(site.prices[fluid]))
            cut_after = worth.with_cuts(site.owners.cut_after)
            columns = [
                joined_by_load(worth.of_each(read.by_load(p, site, group), p) for p in pieces(s, cut_after, zone))
                for s in spans
            ]
            paid = read.paid_by_load(whole, site, group, zone)
            worths = (
                [
                    (part, read.paid_by_load([part], site, group, zone))
                    for span in whole
                    for part in pieces(span, worth.cut_after, zone)
                ]
                if as_energy
                else []
            )
        seen = {load for column in columns for load in column}
        order = (*sorted({*site.loads, *seen} - {0}), 0)
        parts = []
        for load in order:
            cost = bill(None, paid.get(load, {}), site.prices[fluid])
            covering = worth.versions((part, of.get(load, {})) for part, of in worths) if as_energy else paid.get(load)
            parts.append(_load_part(load, columns, covering or {}, site.prices[fluid], cost.cost_p))
        return LoadChart(FLUIDS[fluid], tuple(span.start_ts for span in spans), whole[-1].end_ts, tuple(parts))

    def _site_of(self, installation: Installation) -> Site:
        site = self._site
        if site.installation is not installation:
            site = self._site = Site(installation)
        return site


def _bars(
    read: Reader, site: Site, of: str, prices: Prices, worth: Worth, zone: ZoneInfo
) -> Callable[[Span], ConsumptionBin]:
    chosen_at, cut_after = chosen(site, of)

    def bar(span: Span) -> ConsumptionBin:
        parts = [(part, chosen_at(part.start_ts)) for part in pieces(span, worth.with_cuts(cut_after), zone)]
        sums = [read.sum(part, choices) for part, choices in parts]
        value_n, quality = join(worth.of(each, part) for each, (part, _) in zip(sums, parts, strict=True))
        cost = bill(join(sums)[0], read.by_version(parts), prices)
        if worth.as_energy:
            energies = worth.versions((part, read.by_version([(part, choices)])) for part, choices in parts)
            cost = revalued(cost, bill(value_n, energies, prices))
        return ConsumptionBin(
            span.start_ts, span.end_ts, value_n, quality, cost.by_tariff, cost.cost_p, cost.unpriced_n
        )

    return bar


def _check(fluid: str, period: str, date: datetime.date, basis: str) -> None:
    if fluid not in FLUIDS or period not in PERIODS or basis not in BASES:
        raise ValueError(f"no such fluid, period or basis: {fluid}, {period}, {basis}")
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise ValueError(f"no chart of the year {date.year}")


def _load_part(
    load: int, columns: list[dict[int, Sum]], paid: dict[int, int], prices: Prices, cost_p: int | None
) -> LoadPart:
    """``paid``: price version -> what it covers, in the unit of the columns."""
    sums = [column.get(load, NOTHING) for column in columns]
    values_n = tuple(value_n if known else None for value_n, known, _ in sums)
    whole_n = total_n(values_n)
    unpriced_n = bill(whole_n, paid, prices).unpriced_n
    return LoadPart(load, values_n, tuple(doubt for _, _, doubt in sums), whole_n, cost_p, unpriced_n)
