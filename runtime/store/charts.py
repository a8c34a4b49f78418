"""Charts from bins: consumption of something by time, of all loads at once; energy, money and how sure it is.

Who counted for a load is asked for the time of each bin; a bin in which that changed is put together from shorter ones.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast
from zoneinfo import ZoneInfo

import lmdb

from runtime.core import bins, timegrid
from runtime.core.assignments import Owners
from runtime.core.bins import SLOTS
from runtime.core.books import NUMBERS
from runtime.core.cost import Bill, TariffPart, bill
from runtime.core.installation import Installation
from runtime.core.quality import Quality
from runtime.core.tariffs import FLUIDS, amounts
from runtime.store.cells import NOTHING, Cells, Choice, Kept, Sum, choices_of
from runtime.store.env import Store
from runtime.store.lanes import BOOKED, CORRECTED, MOVED, VERSION_MASK
from runtime.store.spans import PERIODS, Span, pieces, spans_of, whole_spans_of

FIRST_YEAR, LAST_YEAR = 1900, 9000  # what the calendar can hold with the period before and the year after
BASES = ("recomputed", "billed")

Prices = dict[int, tuple[int, int | None]]


@dataclass(frozen=True, slots=True)
class ConsumptionBin:
    """One bar.

    value_n     in steps of the fluid's quantity; None = nothing is known of it, or it is still to come
    cost_p      in 10^-12 of the currency; None where nothing has a price
    unpriced_n  energy that no rule or no price covers
    """

    start_ts: int
    end_ts: int
    value_n: int | None
    quality: int = Quality.GOOD
    by_tariff: tuple[TariffPart, ...] = ()
    cost_p: int | None = None
    unpriced_n: int = 0


@dataclass(frozen=True, slots=True)
class Previous:
    """The period of the same name before."""

    start_ts: int
    end_ts: int
    total_n: int | None
    cost_p: int | None = None


@dataclass(frozen=True, slots=True)
class Consumption:
    """One chart: bins that cover the whole local period, the sum of what is known, the period before.

    total_n, by_tariff, cost_p, unpriced_n  of all bins, as in each of them; costs are of the energy, not of lines
    """

    quantity: str
    bins: tuple[ConsumptionBin, ...]
    total_n: int | None
    previous: Previous
    by_tariff: tuple[TariffPart, ...] = ()
    cost_p: int | None = None
    unpriced_n: int = 0


@dataclass(frozen=True, slots=True)
class LoadPart:
    """One load's share of a chart. ``load`` 0 = devices without one; values and quality are those of the bins."""

    load: int
    values_n: tuple[int | None, ...]
    quality: tuple[int, ...]
    total_n: int | None
    cost_p: int | None = None
    unpriced_n: int = 0


@dataclass(frozen=True, slots=True)
class LoadChart:
    """A chart divided by load: loads in order of their ids, those without a load last.

    starts_ts  of the bins; the last one ends at ``end_ts``
    """

    quantity: str
    starts_ts: tuple[int, ...]
    end_ts: int
    parts: tuple[LoadPart, ...]


