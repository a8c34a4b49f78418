"""The installation as the store keeps it, with the audit trail of its changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from runtime.core.accounting.assignments import date_changes
from runtime.core.edit.proposal import Mark
from runtime.core.resource.registry import Resources
from runtime.core.site.audit import AuditEntry, records_of
from runtime.core.site.defaults import complete
from runtime.core.site.diff import changes_between
from runtime.core.site.installation import FIELDS, Installation, as_record, from_record
from runtime.core.site.resources import RESOURCES
from runtime.errors import StoreError
from runtime.store.env import Store
from runtime.store.records import expect_known

KIND, KEY = "installation", "now"


def installation_of(store: Store, resources: Resources = RESOURCES) -> Installation:
    """What was saved last; an empty one in a new folder. Raises StoreError store_damaged, store_newer."""
    record = store.records.get(KIND, KEY)
    if record is not None:
        with expect_known("the installation"):
            if unknown := record.keys() - FIELDS - {resource.plural for resource in resources}:
                raise KeyError(*sorted(unknown))  # what is not read would be lost when it is written
            return from_record(record, resources)
    if store.records.is_damaged(KIND, KEY):
        raise StoreError("store_damaged", f"the installation in {store.path} is damaged")
    return Installation(resources=resources)


def known_part_of(store: Store) -> Installation:
    """What a plugin added to it is left out: for those who read and never write. Raises as ``installation_of``."""
    record = store.records.get(KIND, KEY)
    if record is None:
        return installation_of(store)
    with expect_known("the installation"):
        known = FIELDS | {resource.plural for resource in RESOURCES}
        return from_record({name: value for name, value in record.items() if name in known}, RESOURCES)


def is_kept(store: Store) -> bool:
    """False in a new folder."""
    return store.records.get(KIND, KEY) is not None


def save_installation(store: Store, installation: Installation) -> None:
    with store.writing() as txn:
        store.records.put(txn, KIND, KEY, as_record(installation))


def save_edit(store: Store, after: Installation, entry: AuditEntry) -> None:
    """An installation that was edited while no server has the store, with its entry in the trail."""
    with store.writing() as txn:
        for kind, key, record in records_with(after, entry):
            store.records.put(txn, kind, key, record)


def records_with(installation: Installation, entry: AuditEntry | None) -> tuple[tuple[str, str | int, Any], ...]:
    """(kind, key, record) each, to be kept together."""
    return ((KIND, KEY, as_record(installation)), *(() if entry is None else records_of(entry)))


def load_or_create(store: Store, now_ts: int) -> Installation:
    """What was saved last; in a new folder what each installation begins with, which is saved. Raises StoreError."""
    before = installation_of(store)
    if is_kept(store):
        return before
    after = replace(complete(before), version=1)
    changes = changes_between(before, after)
    save_edit(store, after, AuditEntry(after.version, now_ts * 1000, "", changes, "start"))
    return after


def load_current(store: Store, mark: Mark, now_ts: int) -> Installation:
    """What was saved last. Where the maps changed meanwhile, what follows from them is saved too."""
    before = installation_of(store)
    after = mark(before)
    if after.doubted == before.doubted:
        return before
    after = replace(date_changes(before, after, now_ts), version=before.version + 1)
    save_installation(store, after)
    return after
