"""Cells of a table of energies: numbers as the chosen format writes them, and what people must know of a row."""

from __future__ import annotations

from collections.abc import Iterable

from runtime.core.tariff.cost import EXP10 as COST_EXP10

ENERGY_EXP10 = -3


def number_text(n: int, exp10: int, decimal: str) -> str:
    """``n`` counts of 10**exp10, exact and without needless zeros."""
    whole, rest = divmod(abs(n), 10**-exp10)
    sign = "-" if n < 0 else ""
    decimals = f"{rest:0{-exp10}}".rstrip("0")
    return f"{sign}{whole}{decimal}{decimals}" if decimals else f"{sign}{whole}"


def energy_text(n: int, decimal: str) -> str:
    """Wh or dm3."""
    return number_text(n, ENERGY_EXP10, decimal)


def cost_text(cost_p: int, decimal: str) -> str:
    return number_text(cost_p, COST_EXP10, decimal)


def remark(estimated: Iterable[int], missing: Iterable[int]) -> str:
    """Which columns of a row are estimated and which are not known, by the ids of what they show."""
    parts = (("estimated", estimated), ("missing", missing))
    words = ((word, " ".join(map(str, ids))) for word, ids in parts)
    return "; ".join(f"{word}: {ids}" for word, ids in words if ids)
