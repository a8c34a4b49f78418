"""Edits of tariffs and cost rules: pure functions from the newest tree to the next (see ``edits``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from runtime.core.edit.billingfile import merge_billing
from runtime.core.edit.edits import Edit
from runtime.core.site.billingschema import RULE, TARIFF
from runtime.core.site.installation import Installation
from runtime.core.site.schema import Row, Table, check_row, missing_keys
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import TariffSpec
from runtime.core.text.naming import normalise_text
from runtime.errors import ConfigError, Fault

UP, DOWN = "up", "down"
MOST_ID = 9999
_DAYS = ("from", "to")


def add_tariff(values: Mapping[str, Any]) -> Edit:
    """Raises ConfigError at once for values that no tree could take."""
    taken = _values(TARIFF, values, 0)

    def edit(current: Installation) -> Installation:
        id = _next_id("tariff", current, (*current.tariffs, *current.former_tariffs))
        return _merge(current, {**taken, "id": id}, None)

    return edit


def patch_tariff(id: int, values: Mapping[str, Any]) -> Edit:
    """What is left out stays. A price that is changed is a new version: what was billed keeps the old one."""
    taken = _values(TARIFF, values, id)

    def edit(current: Installation) -> Installation:
        _tariff(current, id)
        return _merge(current, {**taken, "id": id}, None)

    return edit


def erase_tariff(id: int) -> Edit:
    """Bills of the past keep its name and its prices."""

    def edit(current: Installation) -> Installation:
        spec = _tariff(current, id)
        users = sum(rule.tariff == id for rule in current.rules)
        if users:
            message = f"{users} cost rules use it"
            raise ConfigError([_fault("tariff", id, "", "tariff_in_use", message, "delete these rules first")])
        kept = tuple(tariff for tariff in current.tariffs if tariff is not spec)
        return replace(current, tariffs=kept, former_tariffs=(*current.former_tariffs, spec))

    return edit


def add_rule(values: Mapping[str, Any]) -> Edit:
    """At the end of the list, before the default rule of its fluid."""
    taken = _values(RULE, values, 0)

    def edit(current: Installation) -> Installation:
        id = _next_id("rule", current, current.rules)
        merged = _merge(current, None, {**taken, "id": id})
        made = next(rule for rule in merged.rules if rule.id == id)
        return replace(merged, rules=_insert_rule(current, merged, made))

    return edit


def patch_rule(id: int, values: Mapping[str, Any]) -> Edit:
    """In its place in the list; a fluid is left only by another tariff."""
    taken = _values(RULE, values, id)

    def edit(current: Installation) -> Installation:
        spec = _rule(current, id)
        merged = _merge(current, None, {**taken, "id": id})
        made = next(rule for rule in merged.rules if rule.id == id)
        return replace(merged, rules=tuple(made if rule is spec else rule for rule in current.rules))

    return edit


def erase_rule(id: int) -> Edit:
    def edit(current: Installation) -> Installation:
        spec = _rule(current, id)
        return replace(current, rules=tuple(rule for rule in current.rules if rule is not spec))

    return edit


def move_rule(id: int, way: str) -> Edit:
    """One place up or down among the rules of its fluid; at the end of the list nothing changes."""

    def edit(current: Installation) -> Installation:
        spec, fluids = _rule(current, id), {tariff.id: tariff.fluid for tariff in current.tariffs}
        places = [at for at, rule in enumerate(current.rules) if fluids.get(rule.tariff) == fluids.get(spec.tariff)]
        here = places.index(current.rules.index(spec))
        other = here + (1 if way == DOWN else -1)
        if not 0 <= other < len(places):
            return current
        rules = list(current.rules)
        rules[places[here]], rules[places[other]] = rules[places[other]], rules[places[here]]
        return replace(current, rules=tuple(rules))

    return edit


def _values(kind: Table, values: Mapping[str, Any], id: int) -> dict[str, Any]:
    """Checked one by one; None is as if it had never been told."""
    wanted = {
        key: normalise_text(value) if key == "name" and isinstance(value, str) else value
        for key, value in values.items()
    }
    faults = [_fault(kind.word, id, "id", "key_fixed", "id cannot be set here")] if "id" in wanted else []
    defaults = {key: rule.default for key, rule in kind.keys.items() if isinstance(rule.default, bool | str | tuple)}
    filled = {key: defaults[key] if value is None and key in defaults else value for key, value in wanted.items()}
    filled = {key: value for key, value in filled.items() if key != "id" and (key, value) != ("date", "")}
    open_days = {key: "" for key in _DAYS if filled.get(key) == ""}  # as if they had never been told
    told = {key: value for key, value in filled.items() if key not in open_days}
    taken = check_row(kind.word, told, kind, "edit", faults, id) | open_days
    if id == 0:
        faults += missing_keys(Row(kind.word, taken), kind, "edit")
    if "tariff" in taken and not isinstance(taken["tariff"], int):
        faults.append(_fault(kind.word, id, "tariff", "type_wrong", "a tariff is told by its number"))
    if taken.get("name") == "":
        faults.append(_fault(kind.word, id, "name", "name_missing", "needs a name"))
    if faults:
        raise ConfigError(faults)
    return taken


def _merge(current: Installation, tariff: Mapping[str, Any] | None, rule: Mapping[str, Any] | None) -> Installation:
    faults: list[Fault] = []
    tariffs = [] if tariff is None else [Row("tariff", dict(tariff))]
    rules = [] if rule is None else [Row("rule", dict(rule))]
    billing = merge_billing(current, tariffs, rules, "edit", faults, replace_all=False)
    if faults:
        raise ConfigError([_locate_fault(fault, tariff, rule) for fault in faults])
    return replace(
        current,
        tariffs=billing.tariffs,
        former_tariffs=billing.former_tariffs,
        rules=billing.rules,
        used={**current.used, **billing.used},
    )


def _locate_fault(fault: Fault, tariff: Mapping[str, Any] | None, rule: Mapping[str, Any] | None) -> Fault:
    """With the object and the field that it is about."""
    kind, row = ("tariff", tariff) if tariff is not None else ("rule", rule or {})
    field = fault.field or (fault.key.rpartition(".")[2] if "." in fault.key else "")
    return replace(fault, kind=kind, id=row.get("id", 0), field=field)


def _insert_rule(current: Installation, merged: Installation, made: RuleSpec) -> tuple[RuleSpec, ...]:
    fluids = {tariff.id: tariff.fluid for tariff in merged.tariffs}
    at = next(
        (
            place
            for place, rule in enumerate(current.rules)
            if rule.default and not made.default and fluids.get(rule.tariff) == fluids.get(made.tariff)
        ),
        len(current.rules),
    )
    return (*current.rules[:at], made, *current.rules[at:])


def _next_id(kind: str, current: Installation, listed: tuple[TariffSpec | RuleSpec, ...]) -> int:
    id = max([current.used.get(kind, 0), *(spec.id for spec in listed)]) + 1
    if id > MOST_ID:
        raise ConfigError([_fault(kind, 0, "id", "ids_exhausted", f"all {MOST_ID} numbers were given")])
    return id


def _tariff(current: Installation, id: int) -> TariffSpec:
    found = next((tariff for tariff in current.tariffs if tariff.id == id), None)
    if found is None:
        raise ConfigError([_fault("tariff", id, "", "not_found", f"there is no tariff {id}")])
    return found


def _rule(current: Installation, id: int) -> RuleSpec:
    found = next((rule for rule in current.rules if rule.id == id), None)
    if found is None:
        raise ConfigError([_fault("rule", id, "", "not_found", f"there is no rule {id}")])
    return found


def _fault(kind: str, id: int, field: str, code: str, message: str, hint: str = "") -> Fault:
    return Fault("edit", f"{kind} {id}.{field}" if field else kind, message, hint, code, kind, id, field)
