"""The one rule for texts that come from outside, whatever brings them: JSON, forms, files, headers, the command line.

Refused is what nobody sees or what turns a line around: control characters, halves of a letter (surrogates, which no
file and no database can keep), marks of writing direction, letters that Unicode does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

MOST_TEXT = 250
MOST_DEPTH = 32  # of lists in tables in lists
MOST_DIGITS = 30  # of a whole number; the largest that means anything has 20
MOST_EXPONENT = 40  # of a decimal number
MOST_LETTERS = 60  # of a number as it is written
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_HEXADECIMAL = re.compile(r"(0[xX])?[0-9a-fA-F]+")
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\u3000", " "))
_LINES = str.maketrans(dict.fromkeys("\t\r\n", " "))


def text_fault(text: str, most: int = MOST_TEXT, *, lines: bool = False) -> str:
    """Code of what keeps a text out, "" = it may come in: text_too_long, text_unprintable.

    lines  it may have several
    """
    if len(text) > most:
        return "text_too_long"
    if text.isprintable():
        return ""
    plain = text.translate(_SPACES)
    return "" if (plain.translate(_LINES) if lines else plain).isprintable() else "text_unprintable"


def decimal_of(text: str) -> Decimal:
    """A number as people write it: the digits 0 to 9, with a dot, a sign, an exponent; blanks around it do not count.

    raises  ValueError, also for "1_000" and digits of other scripts, which Python would take, and for one beyond
            measure: ``1e999999999`` is short to write and takes a gigabyte to work out
    """
    if len(text) > MOST_LETTERS:
        raise ValueError(f"{len(text)} characters are no number")
    if not _DECIMAL.fullmatch(bare := plain_spaces(text).strip(" ")):
        raise ValueError(f"{text!r} is no number")
    number = Decimal(bare)
    if abs(number.adjusted()) > MOST_EXPONENT:
        raise ValueError(f"{text!r} is beyond measure")
    return number


def whole_of(text: str, base: int = 10) -> int:
    """A whole number as people write it, hexadecimal with or without 0x; blanks around it do not count.

    raises  ValueError, also for "1_000" and digits of other scripts
    """
    bare = plain_spaces(text).strip(" ")
    if len(bare) > MOST_DIGITS or not (_HEXADECIMAL if base == 16 else _WHOLE).fullmatch(bare):
        raise ValueError(f"{text!r:.80} is no whole number")
    return int(bare, base)


def plain_spaces(text: str) -> str:
    """With blanks for the spaces that only look wider or do not break."""
    return text.translate(_SPACES)


def tree_fault(tree: Any, most: int) -> tuple[str, str] | None:
    """(key, code) of what keeps parsed JSON or TOML out, None = it may come in.

    Codes are those of ``text_fault`` and nested_too_deep, number_too_long. Of a text it asks only that it can be kept:
    whoever knows what it is for asks ``text_fault`` and blames the field.
    most  letters of one text
    """
    for key, value, depth in _walk(tree):
        if depth > MOST_DEPTH:
            return key, "nested_too_deep"
        if isinstance(value, str) and not _is_whole(value):
            return key, "text_unprintable"
        if isinstance(value, str) and len(value) > most:
            return key, "text_too_long"
        if isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:
            return key, "number_too_long"
    return None


def _is_whole(text: str) -> bool:
    """Without halves of letters, and without the letter that ends texts elsewhere."""
    return text.isprintable() or not any("\ud800" <= letter <= "\udfff" or letter == "\0" for letter in text)


def _walk(tree: Any) -> Iterator[tuple[str, Any, int]]:
    """Every key, and every value with the outermost key that it stands under; without recursion."""
    waiting = [("", tree, 0)]
    while waiting:
        key, value, depth = waiting.pop()
        yield key, value, depth
        if isinstance(value, dict):
            for name, item in value.items():
                yield key, name, depth
                waiting.append((key or (name[:60] if isinstance(name, str) else ""), item, depth + 1))
        elif isinstance(value, list):
            waiting += [(key, item, depth + 1) for item in value]
