"""Supply contracts of meters with a register for each tariff period: what each register's energy costs, to the Wh."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from runtime.core.resource.key import Key, Problem, id_key, name_key, reference_key, switch_key
from runtime.core.resource.reference import Reference
from runtime.core.resource.resource import Report, Resource, Tree
from runtime.core.tariff.keycheck import a_date, a_price
from runtime.core.tariff.tariffs import parse_amount

MOST_REGISTERS = 10
YEAR_DAYS = 365  # of which the subscription of a day is one
_SCALE = 10**6  # of the currency: a price is in 10^-6, a cost in 10^-12


@dataclass(frozen=True, slots=True)
class ContractSpec:
    """What a supplier asks for, or pays for what is given, from a day on.

    device        0 = the meter was erased: it is of the past
    since         ISO date, "" = from ever
    prices        of a kWh by register, from the first on, as texts; a register without one, or with "", has no price
    subscription  of a year, as a text, "" = none
    prorata       each day bears its 365th part; else the year alone bears it
    """

    id: int
    name: str
    device: int
    since: str = ""
    prices: tuple[str, ...] = ()
    subscription: str = ""
    prorata: bool = True

    def amount_u(self, register: int) -> int | None:
        """Millionths of the currency for a kWh of a register, counted from 1; None = it has no price."""
        text = self.prices[register - 1] if register <= len(self.prices) else ""
        return parse_amount(text) if text else None

    def cost_p(self, register: int, energy_n: int | None) -> int | None:
        """What 0.001 Wh of a register cost, in 10^-12 of the currency: exact."""
        amount_u = self.amount_u(register)
        return None if energy_n is None or amount_u is None else energy_n * amount_u

    def subscription_p(self, span: str, days: int) -> int:
        """What some days of a day, month or year bear of the subscription, in 10^-12, rounded down once."""
        year_p = parse_amount(self.subscription) * _SCALE if self.subscription else 0
        if self.prorata:
            return year_p * days // YEAR_DAYS
        return year_p if span == "year" else 0


def contracts_of(contracts: Iterable[ContractSpec], device: int) -> tuple[ContractSpec, ...]:
    """Those of a meter, by the day from which they hold."""
    return tuple(sorted((each for each in contracts if each.device == device), key=lambda each: each.since))


def _some_prices(values: Sequence[object]) -> Problem:
    if len(values) > MOST_REGISTERS:
        return "out_of_range", f"{len(values)} prices are too many, {MOST_REGISTERS} at most"
    for number, value in enumerate(values, 1):
        problem = _a_price_or_none(value) if isinstance(value, str) else f"{value!r} is not a text such as 0.1579"
        if problem:
            return "price_wrong", f"price {number}: {problem}", (("number", number),)
    return None


def _a_price_or_none(value: str) -> str | None:
    return a_price(value) if value else None


def _check(tree: Tree, report: Report) -> None:
    first: dict[tuple[int, str], int] = {}
    for contract in tree.of(CONTRACT):
        key = contract.device, contract.since
        if contract.device and first.setdefault(key, contract.id) != contract.id:
            message = f"contract {first[key]} begins on the same day"
            report("supply_contract", contract.id, "since", "contract_doubled", message)


CONTRACT = Resource(
    "supply_contract",
    "supply_contracts",
    ContractSpec,
    {
        "id": id_key(),
        "name": name_key(),
        "device": reference_key(),
        "since": Key((str,), "", a_date, is_blank=True),
        "prices": Key((list, tuple), (), _some_prices),
        "subscription": Key((str,), "", _a_price_or_none, is_blank=True),
        "prorata": switch_key(),
    },
    references=(Reference("device", "device"),),
    see=("consumptions", "panel_board", "system_configuration"),
    check=_check,
)
