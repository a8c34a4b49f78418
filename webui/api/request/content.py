"""The body of a request as a whole: a JSON object or a text."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import bottle

from runtime.core.text.edge import MOST_DIGITS, decimal_of, tree_fault
from webui.api.request.parameter import refuse

MOST_BYTES = 65_536
_WRONG = {
    "text_unprintable": "holds a control character or half of a letter.",
    "text_too_long": "is too long.",
    "nested_too_deep": "is nested too deep.",
    "number_too_long": "holds a number of too many digits.",
}


def json_object(most: int = MOST_BYTES, parse_float: Callable[[Decimal], Any] = float) -> dict[str, Any]:
    """Of the request that this thread answers: its texts and numbers are what people mean by such.

    Raises RequestRefused with the field.
    """
    try:
        value = json.loads(
            text(most) or "{}",
            parse_constant=_no_number,
            parse_int=_whole,
            parse_float=lambda written: parse_float(decimal_of(written)),
        )
    except (ValueError, RecursionError):
        raise refuse("", "The body is not JSON.", "body_wrong") from None
    if not isinstance(value, dict):
        raise refuse("", "The body must be a JSON object.", "body_wrong")
    if fault := tree_fault(value, most):
        field, code = fault
        raise refuse(field, f"{field or 'The body'} {_WRONG[code]}")
    return value


def text(most: int) -> str:
    environ = bottle.request.environ
    stream = bottle.request.body if "bottle.request.body" in environ else environ["wsgi.input"]  # whole, by the front
    raw = stream.read(most + 1)
    if len(raw) > most:
        raise refuse("", f"The body is larger than {most} bytes.", "body_wrong")
    try:
        return str(raw.decode())
    except UnicodeDecodeError:
        raise refuse("", "The body is not UTF-8.", "body_wrong") from None


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(digits[:MOST_DIGITS])
    return int(digits)


def _no_number(word: str) -> float:
    raise ValueError(word)