class Site:
    """What charts need to know of an installation, worked out once."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.owners = Owners(installation)
        self.loads = tuple(load.id for load in installation.loads)
        self.devices = tuple(
            sorted({*(d.id for d in installation.devices), *(a.device for a in installation.assignments)})
        )
        tariffs = (*installation.tariffs, *installation.former_tariffs)
        self.prices: dict[str, Prices] = {
            fluid: amounts(tariff for tariff in tariffs if tariff.fluid == fluid) for fluid in FLUIDS
        }
        self._by_load: dict[int, ByLoad] = {}

    def by_load(self, ts: int) -> ByLoad:
        """The devices of each load at a moment. The same object as long as nothing changes."""
        until = self.owners.cut_after(ts)
        found = self._by_load.get(until)
        if found is None:
            found = self._by_load[until] = ByLoad(self, ts)
        return found

    def choices(self, of: str, ts: int) -> tuple[Choice, ...]:
        return choices_of(self.owners.members(of, ts))


class ByLoad:
    """Which slots of each chunk belong to which load."""

    def __init__(self, site: Site, ts: int) -> None:
        rows = ((device, site.owners.at(device, ts)) for device in site.devices)
        loads: dict[int, list[int]] = {}
        for device, row in rows:
            if row is not None and not row.excluded and not row.gone:
                loads.setdefault(row.load, []).append(device)
        self.chunks: dict[int, list[tuple[int, Choice]]] = {}
        for load, devices in loads.items():
            for choice in choices_of(tuple(devices)):
                self.chunks.setdefault(choice.chunk, []).append((load, choice))


class Charts:
    """Charts of one store. Any thread may ask."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._cells = Cells(store)
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
    ) -> Consumption:
        """As ``History.consumption``."""
        _check(fluid, period, date, basis)
        site = self._site_of(installation)
        prices = site.prices[fluid]
        with self._store.reading() as txn:
            read = _Reader(self._cells, txn, NUMBERS[fluid], basis, has_tariffs=bool(prices))
            chosen, cut_after = _chosen(site, of)

            def bar(span: Span) -> ConsumptionBin:
                parts = [(part, chosen(part.start_ts)) for part in pieces(span, cut_after, zone)]
                value_n, quality = _joined(read.sum(part, choices) for part, choices in parts)
                cost = bill(value_n, read.by_version(parts), prices)
                return ConsumptionBin(
                    span.start_ts, span.end_ts, value_n, quality, cost.by_tariff, cost.cost_p, cost.unpriced_n
                )

            shown = tuple(map(bar, spans_of(period, date, zone)))
            earlier = tuple(map(bar, whole_spans_of(period, bins.before(period, date), zone)))
        before = _summed(earlier)
        previous = Previous(
            earlier[0].start_ts, earlier[-1].end_ts, _total_n(bar.value_n for bar in earlier), before.cost_p
        )
        whole = _summed(shown)
        return Consumption(
            FLUIDS[fluid], shown, _total_n(bar.value_n for bar in shown), previous,
            whole.by_tariff, whole.cost_p, whole.unpriced_n,
        )  # fmt: skip

    def by_load(
        self,
        installation: Installation,
        *,
        fluid: str,
        period: str,
        date: datetime.date,
        zone: ZoneInfo,
        basis: str = "recomputed",
    ) -> LoadChart:
        """As ``History.by_load``."""
        _check(fluid, period, date, basis)
        site, spans = self._site_of(installation), spans_of(period, date, zone)
        with self._store.reading() as txn:
            read = _Reader(self._cells, txn, NUMBERS[fluid], basis, has_tariffs=bool(site.prices[fluid]))
            columns = [
                _joined_by_load(read.by_load(p, site) for p in pieces(s, site.owners.cut_after, zone)) for s in spans
            ]
            paid = read.paid_by_load(whole_spans_of(period, date, zone), site, zone)
        seen = {load for column in columns for load in column}
        order = (*sorted({*site.loads, *seen} - {0}), 0)
        parts = tuple(_load_part(load, columns, paid.get(load, {}), site.prices[fluid]) for load in order)
        return LoadChart(FLUIDS[fluid], tuple(span.start_ts for span in spans), spans[-1].end_ts, parts)

    def _site_of(self, installation: Installation) -> Site:
        site = self._site
        if site.installation is not installation:
            site = self._site = Site(installation)
        return site


class _Reader:
    """One read transaction at work on one fluid."""

    def __init__(self, cells: Cells, txn: lmdb.Transaction, number: int, basis: str, *, has_tariffs: bool) -> None:
        self._get = partial(cells.get, txn)
        self._keys = partial(cells.keys, txn)
        self._lanes = (number, CORRECTED | number)
        self._has_tariffs = has_tariffs
        self._last_lane = 0xFFFF if basis == "recomputed" else MOVED - 1

    def sum(self, span: Span, choices: Sequence[Choice]) -> Sum:
        """Energy of the chosen devices in one bin, corrections included."""
        found = NOTHING
        for choice in choices:
            for lane in self._lanes:
                if (kept := self._get(span.length, span.ordinal, lane, choice.chunk)) is not None:
                    found = _both(found, kept.sum(choice))
        return found

    def by_version(self, parts: Iterable[tuple[Span, Sequence[Choice]]]) -> dict[int, int]:
        """Price version -> energy of the chosen devices."""
        energies: dict[int, int] = {}
        if self._has_tariffs:
            for span, choices in parts:
                by_chunk = {choice.chunk: choice for choice in choices}
                for version, chunk, kept in self._tariff_cells(span):
                    if (choice := by_chunk.get(chunk)) is not None:
                        value_n, known, _ = kept.sum(choice)
                        if known:
                            energies[version] = energies.get(version, 0) + value_n
        return energies

    def by_load(self, span: Span, site: Site) -> dict[int, Sum]:
        """Load -> energy in one bin."""
        at = site.by_load(span.start_ts)
        sums: dict[int, Sum] = {}
        for chunk in at.chunks:
            for lane in self._lanes:
                if (kept := self._get(span.length, span.ordinal, lane, chunk)) is not None:
                    for load, part in _sums_by_load(kept, at, chunk):
                        sums[load] = _both(sums[load], part) if load in sums else part
        return sums

    def paid_by_load(self, spans: Iterable[Span], site: Site, zone: ZoneInfo) -> dict[int, dict[int, int]]:
        """Load -> price version -> energy."""
        paid: dict[int, dict[int, int]] = {}
        if not self._has_tariffs:
            return paid
        for span in (part for whole in spans for part in pieces(whole, site.owners.cut_after, zone)):
            at = site.by_load(span.start_ts)
            for version, chunk, kept in self._tariff_cells(span):
                if chunk in at.chunks:
                    for load, (value_n, _, _) in _sums_by_load(kept, at, chunk):
                        of = paid.setdefault(load, {})
                        of[version] = of.get(version, 0) + value_n
        return paid

    def _tariff_cells(self, span: Span) -> Iterator[tuple[int, int, Kept]]:
        for lane, chunk in self._keys(span.length, span.ordinal, BOOKED, self._last_lane):
            if (kept := self._get(span.length, span.ordinal, lane, chunk)) is not None:
                yield lane & VERSION_MASK, chunk, kept


