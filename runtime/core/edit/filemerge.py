"""Rows of an installation file numbered, their names resolved, and brought into what is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from runtime.core.resource.reference import Reference
from runtime.core.resource.resource import Resource
from runtime.core.resource.schema import Row, by_field, missing_keys
from runtime.core.site.installation import Installation
from runtime.errors import Fault

Rows = Mapping[str, Sequence[Row]]  # word -> its rows
Ids = Mapping[str, Mapping[str, int]]  # word -> name -> id


@dataclass(frozen=True, slots=True)
class File:
    """What is loaded: its name, whether it replaces all, and what is wrong with it; ``faults`` grows."""

    name: str
    replace_all: bool
    faults: list[Fault]


def number_rows(rows: Rows, current: Installation) -> tuple[Rows, dict[str, int]]:
    """Give every row its id: the one it states, else that of the same name, else the next never used."""
    used, numbered = dict(current.used), dict(rows)
    for resource in _by_number(current):
        word, present = resource.word, {spec.name: spec.id for spec in current.of(resource)}
        stated = [row.values["id"] for row in rows[word] if "id" in row.values]
        highest = max([used.get(word, 0), *present.values(), *stated], default=0)
        listed = []
        for row in rows[word]:
            id = row.values.get("id") or present.get(row.values.get("name", ""))
            if id is None:
                highest += 1
                id = highest
            listed.append(Row(row.place, {**row.values, "id": id}))
        numbered[word], used[word] = listed, highest
    return numbered, used


def merge_rows(current: Installation, rows: Rows, file: File) -> Installation:
    """Numbered rows in the place of what has their number, and beside what else there is."""
    ids, whole = _ids_by_name(current, rows, file), current
    for resource in current.resources.edited:
        if resource.merge is None:
            whole = _merge(whole, resource, rows[resource.word], ids, file)
        else:
            merge = resource.merge
            whole = merge(whole, rows[resource.word], file.name, file.faults, replace_all=file.replace_all)
    return whole


def positions(rows: Rows, installation: Installation) -> dict[tuple[str, int], str]:
    """(word, id) -> where in the file it stands; not of what numbers itself."""
    words = [resource.word for resource in _by_number(installation)]
    return {(word, row.values["id"]): row.place for word in words for row in rows[word]}


def _by_number(installation: Installation) -> list[Resource[Any]]:
    return [resource for resource in installation.resources.edited if resource.merge is None]


def _merge(whole: Installation, resource: Resource[Any], rows: Sequence[Row], ids: Ids, file: File) -> Installation:
    kept = {} if file.replace_all else {spec.id: spec for spec in whole.of(resource)}
    for row in rows:
        values = _resolve_names(row, resource, ids, file)
        before = kept.get(values["id"])
        missing = [] if before else missing_keys(row, resource, file.name)
        file.faults.extend(missing)
        if not missing:
            kept[values["id"]] = replace(before, **by_field(values, resource)) if before else resource.build(values)
    return whole.having(resource, kept.values())


def _ids_by_name(current: Installation, rows: Rows, file: File) -> Ids:
    names: dict[str, dict[str, int]] = {}
    for resource in _by_number(current):
        known = {} if file.replace_all else {spec.name: spec.id for spec in current.of(resource)}
        stated = {row.values["name"]: row.values["id"] for row in rows[resource.word] if row.values.get("name")}
        names[resource.word] = known | stated
    return names


def _resolve_names(row: Row, resource: Resource[Any], ids: Ids, file: File) -> dict[str, Any]:
    """Names of what a row refers to turned into ids."""
    values = dict(row.values)
    for reference in (reference for reference in resource.references if reference.key in values):
        given = values[reference.key]
        if reference.many:
            values[reference.key] = tuple(_id_of(each, row, reference, ids, file) for each in given)
        else:
            values[reference.key] = _id_of(given, row, reference, ids, file)
    return values


def _id_of(given: object, row: Row, reference: Reference, ids: Ids, file: File) -> int:
    """0 and a fault for a name that nothing has."""
    if isinstance(given, int):
        return given
    known = ids[reference.to]
    if given not in known:
        hint = "the names in use: " + (", ".join(sorted(known)) or "none")
        place = f"{row.place}.{reference.key}"
        file.faults.append(Fault(file.name, place, f"there is no {reference.to} named {given!r}", hint))
    return known.get(str(given), 0)
