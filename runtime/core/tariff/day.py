"""Days as rows of tariffs and cost rules say them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any


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
