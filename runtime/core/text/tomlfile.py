"""TOML that others wrote: measured before it is parsed, its texts and numbers checked before anybody uses them.

The parser of the standard library takes time by the square for some texts (keys of thousands of parts) and raises what
is no TOML error for others (numbers of thousands of digits, lists in lists). None of them means anything here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from runtime.core.text.edge import MOST_DEPTH, MOST_DIGITS, MOST_EXPONENT, tree_fault
from runtime.core.text.tomlscan import blank_texts
from runtime.errors import ConfigError, Fault

MOST_BYTES = 1_000_000
MOST_TABLES, MOST_KEYS = 20_000, 50_000
MOST_PARTS = 16  # of a key: a.b.c has three
MOST_KEY = 100
MOST_FAULTS = 100  # what is wrong with a file is reported up to here
_PIECE = re.compile(r"[^\[\]{}\n]+|\n+|[\[\]{}]")
_LONG_NUMBER = re.compile(
    rf"[0-9][0-9_]{{{MOST_DIGITS}}}|0[xob][0-9A-Fa-f_]{{{MOST_DIGITS}}}|[0-9.][eE][+-]?[0-9_]{{4}}"
)
_SEPARATOR = re.compile(r"[=,]")


class Faults(list[Fault]):
    """What is wrong with a file; the one that is too many ends the reading: raises ConfigError with all of them."""

    def append(self, fault: Fault) -> None:
        super().append(fault)
        if len(self) >= MOST_FAULTS:
            raise ConfigError(list(self))


def parse_toml(text: str, file: str, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """raises  ConfigError with the line that is not TOML, or with what is beyond measure"""
    if fault := _beyond(text):
        raise ConfigError([Fault(file, "", f"not taken: {fault}", "a file of this kind needs no such thing")])
    try:
        table = tomllib.loads(text, parse_float=parse_float)
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise ConfigError([Fault(file, "", f"not valid TOML: {error}"[:200], "see toml.io for the format")]) from None
    if wrong := tree_fault(table, MOST_BYTES) or _number_fault(table):
        raise ConfigError([Fault(file, wrong[0], _WRONG[wrong[1]])])
    return table


_WRONG = {
    "text_unprintable": "holds a control character or half of a letter",
    "text_too_long": "is too long",
    "nested_too_deep": f"is nested more than {MOST_DEPTH} times",
    "number_too_long": f"holds a number of more than {MOST_DIGITS} digits",
}


def _number_fault(table: Any) -> tuple[str, str] | None:
    """Keys and numbers that no file of ours has; without recursion."""
    waiting = [("", table)]
    while waiting:
        key, value = waiting.pop()
        if len(key) > MOST_KEY:
            return key[:MOST_KEY], "text_too_long"
        if isinstance(value, dict):
            waiting += value.items()
        elif isinstance(value, list):
            waiting += [(key, item) for item in value]
        elif isinstance(value, Decimal) and not (value.is_finite() and abs(value.adjusted()) <= MOST_EXPONENT):
            return key, "number_too_long"
    return None


def _beyond(text: str) -> str:
    """Why a text is not even parsed, "" = it is. Looks at each letter a few times."""
    if len(text) > MOST_BYTES:
        return f"more than {MOST_BYTES} characters"
    depth = parts = tables = keys = 0
    for piece in _PIECE.findall(blank_texts(text)):
        if piece in "[{":
            depth, parts, tables = depth + 1, 0, tables + 1
        elif piece in "]}":
            depth, parts = max(0, depth - 1), 0
        elif piece[0] == "\n":
            parts = 0
        elif _LONG_NUMBER.search(piece):
            return f"a number of more than {MOST_DIGITS} digits"
        else:
            parts, keys = _parts(piece, parts), keys + piece.count("=")
        if parts > MOST_PARTS or depth > MOST_DEPTH:
            return f"more than {MOST_PARTS} parts of a key, or than {MOST_DEPTH} lists in lists"
        if tables > MOST_TABLES or keys > MOST_KEYS:
            return f"more than {MOST_TABLES} tables and lists, or than {MOST_KEYS} keys"
    return ""


def _parts(piece: str, before: int) -> int:
    """Dots of the longest key in a piece; the first one may go on from the piece before."""
    first, *rest = _SEPARATOR.split(piece)
    return max([before + first.count("."), *(part.count(".") for part in rest)])
