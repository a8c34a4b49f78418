"""Meters with a register for each tariff period (téléinfo): what each counted today, this month, this year; maxima."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from zoneinfo import ZoneInfo

from runtime.core.clock.timegrid import day_start
from runtime.core.quantity.teleinfo import PERIODS as STATES
from runtime.core.tariff.contract import CONTRACT, ContractSpec, contracts_of
from runtime.core.view import DeviceView
from runtime.store.chart.spans import spans_of
from webui.model.bridge import Bridge

SPANS = ("day", "month", "year")
_TEMPO = ("blue_off_peak", "blue_peak", "white_off_peak", "white_peak", "red_off_peak", "red_peak")
# contract as meters name it (OPTARIF, NGTF) -> periods of its registers, from the first on
_CONTRACTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "BASE": ("base",),
        "HC..": ("off_peak", "peak"),
        "H PLEINE/CREUSE": ("off_peak", "peak"),
        "EJP.": ("normal", "mobile_peak"),
        "EJP": ("normal", "mobile_peak"),
        "TEMPO": _TEMPO,
    }
)
_REGISTERS = 10
_MOST_MONTHS = 1000
_FIRST: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {"day": {}, "month": {"day": 1}, "year": {"month": 1, "day": 1}}
)
_MAXIMA = ("apparent_power_va", "current_l1_a", "current_l2_a", "current_l3_a")


@dataclass(frozen=True, slots=True)
class Register:
    """One register.

    period     a state of ``tariff_period``, "" where the contract is not known by its name
    is_active  it counts just now
    sums_n     what it counted in each of SPANS, 0.001 Wh; None = nothing is known
    costs_p    of these by the supply contract, 10^-12 of the currency; None where it has no price
    """

    quantity: str
    number: int
    period: str
    is_active: bool
    index_n: int | None
    sums_n: tuple[int | None, ...]
    costs_p: tuple[int | None, ...] = (None, None, None)


@dataclass(frozen=True, slots=True)
class ContractCost:
    """What the contracts of a meter come to in each of SPANS, 10^-12 of the currency: subscription, and all of it."""

    name: str
    subscriptions_p: tuple[int, ...]
    totals_p: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of one of SPANS, up to now, under one contract."""

    span: str
    start_ts: int
    end_ts: int
    days: int
    contract: ContractSpec


def has_registers(view: DeviceView) -> bool:
    """Whether a meter says which tariff period it is in."""
    return "tariff_period" in view.quantities or "tariff_register" in view.quantities


def total_of(view: DeviceView) -> str:
    """The counter of all periods: what it takes, or gives where it only gives."""
    return "active_energy_import_wh" if "active_energy_import_wh" in view.quantities else "active_energy_export_wh"


