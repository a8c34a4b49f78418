"""Cost rules as a resource. Their order means something: the first true one wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from runtime.core.resource.key import MISSING, Key, id_key, one_of, reference_key
from runtime.core.resource.reference import Reference, Refusal
from runtime.core.resource.resource import Report, Resource, Tree
from runtime.core.resource.schema import Row, missing_keys
from runtime.core.tariff.keycheck import a_date, a_minute, iso, some_weekdays
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffresource import SEE, TARIFF
from runtime.core.tariff.tariffs import FLUIDS, TariffSpec
from runtime.core.tariff.validity import check_rules
from runtime.errors import Fault

T = TypeVar("T", bound=Tree)

_PLAIN = ("repeat", "start", "end", "days", "default")  # keys that are fields as they are


def merge_rules(tree: T, rows: Iterable[Row], file: str, faults: list[Fault], *, replace_all: bool) -> T:
    """Rules match by id, then by what they say. New ones come first, in the order of the rows."""
    used = {"rule": tree.used.get("rule", 0)}
    current, tariffs = tree.of(RULE), tree.of(TARIFF)
    merged: dict[int, RuleSpec] = {}
    for row in rows:
        rule = _merge_row(row, current, tariffs, used, file, faults)
        if rule is not None:
            merged[rule.id] = rule
    others = [] if replace_all else [rule for rule in current if rule.id not in merged]
    return tree.having(RULE, (*merged.values(), *others), used)


def _merge_row(
    row: Row,
    current: tuple[RuleSpec, ...],
    tariffs: tuple[TariffSpec, ...],
    used: dict[str, int],
    file: str,
    faults: list[Fault],
) -> RuleSpec | None:
    stated = row.values.get("id", 0)
    before = next((rule for rule in current if rule.id == stated), None)
    if before is None and (missing := missing_keys(row, RULE, file)):
        faults += missing
        return None
    values = _fields(row.values)
    if "tariff" in row.values:
        values["tariff"] = _tariff_id(row, tariffs, file, faults)
    rule = replace(before, **values) if before else RuleSpec(stated, **values)
    if not rule.id:
        same = next((known.id for known in current if replace(known, id=0) == rule), 0)
        rule = replace(rule, id=same or max([used["rule"], *(known.id for known in current)]) + 1)
    used["rule"] = max(used["rule"], rule.id)
    return rule


def _fields(row: Mapping[str, Any]) -> dict[str, Any]:
    """Of the spec. ``date`` is first and last day; an empty one says nothing."""
    values = {key: row[key] for key in _PLAIN if key in row}
    only = row.get("date") or None
    days = {"first": only or row.get("from"), "last": only or row.get("to")}
    values |= {key: iso(day) for key, day in days.items() if day is not None}
    return values | ({"days": tuple(values["days"])} if "days" in values else {})


def _tariff_id(row: Row, tariffs: Iterable[TariffSpec], file: str, faults: list[Fault]) -> int:
    given, fluid = row.values["tariff"], row.values.get("fluid", "")
    if isinstance(given, int):
        return given
    listed = list(tariffs)
    matching = [tariff for tariff in listed if tariff.name == given and fluid in ("", tariff.fluid)]
    if len(matching) == 1:
        return matching[0].id
    place = f"{row.place}.tariff"
    if matching:
        faults.append(Fault(file, place, f"there are several tariffs named {given!r}", 'say which: fluid = "gas"'))
    else:
        hint = "the names in use: " + (", ".join(sorted(tariff.name for tariff in listed)) or "none")
        faults.append(Fault(file, place, f"there is no tariff named {given!r}", hint))
    return 0


def _position(tree: Tree, rule: RuleSpec) -> int:
    """At the end of the list, before the default rule of its fluid."""
    fluids, rules = {tariff.id: tariff.fluid for tariff in tree.of(TARIFF)}, tree.of(RULE)
    before = (
        place
        for place, other in enumerate(rules)
        if other.default and not rule.default and fluids.get(other.tariff) == fluids.get(rule.tariff)
    )
    return next(before, len(rules))


def _file_row(rule: RuleSpec) -> dict[str, object]:
    table: dict[str, object] = {"id": rule.id, "tariff": rule.tariff}
    if rule.first and rule.first == rule.last:
        table["date"] = rule.first
    else:
        table |= {key: day for key, day in (("from", rule.first), ("to", rule.last)) if day}
    usual = RuleSpec(rule.id, rule.tariff)
    return table | {key: getattr(rule, key) for key in _PLAIN if getattr(rule, key) != getattr(usual, key)}


def _check(tree: Tree, report: Report) -> None:
    check_rules(tree.of(RULE), {tariff.id: tariff.fluid for tariff in tree.of(TARIFF)}, report)


def _day_key() -> Key:
    return Key((str, date), "", a_date, is_blank=True)


RULE = Resource(
    "rule",
    "rules",
    RuleSpec,
    {
        "id": id_key(),
        "tariff": reference_key(MISSING),
        "fluid": Key((str,), "", one_of(*FLUIDS)),
        "date": _day_key(),
        "from": _day_key(),
        "to": _day_key(),
        "repeat": Key((bool,), False),
        "start": Key((str,), "00:00", a_minute),
        "end": Key((str,), "23:59", a_minute),
        "days": Key((list, tuple), (), some_weekdays),
        "default": Key((bool,), False),
    },
    references=(
        Reference(
            "tariff", "tariff", held=Refusal("tariff_in_use", "{count} cost rules use it", "delete these rules first")
        ),
    ),
    see=SEE,
    order="order",
    check=_check,
    position=_position,
    merge=merge_rules,
    file_row=_file_row,
)
