"""Edits of an installation: pure functions from the newest tree to the next, made from what a person or program asks.

An edit is made before the newest tree is known and applied to whatever tree is newest then. It refuses with a
ConfigError what it cannot do; what must hold for the whole is looked at afterwards (``validation.installation``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from runtime.core.edit.values import changed_values, new_values, tidied_values
from runtime.core.resource.fault import edit_fault, refused
from runtime.core.resource.resource import Resource
from runtime.core.resource.schema import Row, by_field
from runtime.core.site.defaults import WITHOUT_LOCAL, name_all, next_id, translate_loads, with_local
from runtime.core.site.installation import Installation
from runtime.core.site.settings import SITE
from runtime.errors import ConfigError, Fault

Edit = Callable[[Installation], Installation]


def add(resource: Resource[Any], values: Mapping[str, Any]) -> Edit:
    """Raises ConfigError at once for values that no tree could take."""
    taken = new_values(resource, values)

    def edit(current: Installation) -> Installation:
        id = next_id(resource, current)
        if id > resource.last_id:
            raise refused(resource.word, 0, "id", "ids_exhausted", f"all {resource.last_id} numbers were given")
        added = _bring_in(current, resource, {**taken, "id": id})
        return name_all(added.having(resource, added.of(resource), {resource.word: id}))

    return edit


def patch(resource: Resource[Any], id: int, values: Mapping[str, Any]) -> Edit:
    """Change some fields of an object; None means "as if it had not been given"."""
    taken = changed_values(resource, values, id)

    def edit(current: Installation) -> Installation:
        before = find_object(current, resource, id)
        edited = _bring_in(current, resource, {**taken, "id": id})
        changed: Installation = resource.on_change(edited, before, edited.find(resource, id))
        return name_all(changed)

    return edit


def erase(resource: Resource[Any], id: int) -> Edit:
    """Away with it for ever; its number is not given again, and what was recorded stays."""

    def edit(current: Installation) -> Installation:
        spec = find_object(current, resource, id)
        left: Installation = resource.on_erase(current, spec)
        _refuse_held(current, resource, id)
        kept = (each for each in left.of(resource) if each is not spec)
        highest = max(current.used.get(resource.word, 0), id)
        return _forget(left.having(resource, kept, {resource.word: highest}), resource, id)

    return edit


def settings(values: Mapping[str, Any]) -> Edit:
    """Change settings of the site; keys as in the [site] table of a file."""
    faults: list[Fault] = []
    taken = tidied_values(SITE, values, faults)
    if taken.get("name") == "":
        faults.append(edit_fault("site", 0, "name", "name_missing", "needs a name"))
    if faults:
        raise ConfigError(faults)
    fields = by_field(taken, SITE)

    def edit(current: Installation) -> Installation:
        changed = replace(current, **fields)
        if changed.language != current.language:
            changed = translate_loads(changed, current.language)
        return changed if changed.edition == current.edition else _fit_edition(changed)

    return edit


def find_object(current: Installation, resource: Resource[Any], id: int) -> Any:
    """The object, or ConfigError not_found."""
    spec = current.find(resource, id)
    if spec is None:
        raise refused(resource.word, id, "", "not_found", f"there is no {resource.word} {id}")
    return spec


def _bring_in(current: Installation, resource: Resource[Any], values: Mapping[str, Any]) -> Installation:
    """One object as these values make it; in its place in the list, or in that of a new one."""
    id, before = values["id"], current.find(resource, values["id"])
    if resource.merge is None:
        merged = current
        spec = resource.build(values) if before is None else replace(before, **by_field(values, resource))
    else:
        faults: list[Fault] = []
        merged = resource.merge(current, [Row(resource.word, dict(values))], "edit", faults, replace_all=False)
        if faults:
            raise ConfigError([_locate(fault, resource.word, id) for fault in faults])
        spec = merged.find(resource, id)
    listed = [spec if each is before else each for each in current.of(resource)]
    if before is None:
        listed.insert(resource.position(current, spec), spec)
    return merged.having(resource, listed)


def _locate(fault: Fault, word: str, id: int) -> Fault:
    """With the object and the field that it is about."""
    field = fault.field or (fault.key.rpartition(".")[2] if "." in fault.key else "")
    return replace(fault, kind=word, id=id, field=field)


def _refuse_held(current: Installation, resource: Resource[Any], id: int) -> None:
    for other, reference in current.resources.referring(resource):
        held = reference.held
        count = sum(id in reference.numbers(spec) for spec in current.of(other)) if held else 0
        if held and count:
            raise refused(resource.word, id, "", held.code, held.message.format(count=count), held.hint)


def _forget(current: Installation, resource: Resource[Any], id: int) -> Installation:
    """Nothing refers to what was erased."""
    for other, reference in current.resources.referring(resource):
        specs = current.of(other)
        if any(id in reference.numbers(spec) for spec in specs):
            forgotten = (
                replace(spec, **{reference.key: reference.without(spec, id)}) if id in reference.numbers(spec) else spec
                for spec in specs
            )
            current = current.having(other, forgotten)
    return current


def _fit_edition(current: Installation) -> Installation:
    """The Local gateway goes with an edition that has none; one with devices stays, and a rule refuses the edition."""
    if current.edition not in WITHOUT_LOCAL:
        return with_local(current)
    kept = tuple(each for each in current.gateways if not each.local or current.devices_of(each.id))
    return replace(current, gateways=kept)
