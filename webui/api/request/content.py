"""The body of a request as a whole: a JSON object or a text."""

from __future__ import annotations

import json
from typing import Any

import bottle

from webui.api.request.parameter import refuse

MOST_BYTES = 65_536


def json_object(most: int = MOST_BYTES) -> dict[str, Any]:
    """Of the request that this thread answers. Raises RequestRefused."""
    try:
        value = json.loads(text(most) or "{}", parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise refuse("", "The body is not JSON.", "body_wrong") from None
    if not isinstance(value, dict):
        raise refuse("", "The body must be a JSON object.", "body_wrong")
    return value


def text(most: int) -> str:
    raw = bottle.request.body.read(most + 1)
    if len(raw) > most:
        raise refuse("", f"The body is larger than {most} bytes.", "body_wrong")
    try:
        return str(raw.decode())
    except UnicodeDecodeError:
        raise refuse("", "The body is not UTF-8.", "body_wrong") from None


def _no_number(word: str) -> float:
    raise ValueError(word)
