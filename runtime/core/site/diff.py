"""What differs between two installations, object by object; how to recognise an object; how to take a change back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from runtime.core.resource.registry import Resources
from runtime.core.resource.resource import Resource
from runtime.core.site.installation import Installation, as_record, from_record
from runtime.core.site.settings import SITE_FIELDS
from runtime.errors import ConfigError, Fault

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
SITE = "site"


@dataclass(frozen=True, slots=True)
class Change:
    """One object that an edit touched.

    kind    "site" or the word of a resource; id 0 for the site
    name    as it is now, or was
    action  "added", "changed" or "removed"
    fields  name -> (before, after), plain values; all fields of what was added or removed, with None on the other side
    """

    kind: str
    id: int
    name: str
    action: str
    fields: dict[str, tuple[Any, Any]]


def etag_of(spec: object) -> str:
    """Changes with each field of an object."""
    return hashlib.blake2b(repr(spec).encode(), digest_size=8).hexdigest()


def site_of(installation: Installation) -> dict[str, Any]:
    """The settings of the site as a whole, by field."""
    return {name: getattr(installation, name) for name in SITE_FIELDS}


def object_of(installation: Installation, kind: str, id: int) -> Any:
    """The object of that kind and id, or None; for the site its settings."""
    if kind == SITE:
        return site_of(installation)
    return installation.find(installation.resources.named(kind), id)


def changes_between(before: Installation, after: Installation) -> tuple[Change, ...]:
    """Empty when nothing that people configure differs."""
    found = [change for resource in after.resources for change in _changes_of(resource, before, after)]
    old, new = _site_record(before), _site_record(after)
    differing = {name: (old[name], new[name]) for name in new if old[name] != new[name]}
    if differing:
        found.insert(0, Change(SITE, 0, after.site, CHANGED, differing))
    return tuple(found)


def _site_record(installation: Installation) -> dict[str, Any]:
    """Its settings, and the order of what is asked one after the other."""
    orders = {
        resource.order: [spec.id for spec in installation.of(resource)]
        for resource in installation.resources
        if resource.order
    }
    return {**site_of(installation), **orders}


def _changes_of(resource: Resource[Any], before: Installation, after: Installation) -> list[Change]:
    old, new = ({spec.id: spec for spec in each.of(resource)} for each in (before, after))
    found = []
    for id in {**old, **new}:
        was, now = old.get(id), new.get(id)
        if was is now or was == now:
            continue
        action = ADDED if was is None else REMOVED if now is None else CHANGED
        name = getattr(now or was, "name", "")
        found.append(Change(resource.word, id, name, action, _fields(was, now)))
    return found


def _fields(was: Any, now: Any) -> dict[str, tuple[Any, Any]]:
    old, new = (_plain(spec) for spec in (was, now))
    if was is None or now is None:
        return {name: (old.get(name), new.get(name)) for name in {**old, **new}}
    return {name: (old[name], new[name]) for name in new if old[name] != new[name]}


def _plain(spec: Any) -> dict[str, Any]:
    """A record as it comes back from the store: lists for tuples."""
    return {} if spec is None else {name: _listed(value) for name, value in asdict(spec).items()}


def _listed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _listed(each) for key, each in value.items()}
    return [_listed(each) for each in value] if isinstance(value, tuple | list) else value


def undo_changes(installation: Installation, changes: tuple[Change, ...]) -> Installation:
    """As before these changes, whatever else was changed since.

    raises  ConfigError undo_unfit where a value is not any more what the change made of it
    """
    record = as_record(installation)
    for change in reversed(changes):
        if change.kind == SITE:
            _undo_settings(record, change, installation.resources)
        else:
            _undo(record, change, installation.resources.named(change.kind).plural)
    return replace(from_record(record, installation.resources), version=installation.version)


def _undo_settings(record: dict[str, Any], change: Change, resources: Resources) -> None:
    settings = dict(change.fields)
    for resource in resources:
        if resource.order in settings:
            _reorder(record, resource.plural, settings.pop(resource.order)[0])
    _put_back(record, change, settings)


def _undo(record: dict[str, Any], change: Change, plural: str) -> None:
    listed = [dict(row) for row in record.get(plural, ())]
    here = next((row for row in listed if row["id"] == change.id), None)
    if (here is None) != (change.action == REMOVED):
        raise _unfit(change, "", "is there again" if here else "is not there any more")
    if here is None:
        listed.append({name: before for name, (before, _) in change.fields.items()})
    else:
        _put_back(here, change, change.fields)
        if change.action == ADDED:
            listed.remove(here)
    record[plural] = listed


def _put_back(row: dict[str, Any], change: Change, fields: Mapping[str, tuple[Any, Any]]) -> None:
    for name, (before, after) in fields.items():
        if _listed(row[name]) != _listed(after):
            raise _unfit(change, name, f"{name} was changed since")
        row[name] = before


def _reorder(record: dict[str, Any], plural: str, order: list[int]) -> None:
    """As they stood; others after them."""
    places = {id: place for place, id in enumerate(order)}
    record[plural] = sorted(record[plural], key=lambda row: places.get(row["id"], len(places)))


def _unfit(change: Change, field: str, why: str) -> ConfigError:
    message = f"{change.kind} {change.name!r} {why}"
    return ConfigError([Fault("undo", change.kind, message, "", "undo_unfit", change.kind, change.id, field)])
