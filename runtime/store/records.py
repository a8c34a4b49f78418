"""Records: things that are edited (installation, users, tariffs …), as msgpack under (kind, key).

Each kind has a version (``migration.versions``). A record of an older one is given in the form of the newest and stays
as it is until it is put the next time. Reading one that a newer program wrote raises StoreError store_newer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import lmdb

from runtime.errors import StoreError
from runtime.store.codec import Damaged, open_packed, pack, seal
from runtime.store.migration.versions import ADVICE, kind_at, record_kind


@contextmanager
def expect_known(what: str) -> Iterator[None]:
    """Around what makes objects of a record. One that is whole and does not fit has what only another program knows.

    raises  StoreError store_newer
    """
    try:
        yield
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        text = f"{what} holds what this program does not know ({error}): {ADVICE}"
        raise StoreError("store_newer", text) from error


class Shelf(Protocol):
    """What records lie in: the store."""

    damaged: set[tuple[str, bytes]]

    def reading(self) -> AbstractContextManager[lmdb.Transaction]: ...
    def tree(self, name: str) -> lmdb._Database: ...
    def note_damage(self, tree: str, key: bytes) -> None: ...


class Records:
    """Read from anywhere; ``put`` inside the one writer's transaction only."""

    def __init__(self, store: Shelf) -> None:
        self._store = store

    def get(self, kind: str, key: str | int) -> Any:
        """The record, or None if there is none or it is damaged (which is noted)."""
        with self._store.reading() as txn:
            raw = txn.get(key_of(kind, key), db=self._store.tree("records"))
        return None if raw is None else self._opened(key_of(kind, key), bytes(raw))

    def is_damaged(self, kind: str, key: str | int) -> bool:
        """Whether ``get`` found it damaged."""
        return ("records", key_of(kind, key)) in self._store.damaged

    def all(self, kind: str) -> dict[str, Any]:
        """Key -> record of one kind, damaged ones left out, in the order of their keys."""
        prefix = key_of(kind, "")
        found: list[tuple[bytes, bytes]] = []
        with self._store.reading() as txn, txn.cursor(db=self._store.tree("records")) as cursor:
            if cursor.set_range(prefix):
                for key, value in cursor:
                    if bytes(key[: len(prefix)]) != prefix:
                        break
                    found.append((bytes(key), bytes(value)))
        opened = ((key, self._opened(key, value)) for key, value in found)
        return {key[len(prefix) :].decode(): record for key, record in opened if record is not None}

    def newest(self, kind: str, most: int, before: int = 0) -> list[Any]:
        """Records of one kind with numbers for keys, from the highest down; ``before`` 0 = from the highest."""
        prefix = key_of(kind, "")
        start = key_of(kind, before) if before else prefix + b"\xff"
        found: list[tuple[bytes, bytes]] = []
        with self._store.reading() as txn, txn.cursor(db=self._store.tree("records")) as cursor:
            there = cursor.set_range(start)
            at_all = cursor.prev() if there else cursor.last()
            while at_all and len(found) < most and bytes(cursor.key()[: len(prefix)]) == prefix:
                found.append((bytes(cursor.key()), bytes(cursor.value())))
                at_all = cursor.prev()
        opened = [self._opened(key, value) for key, value in found]
        return [record for record in opened if record is not None]

    def put(self, txn: lmdb.Transaction, kind: str, key: str | int, record: Any) -> None:
        """Keep a record; None deletes it. Raises InvariantBroken where its kind has no version."""
        at = key_of(kind, key)
        if record is None:
            txn.delete(at, db=self._store.tree("records"))
        else:
            txn.put(at, seal(at, record_kind(kind, key), pack(record)), db=self._store.tree("records"))

    def _opened(self, key: bytes, value: bytes) -> Any:
        try:
            return open_packed(key, value, kind_at("records", key))
        except Damaged:
            self._store.note_damage("records", key)
            return None


def key_of(kind: str, key: str | int) -> bytes:
    """Where a record lies; numbers are in order."""
    text = f"{kind}\0{key:>10}" if isinstance(key, int) else f"{kind}\0{key}"
    return text.encode("utf-8", "backslashreplace")
