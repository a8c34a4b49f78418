"""Quantities that a device does not tell: only the sums, means and ratios that its map names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from runtime.core.modbus.registers import Derived
from runtime.core.quantity.catalogue import QUANTITIES

Values = list[int | str | None]
Rule = tuple[int, tuple[int, ...], Callable[[Sequence[int]], int | None]]  # slot, slots of the parts, how


def rules(derived: Sequence[Derived], slots: dict[str, int]) -> tuple[Rule, ...]:
    """One rule per derived quantity; ``slots`` tells where every quantity of the device stands."""
    return tuple((slots[row.quantity], tuple(slots[part] for part in row.parts), _how(row)) for row in derived)


def derive(rules: Sequence[Rule], values: Values) -> None:
    """Write the derived slots; a missing part makes them missing."""
    for slot, parts, how in rules:
        counts = [values[part] for part in parts]
        known = [count for count in counts if isinstance(count, int)]
        values[slot] = how(known) if len(known) == len(counts) else None


def _how(row: Derived) -> Callable[[Sequence[int]], int | None]:
    if row.how == "sum":
        return sum
    if row.how == "mean":
        return lambda counts: round(Fraction(sum(counts), len(counts)))
    upper, lower = (QUANTITIES[part].exp10 for part in row.parts)
    factor = Fraction(10) ** (upper - lower - QUANTITIES[row.quantity].exp10)
    return lambda counts: round(factor * counts[0] / counts[1]) if counts[1] else None
