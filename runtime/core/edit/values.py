"""What an edit says of one object: tidied, completed and checked key by key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.core.resource.fault import edit_fault
from runtime.core.resource.key import MISSING
from runtime.core.resource.reference import Reference
from runtime.core.resource.resource import Resource
from runtime.core.resource.schema import Keyed, Row, check_row, missing_keys
from runtime.errors import ConfigError, Fault


def new_values(resource: Resource[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """For an object that is added. Raises ConfigError for what no tree could take."""
    taken = changed_values(resource, values, 0)
    for key, rule in resource.keys.items():
        if rule.left_out is not MISSING:
            taken.setdefault(key, rule.left_out)
    faults = [fault for fault in missing_keys(Row(resource.word, taken), resource, "edit") if fault.field != "name"]
    if _needs_name(resource) and not taken.get("name"):
        faults.append(edit_fault(resource.word, 0, "name", "name_missing", "needs a name"))
    if faults:
        raise ConfigError(faults)
    return taken


def changed_values(resource: Resource[Any], values: Mapping[str, Any], id: int) -> dict[str, Any]:
    """For an object that is changed; None is as if a key had not been given. Raises ConfigError."""
    fixed = [key for key in values if key == "id" or key in resource.fixed]
    faults = [edit_fault(resource.word, id, key, "key_fixed", f"{key} cannot be set here") for key in fixed]
    wanted = {key: value for key, value in values.items() if key not in fixed}
    taken = tidied_values(resource, wanted, faults, id)
    for reference in (reference for reference in resource.references if reference.key in taken):
        taken[reference.key] = _numbers(resource, reference, taken[reference.key], faults, id)
    if faults:
        raise ConfigError(faults)
    return taken


def tidied_values(kind: Keyed, values: Mapping[str, Any], faults: list[Fault], id: int = 0) -> dict[str, Any]:
    """Those that are as they should be; a fault for each other one."""
    known = {key: kind.keys[key] for key in values if key in kind.keys}
    wanted = dict(values)
    for key, rule in known.items():
        if isinstance(wanted[key], str):
            wanted[key] = rule.tidy(wanted[key])
        elif wanted[key] is None and rule.default is not MISSING:
            wanted[key] = rule.default
    blank = {key: "" for key, rule in known.items() if rule.is_blank and wanted[key] == ""}
    given = {key: value for key, value in wanted.items() if key not in blank}
    return check_row(kind.word, given, kind, "edit", faults, id) | blank


def _numbers(resource: Resource[Any], reference: Reference, value: Any, faults: list[Fault], id: int) -> Any:
    """Names stand in files only: they may change until an edit comes to its turn."""
    given = tuple(dict.fromkeys(value)) if reference.many else (value,)
    if not all(isinstance(each, int) for each in given):
        message = f"{value!r:.80} is not a number"
        faults.append(edit_fault(resource.word, id, reference.key, "type_wrong", message))
    return given if reference.many else value


def _needs_name(resource: Resource[Any]) -> bool:
    return "name" in resource.keys and resource.keys["name"].default is MISSING
