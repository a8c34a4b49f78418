"""The tables and keys of an installation file: which exist, of what type, within what bounds."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from runtime.core.site.installation import (
    EDITIONS,
    PREDEFINED_LOADS,
    BoardSpec,
    DeviceSpec,
    GatewaySpec,
    GroupSpec,
    LoadSpec,
)
from runtime.core.text.naming import a_name, a_text
from runtime.errors import Fault

INTERVALS_S = (60, 300, 600, 900, 1800, 3600)
MOST_LABELS = 64
MISSING = object()


Problem = str | tuple[str, str] | None  # what is wrong with a value; with a code of its own before it


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table. ``problem`` returns what is wrong with a value of the right type, or None."""

    types: tuple[type, ...]
    default: Any = MISSING  # MISSING: must be given
    problem: Callable[[Any], Problem] = lambda value: None
    field: str = ""  # name of the dataclass field where it differs


@dataclass(frozen=True, slots=True)
class Table:
    word: str
    plural: str
    keys: Mapping[str, Key]
    build: Callable[[dict[str, Any]], Any] = dict
    unique: tuple[str, ...] = ("id", "name")


@dataclass(frozen=True, slots=True)
class Row:
    """One checked table of the file. ``place`` is its address for messages: ``device[3]``."""

    place: str
    values: dict[str, Any]


def _within(low: int, high: int) -> Callable[[Any], Problem]:
    def problem(value: int) -> Problem:
        return None if low <= value <= high else ("out_of_range", f"{value} is not between {low} and {high}")

    return problem


def one_of(*choices: object) -> Callable[[Any], Problem]:
    listed = ", ".join(str(choice) for choice in choices)
    return lambda value: None if value in choices else ("choice_unknown", f"{value!r} is none of {listed}")


def _a_zone(value: str) -> Problem:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "zone_unknown", f"{value[:80]!r} is not a time zone such as Europe/Paris"
    return None


def _labels(labels: Mapping[Any, Any]) -> Problem:
    if len(labels) > MOST_LABELS:
        return "out_of_range", f"{len(labels)} labels are too many, {MOST_LABELS} at most"
    for place, label in labels.items():
        if not isinstance(label, str) or not isinstance(place, str):
            return "type_wrong", f"{place}: {label!r} is not a text"
        if problem := a_name(place) or a_name(label):
            return problem[0], f"{place[:80]}: {problem[1]}"
    return None


def _a_currency(value: str) -> Problem:
    good = len(value) == 3 and value.isascii() and value.isupper()
    return None if good else ("currency_unknown", f"{value[:80]!r} is not a currency code such as EUR")


def _a_language(value: str) -> Problem:
    good = 2 <= len(value) <= 8 and value.replace("_", "").isalpha() and value.isascii()
    return None if good else ("language_unknown", f"{value[:80]!r} is not a language such as en or fr")


def _parameters(values: Mapping[Any, Any]) -> Problem:
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


def _group_list(values: Iterable[Any]) -> Problem:
    good = all(isinstance(value, int | str) and not isinstance(value, bool) for value in values)
    return None if good else ("type_wrong", "is not a list of groups")


def id_key() -> Key:
    return Key((int,), problem=_within(1, 9999))


_ID = id_key()
_NAME = Key((str,), "", a_name)
_SWITCH = Key((bool,), True)

SITE = Table(
    "site",
    "site",
    {
        "name": Key((str,), "Wattkeeper", a_name, field="site"),
        "zone": Key((str,), "Europe/Paris", _a_zone),
        "currency": Key((str,), "EUR", _a_currency),
        "interval_s": Key((int,), 600, one_of(*INTERVALS_S)),
        "gas_wh_per_m3": Key((int,), 0, _within(0, 100_000)),
        "edition": Key((str,), "unlimited", one_of(*EDITIONS)),
        "language": Key((str,), "en", _a_language),
    },
)
GATEWAY = Table(
    "gateway",
    "gateways",
    {
        "id": _ID,
        "name": _NAME,
        "url": Key((str,)),
        "on": _SWITCH,
        "description": Key((str,), "", a_text),
        "timeout_ms": Key((int,), 0, _within(0, 10_000)),
        "board": Key((int, str), 0),
        "eq_device": Key((int,), 0, _within(0, 9999)),
        "local": Key((bool,), False),
    },
    lambda values: GatewaySpec(**{**values, "name": values.get("name", "")}),
)
DEVICE = Table(
    "device",
    "devices",
    {
        "id": _ID,
        "name": _NAME,
        "gateway": Key((int, str)),
        "unit": Key((int,), problem=_within(0, 255)),
        "model": Key((str,)),
        "on": _SWITCH,
        "load": Key((int, str), 0),
        "groups": Key((list, tuple), (), _group_list),
        "excluded": Key((bool,), False),
        "supply": Key((str,), "upstream", one_of("upstream", "downstream")),
        "parameters": Key((dict,), {}, _parameters),
        "number": Key((str,), "", a_name),
        "position": Key((int,), 0, _within(0, 99)),
        "side": Key((str,), "", one_of("", "left", "right")),
        "phase": Key((int,), 0, one_of(0, 1, 2, 3)),
        "interface": Key((int,), 0, _within(0, 255)),
        "labels": Key((dict,), {}, _labels),
        "exclude_alerts": Key((bool,), False),
        "confirmed": Key((bool,), False),
        "trial_until_ts": Key((int,), 0),
    },
    lambda values: DeviceSpec(**{"name": "", **values}),
)
LOAD = Table(
    "load",
    "loads",
    {
        "id": _ID,
        "name": Key((str,), problem=a_name),
        "on": _SWITCH,
        "predefined": Key((str,), "", one_of("", *PREDEFINED_LOADS)),
    },
    lambda values: LoadSpec(**values),
)
BOARD = Table(
    "board",
    "boards",
    {"id": _ID, "name": Key((str,), problem=a_name), "description": Key((str,), "", a_text), "on": _SWITCH},
    lambda values: BoardSpec(**values),
)
GROUP = Table(
    "group",
    "groups",
    {"id": _ID, "name": Key((str,), problem=a_name), "description": Key((str,), "", a_text), "on": _SWITCH},
    lambda values: GroupSpec(**values),
)
KINDS = (BOARD, GATEWAY, LOAD, GROUP, DEVICE)


