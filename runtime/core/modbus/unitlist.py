"""Modbus addresses as people write a choice of them."""

from __future__ import annotations


def parse_units(text: str) -> tuple[int, ...]:
    """``1-20,31`` -> those addresses in order. Raises ValueError that says what is expected."""
    units: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not (first.isascii() and first.isdigit() and (not dash or last.isascii() and last.isdigit())):
            raise ValueError(f"{text!r}: expected addresses like 1-20,31")
        low, high = int(first), int(last) if dash else int(first)
        if not 1 <= low <= high <= 255:
            raise ValueError(f"{text!r}: addresses go from 1 to 247 (255 on Modbus TCP)")
        units.update(range(low, high + 1))
    return tuple(sorted(units))
