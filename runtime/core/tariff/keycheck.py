"""What the keys of tariffs and cost rules may say; each check returns what is wrong, or None."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from runtime.core.resource.key import Problem
from runtime.core.tariff.rules import DAYS, parse_minute
from runtime.core.tariff.tariffs import parse_amount


def iso(day: str | date) -> str:
    """A date as ISO text; "" stays "". Raises ValueError."""
    if day == "":
        return ""
    return (day if isinstance(day, date) else date.fromisoformat(day)).isoformat()


def a_date(value: Any) -> str | None:
    """What is wrong with it, or None."""
    try:
        bad = isinstance(value, datetime) or not iso(value)
    except ValueError:
        bad = True
    return f"{value!r} is not a date such as 2026-12-25" if bad else None


def a_price(value: Any) -> str | None:
    try:
        parse_amount(value)
    except ValueError as error:
        return str(error)
    return None


def some_prices(value: Any) -> Problem:
    """Says which price it is, counted from 1."""
    for number, row in enumerate(value, 1):
        if problem := _price_problem(row):
            return "price_wrong", f"price {number}: {problem}", (("number", number),)
    return None


def _price_problem(row: Any) -> str | None:
    if isinstance(row, bool) or not isinstance(row, Mapping | int | float | str):
        return f"{row!r} is not a price"
    table = row if isinstance(row, Mapping) else {"price": row}
    if "price" not in table or table.keys() - {"price", "from"}:
        return 'each is {price = "0.158"} or {price = "0.158", from = 2026-01-01}'
    return a_price(table["price"]) or (a_date(table["from"]) if "from" in table else None)


def a_colour(value: str) -> str | None:
    digits = value.removeprefix("#")
    good = not value or (len(value) == 7 and len(digits) == 6 and all(c in "0123456789abcdefABCDEF" for c in digits))
    return None if good else f"{value!r} is not a colour such as #ff8800"


def a_minute(value: str) -> str | None:
    try:
        parse_minute(value)
    except ValueError as error:
        return str(error)
    return None


def some_weekdays(value: Any) -> str | None:
    for day in value:
        if day not in DAYS:
            return f"{day!r} is none of {', '.join(DAYS)}"
    return "names a day twice" if len(set(value)) < len(value) else None
