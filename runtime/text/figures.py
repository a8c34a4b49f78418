"""Counts become numbers for programs (JSON) and figures for people (scaled unit, the language's own form)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_currency, format_decimal, get_decimal_symbol

from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.tariff.cost import money_text
from runtime.text.locales import locale_of

_SCALED = {
    "Wh": ("Wh", "kWh", "MWh", "GWh"),
    "varh": ("varh", "kvarh", "Mvarh", "Gvarh"),
    "VAh": ("VAh", "kVAh", "MVAh", "GVAh"),
    "W": ("W", "kW", "MW"),
    "var": ("var", "kvar", "Mvar"),
    "VA": ("VA", "kVA", "MVA"),
    "dm3": ("dm³", "m³"),
}
INDEXES = ("Wh", "varh", "VAh", "dm3")  # told by devices: always in thousands, as on the device itself
_DECIMALS = {"V": 1, "Hz": 2, "%": 1, "°C": 1, "°": 1, "h": 1}


@dataclass(frozen=True, slots=True)
class Figure:
    """A value as people read it: ``12,34`` and ``kW``. No value is a dash without unit."""

    text: str
    unit: str


NO_FIGURE = Figure("–", "")


def json_number(n: int, exp10: int) -> int | float:
    """The number that ``n`` counts of 10**exp10 are; with at most ``-exp10`` decimals when written."""
    step = 10**-exp10
    return n // step if n % step == 0 else n / step


def figure(quantity: str, n: int | str | None, locale: str) -> Figure:
    """A reading of ``quantity``, in the unit that suits its size."""
    if n is None:
        return NO_FIGURE
    row = QUANTITIES[quantity]
    if isinstance(n, str):
        return Figure(n, "")
    if row.kind == "state":
        return Figure(row.states[n] if 0 <= n < len(row.states) else str(n), "")
    value = json_number(n, row.exp10)
    if row.unit in INDEXES:
        return Figure(decimal(value / 1000, 2, locale), _SCALED[row.unit][1])
    return scale(value, row.unit, locale)


def scale(value: float, unit: str, locale: str) -> Figure:
    """``value`` in ``unit``, turned into thousands where that reads better."""
    steps = _SCALED.get(unit)
    if steps is None:
        return Figure(decimal(value, _decimals(value, unit), locale), unit)
    size = 0
    while abs(value) >= 1000 and size + 1 < len(steps):
        value, size = value / 1000, size + 1
    return Figure(decimal(value, _scaled_decimals(value, size), locale), steps[size])


def _scaled_decimals(value: float, size: int) -> int:
    if size == 0:
        return 0 if abs(value) >= 10 or value == 0 else 1
    return 2 if abs(value) < 100 else 1


def _decimals(value: float, unit: str) -> int:
    if unit in _DECIMALS:
        return _DECIMALS[unit]
    if value == int(value):
        return 0
    return 2 if abs(value) < 100 else 1


def decimal(value: float, decimals: int, locale: str) -> str:
    """``value`` with so many decimals, in the language's form."""
    return str(format_decimal(value, "#,##0." + "0" * decimals if decimals else "#,##0", locale=locale_of(locale)))


def price(amount_u: int, currency: str, locale: str) -> str:
    """Millionths of the currency for a unit, with all its decimals but at least the usual ones: ``0,1742 €``."""
    amount = Decimal(amount_u).scaleb(-6).normalize()
    return str(format_currency(amount, currency, locale=locale_of(locale), decimal_quantization=False))


def typed(number: str, locale: str) -> str:
    """A decimal number as somebody would type it: with the language's own mark, nothing else."""
    return number.replace(".", get_decimal_symbol(locale_of(locale)))


def money(cost_p: int, currency: str, locale: str) -> str:
    """A cost in 10^-12 of the currency, in the language's form: ``12,34 €``."""
    return str(format_currency(Decimal(money_text(cost_p, currency)), currency, locale=locale_of(locale)))
