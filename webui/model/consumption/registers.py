"""Meters with a register for each tariff period (téléinfo): what each counted today, this month, this year; maxima."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from zoneinfo import ZoneInfo

from runtime.core.quantity.teleinfo import PERIODS as STATES
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
_MAXIMA = ("apparent_power_va", "current_l1_a", "current_l2_a", "current_l3_a")


@dataclass(frozen=True, slots=True)
class Register:
    """One register.

    period     a state of ``tariff_period``, "" where the contract is not known by its name
    is_active  it counts just now
    sums_n     what it counted in each of SPANS, 0.001 Wh; None = nothing is known
    """

    quantity: str
    number: int
    period: str
    is_active: bool
    index_n: int | None
    sums_n: tuple[int | None, ...]


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
                listed.append(Register(quantity, number, period, is_active, index_n, sums_n))
        return tuple(listed)

    def sums(self, device: int, quantity: str, today: datetime.date) -> tuple[int | None, ...]:
        """What a counter has in each of SPANS."""
        counters, zone = self._bridge.history.counters, self._bridge.zone
        return tuple(
            counters.energy(device, quantity, _stretch(span, today, zone), span, today, zone).total_n for span in SPANS
        )

    def maxima(self, view: DeviceView, today: datetime.date) -> dict[str, tuple[int | None, ...]]:
        """Quantity -> its highest in each of SPANS, of those that the meter sends."""
        sent = [quantity for quantity in _MAXIMA if quantity in view.quantities]
        return {quantity: tuple(self._highest(view.id, quantity, span, today) for span in SPANS) for quantity in sent}

    def _highest(self, device: int, quantity: str, span: str, today: datetime.date) -> int | None:
        start_ts, end_ts = _stretch(span, today, self._bridge.zone)
        rows = self._bridge.history.samples(device, quantity, start_ts, end_ts)
        highest = (row.values_n.get("max") for row in rows)
        return max((value for value in highest if value is not None), default=None)


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