def read_site(table: Mapping[str, Any], file: str, faults: list[Fault]) -> dict[str, Any]:
    """The [site] table as fields of ``Installation``; also faults for tables that do not exist."""
    words = ["site", *(kind.word for kind in KINDS), "tariff", "rule"]
    for word in table:
        if word not in words:
            faults.append(Fault(file, word, "there is no such table", _nearest(word, words)))
    site = table.get("site", {})
    if not isinstance(site, Mapping):
        faults.append(Fault(file, "site", "is not a table", "write [site] on a line of its own"))
        return {}
    values = check_row("site", site, SITE, file, faults)
    return {SITE.keys[key].field or key: value for key, value in values.items()}


def read_rows(table: Mapping[str, Any], kind: Table, file: str, faults: list[Fault]) -> list[Row]:
    listed = table.get(kind.word, [])
    if not isinstance(listed, list) or not all(isinstance(row, Mapping) for row in listed):
        hint = f"write [[{kind.word}]] above each one"
        faults.append(Fault(file, kind.word, "is not a list of tables", hint))
        return []
    places = [f"{kind.word}[{number}]" for number in range(1, len(listed) + 1)]
    rows = [Row(place, check_row(place, row, kind, file, faults)) for place, row in zip(places, listed, strict=True)]
    for key in kind.unique:
        _refuse_twice(rows, key, file, faults)
    return rows


def missing_keys(row: Row, kind: Table, file: str) -> list[Fault]:
    """What a row must say when nothing with its id exists yet."""
    needed = [key for key, rule in kind.keys.items() if rule.default is MISSING and key != "id"]
    hint = f"a new {kind.word} needs it"
    return [
        Fault(file, f"{row.place}.{key}", "is missing", hint, "missing", kind.word, 0, key)
        for key in needed
        if key not in row.values
    ]


def check_row(
    place: str, row: Mapping[str, Any], kind: Table, file: str, faults: list[Fault], id: int = 0
) -> dict[str, Any]:
    """The values that are as they should be; a fault for each other one."""
    values: dict[str, Any] = {}
    for key, value in row.items():
        found = _fault(key, value, kind)
        if found is None:
            values[key] = value
        else:
            code, message, hint = found
            faults.append(Fault(file, f"{place}.{key[:80]}", message, hint, code, kind.word, id, key[:80]))
    return values


def _fault(key: str, value: Any, kind: Table) -> tuple[str, str, str] | None:
    """Code, message and hint."""
    rule = kind.keys.get(key)
    if rule is None:
        return "key_unknown", "unknown key", _nearest(key[:80], list(kind.keys))
    if not isinstance(value, rule.types) or (isinstance(value, bool) and bool not in rule.types):
        expected = " or ".join(t.__name__ for t in rule.types)
        return "type_wrong", f"{value!r:.80} is not of type {expected}", ""
    problem = rule.problem(value)
    if problem is None:
        return None
    code, message = problem if isinstance(problem, tuple) else ("value_wrong", problem)
    return code, message, ""


def _refuse_twice(rows: list[Row], key: str, file: str, faults: list[Fault]) -> None:
    first: dict[Any, str] = {}
    for row in rows:
        value = row.values.get(key)
        if value in (None, ""):
            continue
        if value in first:
            faults.append(
                Fault(file, f"{row.place}.{key}", f"{value!r} is taken by {first[value]}", code=f"{key}_taken")
            )
        first.setdefault(value, row.place)


def _nearest(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, 1)
    return f"did you mean {close[0]!r}?" if close else "known: " + ", ".join(known)
