"""The tables and keys of an installation file: which exist, of what type, within what bounds."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from runtime.core.installation import (
    EDITIONS,
    PREDEFINED_LOADS,
    BoardSpec,
    DeviceSpec,
    GatewaySpec,
    GroupSpec,
    LoadSpec,
)
from runtime.errors import Fault

INTERVALS_S = (60, 300, 600, 900, 1800, 3600)
MISSING = object()


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table. ``problem`` returns what is wrong with a value of the right type, or None."""

    types: tuple[type, ...]
    default: Any = MISSING  # MISSING: must be given
    problem: Callable[[Any], str | None] = lambda value: None
    field: str = ""  # name of the dataclass field where it differs


@dataclass(frozen=True, slots=True)
class Kind:
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


def _within(low: int, high: int) -> Callable[[Any], str | None]:
    return lambda value: None if low <= value <= high else f"{value} is not between {low} and {high}"


def one_of(*choices: object) -> Callable[[Any], str | None]:
    listed = ", ".join(str(choice) for choice in choices)
    return lambda value: None if value in choices else f"{value!r} is none of {listed}"


def a_name(value: str) -> str | None:
    if len(value) > 80:
        return f"{len(value)} characters are too many, 80 at most"
    return None if value.isprintable() else "holds a control character or a line end"


def _a_zone(value: str) -> str | None:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        return f"{value!r} is not a time zone such as Europe/Paris"
    return None


def _labels(labels: Mapping[Any, Any]) -> str | None:
    for place, label in labels.items():
        if not isinstance(label, str):
            return f"{place}: {label!r} is not a text"
        if problem := a_name(label):
            return f"{place}: {problem}"
    return None


def _a_currency(value: str) -> str | None:
    good = len(value) == 3 and value.isascii() and value.isupper()
    return None if good else f"{value!r} is not a currency code such as EUR"


def id_key() -> Key:
    return Key((int,), problem=_within(1, 9999))


_ID = id_key()
_NAME = Key((str,), "", a_name)
_SWITCH = Key((bool,), True)

SITE = Kind(
    "site",
    "site",
    {
        "name": Key((str,), "Wattkeeper", a_name, field="site"),
        "zone": Key((str,), "Europe/Paris", _a_zone),
        "currency": Key((str,), "EUR", _a_currency),
        "interval_s": Key((int,), 600, one_of(*INTERVALS_S)),
        "gas_wh_per_m3": Key((int,), 0, _within(0, 100_000)),
        "edition": Key((str,), "unlimited", one_of(*EDITIONS)),
    },
)
GATEWAY = Kind(
    "gateway",
    "gateways",
    {
        "id": _ID,
        "name": _NAME,
        "url": Key((str,)),
        "on": _SWITCH,
        "description": Key((str,), "", a_name),
        "timeout_ms": Key((int,), 0, _within(0, 10_000)),
        "board": Key((int, str), 0),
        "eq_device": Key((int,), 0, _within(0, 9999)),
        "local": Key((bool,), False),
    },
    lambda values: GatewaySpec(**{**values, "name": values.get("name") or values["url"]}),
)
DEVICE = Kind(
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
        "groups": Key((list, tuple), ()),
        "excluded": Key((bool,), False),
        "supply": Key((str,), "upstream", one_of("upstream", "downstream")),
        "parameters": Key((dict,), {}),
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
LOAD = Kind(
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
BOARD = Kind(
    "board",
    "boards",
    {"id": _ID, "name": Key((str,), problem=a_name), "description": Key((str,), "", a_name), "on": _SWITCH},
    lambda values: BoardSpec(**values),
)
GROUP = Kind(
    "group",
    "groups",
    {"id": _ID, "name": Key((str,), problem=a_name), "description": Key((str,), "", a_name), "on": _SWITCH},
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
    values = _checked("site", site, SITE, file, faults)
    return {SITE.keys[key].field or key: value for key, value in values.items()}


def read_rows(table: Mapping[str, Any], kind: Kind, file: str, faults: list[Fault]) -> list[Row]:
    listed = table.get(kind.word, [])
    if not isinstance(listed, list) or not all(isinstance(row, Mapping) for row in listed):
        hint = f"write [[{kind.word}]] above each one"
        faults.append(Fault(file, kind.word, "is not a list of tables", hint))
        return []
    places = [f"{kind.word}[{number}]" for number in range(1, len(listed) + 1)]
    rows = [Row(place, _checked(place, row, kind, file, faults)) for place, row in zip(places, listed, strict=True)]
    for key in kind.unique:
        _refuse_twice(rows, key, file, faults)
    return rows


def missing_keys(row: Row, kind: Kind, file: str) -> list[Fault]:
    """What a row must say when nothing with its id exists yet."""
    needed = [key for key, rule in kind.keys.items() if rule.default is MISSING and key != "id"]
    hint = f"a new {kind.word} needs it"
    return [Fault(file, f"{row.place}.{key}", "is missing", hint) for key in needed if key not in row.values]


def _checked(place: str, row: Mapping[str, Any], kind: Kind, file: str, faults: list[Fault]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in row.items():
        rule = kind.keys.get(key)
        if rule is None:
            faults.append(Fault(file, f"{place}.{key}", "unknown key", _nearest(key, list(kind.keys))))
        elif not isinstance(value, rule.types) or (isinstance(value, bool) and bool not in rule.types):
            expected = " or ".join(t.__name__ for t in rule.types)
            faults.append(Fault(file, f"{place}.{key}", f"{value!r} is not of type {expected}"))
        elif problem := rule.problem(value):
            faults.append(Fault(file, f"{place}.{key}", problem))
        else:
            values[key] = value
    return values


def _refuse_twice(rows: list[Row], key: str, file: str, faults: list[Fault]) -> None:
    first: dict[Any, str] = {}
    for row in rows:
        value = row.values.get(key)
        if value in (None, ""):
            continue
        if value in first:
            faults.append(Fault(file, f"{row.place}.{key}", f"{value!r} is taken by {first[value]}"))
        first.setdefault(value, row.place)


def _nearest(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, 1)
    return f"did you mean {close[0]!r}?" if close else "known: " + ", ".join(known)
