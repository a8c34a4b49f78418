"""Money: energy times price, exact in integers, rounded once for each line that is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

EXP10 = -12  # a cost is counted in 10^-12 of the currency: 0.001 Wh at a millionth per kWh is 1
# ISO 4217: decimals where they are not two
_NONE = ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF")
_THREE = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
_MINOR = MappingProxyType(dict.fromkeys(_NONE, 0) | dict.fromkeys(_THREE, 3))


@dataclass(frozen=True, slots=True)
class TariffPart:
    """Energy under one tariff, and its cost in 10^-12 of the currency; None where none of it has a price."""

    tariff: int
    value_n: int
    cost_p: int | None


@dataclass(frozen=True, slots=True)
class Bill:
    """What some energy costs.

    by_tariff   in order of tariff ids
    cost_p      of all that has a price, in 10^-12 of the currency; None where nothing has
    unpriced_n  energy that no rule or no price covers
    """

    by_tariff: tuple[TariffPart, ...] = ()
    cost_p: int | None = None
    unpriced_n: int = 0


def bill(value_n: int | None, by_version: Mapping[int, int], prices: Mapping[int, tuple[int, int | None]]) -> Bill:
    """Price energy.

    value_n     all of it, None = not known
    by_version  price version -> energy; what is in none of them has no tariff
    prices      version -> (tariff, millionths of the currency per kWh or m3)
    """
    parts: dict[int, tuple[int, int | None]] = {}
    covered_n = 0
    for version, energy_n in by_version.items():
        tariff, amount_u = prices.get(version, (0, None))
        if not tariff:
            continue
        before_n, cost_p = parts.get(tariff, (0, None))
        if amount_u is not None:
            cost_p = (cost_p or 0) + energy_n * amount_u
            covered_n += energy_n
        parts[tariff] = (before_n + energy_n, cost_p)
    by_tariff = tuple(TariffPart(tariff, *parts[tariff]) for tariff in sorted(parts))
    return Bill(by_tariff, _sum_p(part.cost_p for part in by_tariff), (value_n or 0) - covered_n)


def decimals_of(currency: str) -> int:
    """Decimals with which amounts of a currency are shown."""
    return _MINOR.get(currency, 2)


def money_text(cost_p: int, currency: str) -> str:
    """A cost as a decimal string in the smallest unit of the currency, rounded half to even."""
    decimals = decimals_of(currency)
    unit_p = 10 ** (-EXP10 - decimals)
    units, rest_p = divmod(abs(cost_p), unit_p)
    units += 2 * rest_p > unit_p or (2 * rest_p == unit_p and units % 2 == 1)
    sign = "-" if cost_p < 0 and units else ""
    whole, minor = divmod(units, 10**decimals)
    return f"{sign}{whole}" + (f".{minor:0{decimals}}" if decimals else "")


def _sum_p(costs: Iterable[int | None]) -> int | None:
    known = [cost for cost in costs if cost is not None]
    return sum(known) if known else None
