"""Rows of an installation file or of an edit: which keys they may have, of what type, within what bounds."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

from runtime.core.resource.key import MISSING, Key
from runtime.core.text.naming import a_text
from runtime.errors import Facts, Fault

# As people call them.
_TYPES: Mapping[type, str] = MappingProxyType(
    {int: "a whole number", float: "a number", str: "a text", bool: "true or false", list: "a list", tuple: "a list"}
)


class Keyed(Protocol):
    """What has rows: a resource, or a single table such as [site]."""

    @property
    def word(self) -> str: ...

    @property
    def keys(self) -> Mapping[str, Key]: ...


@dataclass(frozen=True, slots=True)
class Table:
    """A table of which there is one."""

    word: str
    keys: Mapping[str, Key]


@dataclass(frozen=True, slots=True)
class Row:
    """One checked table of the file. ``place`` is its address for messages: ``device[3]``."""

    place: str
    values: dict[str, Any]


def refuse_unknown_tables(table: Mapping[str, Any], words: list[str], file: str, faults: list[Fault]) -> None:
    for word in table:
        if word not in words:
            faults.append(Fault(file, word, "there is no such table", _nearest(word, words)))


def read_table(table: Mapping[str, Any], kind: Table, file: str, faults: list[Fault]) -> dict[str, Any]:
    """A table of which there is one, by field of what it fills."""
    values = table.get(kind.word, {})
    if not isinstance(values, Mapping):
        faults.append(Fault(file, kind.word, "is not a table", f"write [{kind.word}] on a line of its own"))
        return {}
    return by_field(check_row(kind.word, values, kind, file, faults), kind)


def by_field(values: Mapping[str, Any], kind: Keyed) -> dict[str, Any]:
    """Values under the names that their keys have in the spec."""
    return {kind.keys[key].field or key: value for key, value in values.items() if key in kind.keys}


def read_rows(
    table: Mapping[str, Any], kind: Keyed, file: str, faults: list[Fault], unique: Iterable[str] = ("id", "name")
) -> list[Row]:
    """All tables of a resource. ``unique``: keys of which no two may say the same."""
    listed = table.get(kind.word, [])
    if not isinstance(listed, list) or not all(isinstance(row, Mapping) for row in listed):
        hint = f"write [[{kind.word}]] above each one"
        faults.append(Fault(file, kind.word, "is not a list of tables", hint))
        return []
    places = [f"{kind.word}[{number}]" for number in range(1, len(listed) + 1)]
    rows = [Row(place, check_row(place, row, kind, file, faults)) for place, row in zip(places, listed, strict=True)]
    for key in unique:
        _refuse_twice(rows, key, file, faults)
    return rows


def missing_keys(row: Row, kind: Keyed, file: str) -> list[Fault]:
    """What a row must say when nothing with its id exists yet."""
    needed = [key for key, rule in kind.keys.items() if rule.default is MISSING and key != "id"]
    hint = f"a new {kind.word} needs it"
    return [
        Fault(file, f"{row.place}.{key}", "is missing", hint, "missing", kind.word, 0, key)
        for key in needed
        if key not in row.values
    ]


def check_row(
    place: str, row: Mapping[str, Any], kind: Keyed, file: str, faults: list[Fault], id: int = 0
) -> dict[str, Any]:
    """The values that are as they should be; a fault for each other one."""
    values: dict[str, Any] = {}
    for key, value in row.items():
        found = _fault(key, value, kind)
        if found is None:
            values[key] = value
        else:
            code, message, hint, facts = found
            faults.append(Fault(file, f"{place}.{key[:80]}", message, hint, code, kind.word, id, key[:80], facts))
    return values


def _fault(key: str, value: Any, kind: Keyed) -> tuple[str, str, str, Facts] | None:
    """Code, message, hint and facts."""
    rule = kind.keys.get(key)
    if rule is None:
        return "key_unknown", "unknown key", _nearest(key[:80], list(kind.keys)), ()
    if not isinstance(value, rule.types) or (isinstance(value, bool) and bool not in rule.types):
        expected = " or ".join(dict.fromkeys(_TYPES.get(t, t.__name__) for t in rule.types))
        return "type_wrong", f"{value!r:.80} is not {expected}", "", ()
    problem = rule.problem(value) or (a_text(value) if isinstance(value, str) else None)
    if problem is None:
        return None
    if isinstance(problem, str):
        return "value_wrong", problem, "", ()
    code, message, *facts = problem
    return code, message, "", facts[0] if facts else ()


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
