"""What a request brings in its body: one JSON object, each of its fields checked or blamed by name."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from runtime.core.text.edge import decimal_of, text_fault
from runtime.text.moment import parse_ts
from webui.api.request.content import json_object
from webui.api.request.parameter import refuse

_MISSING = object()
_LARGEST_N = 2**62


class Fields:
    """Taken one by one; ``end`` refuses what nobody took. All raise RequestRefused."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = dict(values)

    def has(self, name: str) -> bool:
        return self._values.get(name) is not None

    def text(self, name: str, default: Any = _MISSING, *, most: int = 250) -> str:
        value = self._take(name, default)
        if not isinstance(value, str) or text_fault(value, most):
            raise refuse(name, f"{name} must be a text of at most {most} characters in one line.")
        return value.strip()

    def one_of(self, name: str, choices: Collection[str], default: Any = _MISSING) -> str:
        value = self._take(name, default)
        if not isinstance(value, str) or value not in choices:
            raise refuse(name, f"{name} must be one of {', '.join(choices)}.")
        return str(value)

    def integer(self, name: str, least: int, most: int, default: Any = _MISSING) -> int:
        value = self._take(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise refuse(name, f"{name} must be a whole number from {least} to {most}.", "out_of_range")
        return value

    def flag(self, name: str, default: Any = _MISSING) -> bool:
        value = self._take(name, default)
        if not isinstance(value, bool):
            raise refuse(name, f"{name} must be true or false.")
        return value

    def word_or_number(self, name: str, *, most: int = 60) -> str | int | float:
        value = self._take(name, _MISSING)
        if isinstance(value, str) and not text_fault(value, most):
            return value
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise refuse(name, f"{name} must be a word or a number.")
        return value if isinstance(value, int) else float(value)

    def count(self, name: str, exp10: int, default: Any = _MISSING) -> int:
        """A number as counts of 10**exp10; no finer than that."""
        value = self._take(name, default)
        try:
            if isinstance(value, bool):
                raise ValueError(value)
            count = decimal_of(str(value)).scaleb(-exp10)
            if abs(count) > _LARGEST_N or count != int(count):
                raise ValueError(value)
        except (InvalidOperation, ValueError, OverflowError):
            raise refuse(name, f"{name} must be a number with at most {-exp10} decimals.", "number_wrong") from None
        return int(count)

    def ts(self, name: str, zone: ZoneInfo, default: Any = _MISSING) -> int:
        """UTC seconds. Without an offset it is the wall clock of ``zone``, of a time that comes twice the first."""
        value = self._take(name, default)
        try:
            return parse_ts(str(value), zone)
        except (ValueError, OverflowError):
            raise refuse(name, f"{name} must be epoch seconds or ISO 8601.", "moment_wrong") from None

    def day(self, name: str) -> datetime.date:
        value = self._take(name, _MISSING)
        try:
            return datetime.date.fromisoformat(value)
        except (TypeError, ValueError):
            raise refuse(name, f"{name} must be a date as YYYY-MM-DD.", "day_wrong") from None

    def value(self, name: str, default: Any = _MISSING) -> Any:
        """As it came: the caller checks it."""
        return self._take(name, default)

    def end(self) -> None:
        for name in (name for name, value in self._values.items() if value is not None):
            raise refuse(name, f"There is no field {name[:60]!r}.", "field_unknown")

    def _take(self, name: str, default: Any) -> Any:
        value = self._values.pop(name, None)
        if value is None or value == "":
            if default is _MISSING:
                raise refuse(name, f"{name} is missing.", "missing_parameter")
            return default
        return value


def fields() -> Fields:
    """Of the request that this thread answers. Raises RequestRefused."""
    return Fields(json_object(parse_float=lambda number: number))