class RegisterReader:
    """Registers and maxima of meters, as bins and rows have them."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._past: dict[tuple[int, str, datetime.date], int | None] = {}  # highest values of months that are over

    def registers(self, view: DeviceView, today: datetime.date) -> tuple[Register, ...]:
        """Those that the meter sends and that have counted, or count."""
        values = dict(zip(view.quantities, view.values_n, strict=True))
        stem = total_of(view).removesuffix("_wh")
        listed = []
        for number in range(1, _REGISTERS + 1):
            quantity = f"{stem}_t{number}_wh"
            index_n = values.get(quantity)
            period = _period(values.get("contract"), number)
            is_active = _counts(values, number, period)
            if isinstance(index_n, int) and (index_n or is_active):
                sums_n = self.sums(view.id, quantity, today)
                costs_p = self._costs(view.id, quantity, number, today)
                listed.append(Register(quantity, number, period, is_active, index_n, sums_n, costs_p))
        return tuple(listed)

    def contract_cost(
        self, view: DeviceView, registers: Iterable[Register], today: datetime.date
    ) -> ContractCost | None:
        """None where the meter has no supply contract today."""
        pieces = self._pieces(view.id, today)
        if not pieces:
            return None
        of_span = {span: [piece for piece in pieces if piece.span == span] for span in SPANS}
        subscriptions = tuple(
            sum(piece.contract.subscription_p(span, piece.days) for piece in of_span[span]) for span in SPANS
        )
        energies = [sum(each.costs_p[at] or 0 for each in registers) for at in range(len(SPANS))]
        totals = tuple(map(sum, zip(subscriptions, energies, strict=True)))
        return ContractCost(pieces[-1].contract.name, subscriptions, totals)

    def _costs(self, device: int, quantity: str, number: int, today: datetime.date) -> tuple[int | None, ...]:
        """Of a register in each of SPANS: each part of it at the price that held."""
        counters, zone = self._bridge.history.counters, self._bridge.zone
        costs: dict[str, int | None] = dict.fromkeys(SPANS)
        for piece in self._pieces(device, today):
            stretch = piece.start_ts, piece.end_ts
            energy_n = counters.energy(device, quantity, stretch, piece.span, today, zone).total_n
            cost_p = piece.contract.cost_p(number, energy_n)
            if cost_p is not None:
                costs[piece.span] = (costs[piece.span] or 0) + cost_p
        return tuple(costs.values())

    def _pieces(self, device: int, today: datetime.date) -> list[_Piece]:
        """Each of SPANS up to today's end, cut where another contract begins to hold."""
        zone, listed = self._bridge.zone, contracts_of(self._bridge.installation().of(CONTRACT), device)
        tomorrow, found = today + datetime.timedelta(1), []
        for span in SPANS:
            first = today.replace(**_FIRST[span])
            starts = [*(min(max(_day(each.since), first), tomorrow) for each in listed), tomorrow]
            for contract, start, end in zip(listed, starts, starts[1:], strict=False):
                if start < end:
                    stretch = day_start(start.toordinal(), zone), day_start(end.toordinal(), zone)
                    found.append(_Piece(span, *stretch, (end - start).days, contract))
        return found

    def sums(self, device: int, quantity: str, today: datetime.date) -> tuple[int | None, ...]:
        """What a counter has in each of SPANS."""
        counters, zone = self._bridge.history.counters, self._bridge.zone
        return tuple(
            counters.energy(device, quantity, _stretch(span, today, zone), span, today, zone).total_n for span in SPANS
        )

    def maxima(self, view: DeviceView, today: datetime.date) -> dict[str, tuple[int | None, ...]]:
        """Quantity -> its highest in each of SPANS, of those that the meter sends."""
        sent = [quantity for quantity in _MAXIMA if quantity in view.quantities]
        return {quantity: self._highest(view.id, quantity, today) for quantity in sent}

    def _highest(self, device: int, quantity: str, today: datetime.date) -> tuple[int | None, ...]:
        day, month = (self._highest_in(device, quantity, span, today) for span in SPANS[:2])
        before = [
            self._highest_of_month(device, quantity, today.replace(day=1, month=n)) for n in range(1, today.month)
        ]
        return day, month, max((value for value in (*before, month) if value is not None), default=None)

    def _highest_of_month(self, device: int, quantity: str, first: datetime.date) -> int | None:
        """A month that is over is looked through once: a year of rows takes a second to read."""
        key = device, quantity, first
        if key not in self._past:
            if len(self._past) >= _MOST_MONTHS:
                self._past.clear()
            self._past[key] = self._highest_in(device, quantity, "month", first)
        return self._past[key]

    def _highest_in(self, device: int, quantity: str, span: str, date: datetime.date) -> int | None:
        start_ts, end_ts = _stretch(span, date, self._bridge.zone)
        rows = self._bridge.history.samples(device, quantity, start_ts, end_ts)
        highest = (row.values_n.get("max") for row in rows)
        return max((value for value in highest if value is not None), default=None)


def _day(since: str) -> datetime.date:
    return datetime.date.fromisoformat(since) if since else datetime.date.min


def _stretch(span: str, today: datetime.date, zone: ZoneInfo) -> tuple[int, int]:
    spans = spans_of(span, today, zone)
    return spans[0].start_ts, spans[-1].end_ts


def _period(contract: int | str | None, number: int) -> str:
    name = str(contract or "")
    known = _TEMPO if name.startswith("BBR") else _CONTRACTS.get(name, ())
    return known[number - 1] if number <= len(known) else ""


def _counts(values: Mapping[str, int | str | None], number: int, period: str) -> bool:
    if "tariff_register" in values:
        return values["tariff_register"] == number
    state = values["tariff_period"]
    return isinstance(state, int) and bool(period) and STATES[state] == period
