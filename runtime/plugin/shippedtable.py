"""The tables of files that come with the program, read quickly: nearly all of a map is rows of one shape, a line each.

A test holds that each shipped file reads the same as by ``tomllib``; what is of any other shape goes there whole.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any

_ROWS = re.compile(r"^(\w+) = \[\n((?:  \{[^\n]*\},\n)+)\]$", re.MULTILINE)
_PAIR = re.compile(
    r'(\w+) = ("[^"\\\n]*"|0x[0-9A-F]+|-?\d+(?:\.\d+)?|true|false|\[[^\[\]{}"]*\]|\{[^\[\]{}"]*\}|\{[^\[\]{}]*\}'
    r'|\[[^\[\]{}]*\])(?:, *|$)'
)  # fmt: skip


class _OtherShape(Exception):
    """It is not one of the rows that are read here."""


def parse_shipped(text: str) -> dict[str, Any]:
    """As ``tomllib.loads`` with exact decimals. Raises TOMLDecodeError."""
    try:
        found = _ROWS.finditer(text)
        rows = {match[1]: [dict(_pairs(line[3:-2])) for line in match[2].splitlines()] for match in found}
    except _OtherShape:
        return tomllib.loads(text, parse_float=Decimal)
    table = tomllib.loads(_ROWS.sub(r"\1 = []", text), parse_float=Decimal)
    return table | rows


def _pairs(row: str) -> Iterator[tuple[str, Any]]:
    """Keys and values of an inline table without its braces."""
    at = 0
    while at < len(row):
        match = _PAIR.match(row, at)
        if match is None:
            raise _OtherShape
        at = match.end()
        value = match[2]
        yield match[1], _plain(value) if value[0] not in "[{" else _value(value)


@lru_cache(maxsize=8192)
def _plain(text: str) -> str | int | bool | Decimal:
    """Of a text, a number, true or false."""
    if text[0] == '"':
        return text[1:-1]
    if text in ("true", "false"):
        return text == "true"
    return Decimal(text) if "." in text else int(text, 0)


def _value(text: str) -> Any:
    return tomllib.loads(f"value = {text}", parse_float=Decimal)["value"]
