"""The installation as the store keeps it."""

from __future__ import annotations

from runtime.core.installation import Installation, as_record, from_record
from runtime.store.env import Store

KIND, KEY = "installation", "now"


def installation_of(store: Store) -> Installation:
    """What was saved last; an empty one in a new folder. Raises StoreError store_damaged."""
    record = store.records.get(KIND, KEY)
    return Installation() if record is None else from_record(record)


def save_installation(store: Store, installation: Installation) -> None:
    with store.writing() as txn:
        store.records.put(txn, KIND, KEY, as_record(installation))
