"""Reading a table of a TOML file piece by piece: every fault is noted with its key, none stops the reading."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from runtime.core.text.edge import MOST_LETTERS, decimal_of, whole_of
from runtime.errors import Fault

Ratio = tuple[int, int]  # numerator, denominator > 0, in lowest terms


def nearest(word: str, known: Collection[str]) -> str:
    """A hint that names the most similar right word, else all of them when they are few."""
    word = word[:60]  # looking for likenesses takes time by the square
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"one of {', '.join(sorted(known))}" if 0 < len(known) <= 12 else ""


def ratio(value: object) -> Ratio | None:
    """An exact rational from 10, 0.01 or "1/3"; None when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    return _ratio_of(str(value))


@lru_cache(maxsize=256)  # maps write a few numbers thousands of times
def _ratio_of(text: str) -> Ratio | None:
    over, slash, under = text.partition("/")
    if len(text) > MOST_LETTERS:
        return None
    try:
        fraction = Fraction(whole_of(over), whole_of(under)) if slash else Fraction(decimal_of(over))
    except (ValueError, ZeroDivisionError):
        return None
    return fraction.as_integer_ratio()


class Table:
    """One table of a file and where it stands there (``field[3]``). Faults go to the list that all tables share."""

    def __init__(self, rows: Mapping[str, Any], place: str, file: str, faults: list[Fault]) -> None:
        self.rows, self.place, self.file, self.faults = rows, place, file, faults

    def __contains__(self, key: str) -> bool:
        return key in self.rows

    def fault(self, key: str, message: str, hint: str = "", code: str = "config_invalid") -> None:
        at = ".".join(part for part in (self.place, key) if part)
        self.faults.append(Fault(self.file, at, message, hint, code))

    def refuse_unknown(self, known: Collection[str]) -> None:
        for key in self.rows:
            if key not in known:
                self.fault(key, "unknown key", nearest(key, known))

    def require(self, *keys: str) -> bool:
        """Whether all are there; a fault for each that is not."""
        missing = [key for key in keys if key not in self.rows]
        for key in missing:
            self.fault(key, "is missing")
        return not missing

    def text(self, key: str, default: str = "") -> str:
        value = self.rows.get(key, default)
        if not isinstance(value, str) or (key in self.rows and not value.strip()):
            self.fault(key, f"{value!r} is not a text")
            return default
        return value

    def word(self, key: str, choices: Collection[str], default: str = "") -> str:
        value = self.rows.get(key, default)
        if key in self.rows and (not isinstance(value, str) or value not in choices):
            self.fault(key, f"{value!r} is not known here", nearest(str(value), choices))
            return default
        return str(value)

    def flag(self, key: str, default: bool) -> bool:
        value = self.rows.get(key, default)
        if not isinstance(value, bool):
            self.fault(key, f"{value!r} is neither true nor false")
            return default
        return value

    def integer(self, key: str, least: int, most: int, default: int | None = None) -> int | None:
        if key not in self.rows:
            return default
        value = self.rows[key]
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.fault(key, f"{value!r} is not an integer from {least} to {most}")
            return default
        return value

    def ratio(self, key: str, default: Ratio = (1, 1)) -> Ratio:
        if key not in self.rows:
            return default
        value = ratio(self.rows[key])
        if value is None:
            self.fault(key, f"{self.rows[key]!r} is not a number", 'write 10, 0.01 or "1/3"')
            return default
        return value

    def listed(self, key: str, kind: type | tuple[type, ...]) -> tuple[Any, ...]:
        """The items of a list of ``kind``; () when absent."""
        value = self.rows.get(key, [])
        if not isinstance(value, list) or not all(isinstance(i, kind) and not isinstance(i, bool) for i in value):
            self.fault(key, "is not a list as expected here")
            return ()
        return tuple(value)

    def tables(self, key: str) -> list[Table]:
        """The tables of a list of tables, numbered from 1."""
        value = self.rows.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self.fault(key, "is not a list of tables")
            return []
        return [Table(row, f"{key}[{number}]", self.file, self.faults) for number, row in enumerate(value, 1)]

    def table(self, key: str) -> Table:
        """A table inside this one; empty when absent."""
        value = self.rows.get(key, {})
        if not isinstance(value, dict):
            self.fault(key, "is not a table")
            value = {}
        return Table(value, ".".join(part for part in (self.place, key) if part), self.file, self.faults)
