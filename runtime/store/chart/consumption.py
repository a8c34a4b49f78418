"""What charts tell: bars and parts of loads; energy, money and how sure it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from runtime.core.quantity.quality import Quality
from runtime.core.tariff.cost import Bill, TariffPart


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


def total_n(values: Iterable[int | None]) -> int | None:
    known = [value_n for value_n in values if value_n is not None]
    return sum(known) if known else None


def sum_bars(shown: Iterable[ConsumptionBin]) -> Bill:
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
    return Bill(by_tariff, total_n(part.cost_p for part in by_tariff), unpriced_n)
