"""How a quantity lies in registers of the live table: its type, its words, what stands there when it has no value."""

from __future__ import annotations

from math import nan

from runtime.core.quantity.catalogue import QUANTITIES, Quantity

LIVE_UNIT = 246
BY_NUMBER = {quantity.number: quantity for quantity in QUANTITIES.values()}
NO_COUNT, NO_STATE = -(1 << 63), 0xFFFF_FFFF
_TYPES = {"counter": ("i64", "q", 4), "gauge": ("f32", "f", 2), "state": ("u32", "I", 2)}  # by kind of quantity
_MOST_COUNT, _MOST_REAL = (1 << 63) - 1, 3.4e38


def is_tabled(quantity: Quantity) -> bool:
    """Texts have no place in the table."""
    return quantity.kind in _TYPES


def type_of(quantity: Quantity) -> str:
    return _TYPES[quantity.kind][0]


def code_of(quantity: Quantity) -> str:
    """Of the struct module."""
    return _TYPES[quantity.kind][1]


def words_of(quantity: Quantity) -> int:
    return _TYPES[quantity.kind][2]


def number_of(quantity: Quantity, value_n: int | str | None) -> int | float:
    """What the registers hold of a count: whole units of a counter, the real number of a gauge, the state as it is."""
    if not isinstance(value_n, int):
        return {"counter": NO_COUNT, "state": NO_STATE}.get(quantity.kind, nan)
    if quantity.kind == "counter":
        return _whole(quantity, value_n)
    if quantity.kind == "state":
        return value_n & NO_STATE
    return max(-_MOST_REAL, min(_MOST_REAL, value_n * 10.0**quantity.exp10))


def _whole(quantity: Quantity, value_n: int) -> int:
    """Rounded down, so that it never falls where the counter does not."""
    exponent = quantity.exp10
    scale = int(10 ** abs(exponent))
    whole = value_n * scale if exponent >= 0 else value_n // scale
    return max(-_MOST_COUNT, min(_MOST_COUNT, whole))
