"""Tariffs: what a kWh or a cubic metre costs, from which day on, and which version of the price that is.

A version is a price that once held. It is numbered for ever, since bins keep energy by it: an edited price becomes a
new version, the old one stays known, and what was booked under it keeps its price until somebody recomputes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from runtime.core.text.edge import decimal_of

FLUIDS: Mapping[str, str] = MappingProxyType(
    {
        "electricity": "active_energy_import_wh",
        "water": "water_dm3",
        "gas": "gas_dm3",
        "export": "active_energy_export_wh",  # what flows out: its price is what it earns
    }
)
MOST_TARIFFS = 5  # of one fluid
MOST_PRICES = 5  # of one tariff
LAST_VERSION = 0x3FFF
DECIMALS = 6  # of a price: with energy in 0.001 Wh its cost is whole in 10^-12 of the currency
_HIGHEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """From local midnight of a day on.

    version   1..16383, unique in the installation
    amount_u  millionths of the currency for a kWh or m3
    since     ISO date, "" = from ever
    """

    version: int
    amount_u: int
    since: str = ""


@dataclass(frozen=True, slots=True)
class TariffSpec:
    """One tariff of one fluid.

    colour    #rrggbb, "" = the pages choose one
    former    versions that were replaced; bins may still hold energy under them
    unpriced  version under which energy is kept while no price holds yet
    """

    id: int
    name: str
    fluid: str = "electricity"
    colour: str = ""
    prices: tuple[Price, ...] = ()
    former: tuple[Price, ...] = ()
    unpriced: int = 0

    def version_on(self, day: date) -> int:
        """The version whose price holds on a day of the site."""
        text, since, version = day.isoformat(), "", self.unpriced
        for price in self.prices:
            if since <= price.since <= text:
                since, version = price.since, price.version
        return version


def number_prices(before: TariffSpec | None, after: TariffSpec, highest: int) -> tuple[TariffSpec, int]:
    """Number the prices of an edited tariff: those that stay keep their version, others get the next ones.

    after    its versions do not matter
    highest  version ever given; the second result is the highest now
    """
    known = {} if before is None else {(p.amount_u, p.since): p for p in (*before.former, *before.prices)}
    prices = []
    for price in after.prices:
        kept = known.get((price.amount_u, price.since))
        if kept is None:
            highest += 1
            kept = replace(price, version=highest)
        prices.append(kept)
    unpriced = 0 if before is None else before.unpriced
    if not unpriced:
        unpriced = highest = highest + 1
    now = {price.version for price in prices}
    earlier = () if before is None else (*before.former, *before.prices)
    former = {price.version: price for price in earlier if price.version not in now}
    return replace(after, prices=tuple(prices), former=tuple(former.values()), unpriced=unpriced), highest


def amounts(tariffs: Iterable[TariffSpec]) -> dict[int, tuple[int, int | None]]:
    """Version -> (tariff, price in millionths; None where there is none), former ones included."""
    found: dict[int, tuple[int, int | None]] = {}
    for tariff in tariffs:
        found[tariff.unpriced] = (tariff.id, None)
        for price in (*tariff.former, *tariff.prices):
            found[price.version] = (tariff.id, price.amount_u)
    return found


def parse_amount(text: str | int | float) -> int:
    """A price as people write it -> millionths. Raises ValueError."""
    try:
        amount = decimal_of(str(text))
    except ValueError:
        raise ValueError(f"{text!r:.80} is not a price") from None
    if abs(amount) > _HIGHEST:
        raise ValueError(f"{text!r:.80} is not a price")
    whole = amount.scaleb(DECIMALS)
    if whole != int(whole):
        raise ValueError(f"{text!r} has more than {DECIMALS} decimals")
    return int(whole)


def amount_text(amount_u: int) -> str:
    """The inverse: at least two decimals."""
    whole, rest = divmod(abs(amount_u), 10**DECIMALS)
    decimals = f"{rest:0{DECIMALS}}".rstrip("0").ljust(2, "0")
    return f"{'-' * (amount_u < 0)}{whole}.{decimals}"
