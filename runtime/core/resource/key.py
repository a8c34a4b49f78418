"""One key of a resource: its type, its bounds, what an edit makes of it; and the checks that many keys share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from runtime.core.text.naming import a_name, a_text, normalise_text
from runtime.errors import Facts

LAST_ID = 9999
MOST_LABELS = 64
MISSING = object()
_ZONES = ("UTC", "GMT", "WET", "CET", "MET", "EET", "EST", "MST", "HST")  # those without a place

# what is wrong with a value; with a code of its own before it, and the facts of it behind it
Problem = str | tuple[str, str] | tuple[str, str, Facts] | None


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table. ``problem`` returns what is wrong with a value of the right type, or None.

    default   what holds when nothing is given; MISSING: it must be given
    field     name of the field of the spec where it differs
    tidy      what an edit makes of a text before it is checked; a file is taken as it is
    left_out  what an edit that adds takes where a file would have to say it; MISSING: the same as a file
    is_blank  an edit may give "" for "none", which a file leaves out
    is_null   JSON has null for its default
    """

    types: tuple[type, ...]
    default: Any = MISSING
    problem: Callable[[Any], Problem] = lambda value: None
    field: str = ""
    tidy: Callable[[str], str] = lambda value: value
    left_out: Any = MISSING
    is_blank: bool = False
    is_null: bool = False


def id_key() -> Key:
    return Key((int,), problem=within(1, LAST_ID))


def name_key(default: Any = MISSING) -> Key:
    return Key((str,), default, a_name, tidy=normalise_text)


def text_key() -> Key:
    """A description: longer than a name, and it may be empty."""
    return Key((str,), "", a_text, tidy=normalise_text)


def switch_key() -> Key:
    return Key((bool,), True)


def reference_key(default: Any = 0) -> Key:
    """The number of another object, 0 = none; a file may give its name. MISSING: there must be one."""
    return Key((int, str), default, is_null=True)


def references_key() -> Key:
    """The numbers of others; a file may give their names."""
    return Key((list, tuple), (), _numbers_or_names)


def within(low: int, high: int) -> Callable[[Any], Problem]:
    def problem(value: int) -> Problem:
        if low <= value <= high:
            return None
        return "out_of_range", f"{value} is not between {low} and {high}", (("low", low), ("high", high))

    return problem


def one_of(*choices: object) -> Callable[[Any], Problem]:
    listed = ", ".join(str(choice) for choice in choices)
    return lambda value: None if value in choices else ("choice_unknown", f"{value!r} is none of {listed}")


def a_zone(value: str) -> Problem:
    """A place, not what a machine calls its own time, nor a copy of the table with leap seconds."""
    area, slash, _ = value.partition("/")
    try:
        good = area not in ("posix", "right") if slash else value in _ZONES
        good = good and bool(ZoneInfo(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        good = False
    return None if good else ("zone_unknown", f"{value[:80]!r} is not a time zone such as Europe/Paris")


def a_language(value: str) -> Problem:
    code, line, country = value.partition("_")
    good = value.isascii() and value.replace("_", "", 1).isalpha() and 2 <= len(code) <= 3 and code.islower()
    good = good and (not line or (2 <= len(country) <= 4 and country[0].isupper()))
    return None if good else ("language_unknown", f"{value[:80]!r} is not a language such as en or fr")


def some_labels(labels: Mapping[Any, Any]) -> Problem:
    """Short texts by a short text."""
    if len(labels) > MOST_LABELS:
        return "out_of_range", f"{len(labels)} labels are too many, {MOST_LABELS} at most"
    for place, label in labels.items():
        if not isinstance(label, str) or not isinstance(place, str):
            return "type_wrong", f"{place}: {label!r} is not a text"
        if problem := a_name(place) or a_name(label):
            return problem[0], f"{place[:80]}: {problem[1]}"
    return None


def some_parameters(values: Mapping[Any, Any]) -> Problem:
    """A few numbers and short texts."""
    if len(values) > MOST_LABELS:
        return "out_of_range", f"{len(values)} parameters are too many, {MOST_LABELS} at most"
    for name, value in values.items():
        if not isinstance(name, str) or not isinstance(value, str | int | float) or isinstance(value, bool):
            return "type_wrong", f"{name}: {value!r} is neither a number nor a text"
        if problem := a_name(name) or (a_name(value) if isinstance(value, str) else None):
            return problem[0], f"{name[:80]}: {problem[1]}"
        if isinstance(value, float) and not isfinite(value):
            return "out_of_range", f"{name}: {value} is no number to count with"
    return None


def _numbers_or_names(values: Iterable[Any]) -> Problem:
    good = all(isinstance(value, int | str) and not isinstance(value, bool) for value in values)
    return None if good else ("type_wrong", "is not a list of numbers or names")
