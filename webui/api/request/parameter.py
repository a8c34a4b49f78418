"""Query parameters, checked: each function takes one, or refuses the request with 400 and the parameter's name."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection

import bottle

from runtime.core.accounting.past import has_past, is_deleted
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.installation import Installation
from runtime.core.text.edge import text_fault
from runtime.text.moment import parse_ts
from webui.http.errors import RequestRefused, not_found

_OF = re.compile(r"(device|load|group):[1-9][0-9]{0,3}", re.ASCII)
_PART = re.compile(r"(group):[1-9][0-9]{0,3}/(others|load:[1-9][0-9]{0,3})", re.ASCII)
_KINDS = ("total", "others", "device", "load", "group")


def refuse(field: str, message: str, code: str = "bad_parameter") -> RequestRefused:
    return RequestRefused(400, code, message, field)


def text(field: str, default: str | None = None) -> str:
    """Raises RequestRefused when it is missing and has no default."""
    raw = bottle.request.query.get(field, "")
    try:
        value = str(raw.encode("latin-1").decode())  # WSGI hands bytes on as Latin-1
    except UnicodeError:
        raise refuse(field, f"{field} is not UTF-8.") from None
    if text_fault(value):
        raise refuse(field, f"{field} holds what is no text, or too much of it.")
    if not value:
        if default is None:
            raise refuse(field, f"{field} is missing.", "missing_parameter")
        return default
    return value


def one_of(field: str, choices: Collection[str], default: str | None = None) -> str:
    value = text(field, default)
    if value not in choices:
        raise refuse(field, f"{field} must be one of {', '.join(choices)}.")
    return value


def integer(field: str, default: int, least: int, most: int) -> int:
    value = text(field, str(default))
    if not (value.isascii() and value.isdigit() and len(value) < 12 and least <= int(value) <= most):
        raise refuse(field, f"{field} must be a whole number from {least} to {most}.")
    return int(value)


def device_id(field: str) -> int:
    return integer(field, 0, 1, 9999)


def quantity(field: str) -> str:
    value = text(field)
    if value not in QUANTITIES:
        raise refuse(field, f"There is no quantity {value[:60]!r}.")
    return value


def day(field: str, default: datetime.date) -> datetime.date:
    value = text(field, default.isoformat())
    try:
        date = datetime.datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError:
        raise refuse(field, f"{field} must be a date as YYYY-MM-DD.") from None
    if not 1980 <= date.year <= 2099:
        raise refuse(field, f"{field} must lie between 1980 and 2099.")
    return date


def ts(field: str, default: int | None = None) -> int:
    """UTC seconds."""
    value = text(field, None if default is None else str(default))
    try:
        return parse_ts(value)
    except ValueError:
        raise refuse(field, f"{field} must be epoch seconds or ISO 8601 with an offset.") from None


def span_of(from_ts: int, to_ts: int, most_s: int) -> None:
    if not from_ts < to_ts:
        raise refuse("to", "to must lie after from.")
    if to_ts - from_ts > most_s:
        raise refuse("from", f"Ask for {most_s // 86_400} days at most.", "too_long")


def owner(field: str, installation: Installation, default: str = "total", kinds: Collection[str] = _KINDS) -> str:
    """One of ``kinds``: ``total``, ``others`` or ``device:ID``, ``load:ID``, ``group:ID`` of something with a past.

    Where all of them will do, also what a group has of a load: ``group:ID/load:ID``, ``group:ID/others``.
    """
    value = text(field, default)
    if value in ("total", "others") and value in kinds:
        return value
    match = _OF.fullmatch(value) or (_PART.fullmatch(value) if kinds is _KINDS else None)
    if not match or match[1] not in kinds:
        known = ", ".join(kind if kind in ("total", "others") else f"{kind}:ID" for kind in kinds)
        raise refuse(field, f"{field} must be one of {known}.")
    if is_deleted(installation, value) and not has_past(installation, value):
        raise not_found(match[1])
    return value