def _sums_by_load(kept: Kept, at: ByLoad, chunk: int) -> list[tuple[int, Sum]]:
    found = kept.sums.get(at)
    if found is None:
        sums = ((load, choice.of(kept.cell)) for load, choice in at.chunks[chunk])
        found = kept.remember(at, [(load, part) for load, part in sums if part[1]])
    return cast(list[tuple[int, Sum]], found)


def _chosen(site: Site, of: str) -> tuple[Callable[[int], Sequence[Choice]], Callable[[int], int]]:
    """Whose slots count at a moment, and when that changes after a moment."""
    kind, _, id_text = of.partition(":")
    if kind == "device" and id_text.isdecimal() and len(id_text) <= 4:
        one = (Choice(int(id_text) // SLOTS, [int(id_text) % SLOTS]),)
        return lambda ts: one, lambda ts: timegrid.NEVER
    site.owners.members(of, 0)  # refuses what cannot be summed up
    return partial(site.choices, of), site.owners.cut_after


def _check(fluid: str, period: str, date: datetime.date, basis: str) -> None:
    if fluid not in FLUIDS or period not in PERIODS or basis not in BASES:
        raise ValueError(f"no such fluid, period or basis: {fluid}, {period}, {basis}")
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise ValueError(f"no chart of the year {date.year}")


def _both(a: Sum, b: Sum) -> Sum:
    return a[0] + b[0], a[1] or b[1], a[2] if a[2] >= b[2] else b[2]


def _joined(sums: Iterable[Sum]) -> tuple[int | None, int]:
    value_n, known, quality = NOTHING
    for part in sums:
        value_n, known, quality = _both((value_n, known, quality), part)
    return value_n if known else None, quality


def _joined_by_load(columns: Iterable[dict[int, Sum]]) -> dict[int, Sum]:
    whole: dict[int, Sum] = {}
    for column in columns:
        if not whole:
            whole = column
            continue
        for load, part in column.items():
            whole[load] = _both(whole[load], part) if load in whole else part
    return whole


def _total_n(values: Iterable[int | None]) -> int | None:
    known = [value_n for value_n in values if value_n is not None]
    return sum(known) if known else None


def _summed(shown: Iterable[ConsumptionBin]) -> Bill:
    """The bill of all bars: their energies and costs are exact, so they can be added."""
    parts: dict[int, tuple[int, int | None]] = {}
    unpriced_n = 0
    for bar in shown:
        unpriced_n += bar.unpriced_n
        for part in bar.by_tariff:
            value_n, cost_p = parts.get(part.tariff, (0, None))
            if part.cost_p is not None:
                cost_p = (cost_p or 0) + part.cost_p
            parts[part.tariff] = value_n + part.value_n, cost_p
    by_tariff = tuple(TariffPart(tariff, *parts[tariff]) for tariff in sorted(parts))
    return Bill(by_tariff, _total_n(part.cost_p for part in by_tariff), unpriced_n)


def _load_part(load: int, columns: list[dict[int, Sum]], paid: dict[int, int], prices: Prices) -> LoadPart:
    sums = [column.get(load, NOTHING) for column in columns]
    values_n = tuple(value_n if known else None for value_n, known, _ in sums)
    total_n = _total_n(values_n)
    cost = bill(total_n, paid, prices)
    return LoadPart(load, values_n, tuple(doubt for _, _, doubt in sums), total_n, cost.cost_p, cost.unpriced_n)
