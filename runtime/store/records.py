"""Records: things that are edited (installation, users, tariffs …), as msgpack under (kind, key)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol

import lmdb

from runtime.store.codec import Damaged, pack, seal, unpack, unseal

VERSION = 1


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
            raw = txn.get(_key(kind, key), db=self._store.tree("records"))
        return None if raw is None else self._opened(_key(kind, key), bytes(raw))

    def is_damaged(self, kind: str, key: str | int) -> bool:
        """Whether ``get`` found it damaged."""
        return ("records", _key(kind, key)) in self._store.damaged

    def all(self, kind: str) -> dict[str, Any]:
        """Key -> record of one kind, damaged ones left out, in the order of their keys."""
        prefix = _key(kind, "")
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
        prefix = _key(kind, "")
        start = _key(kind, before) if before else prefix + b"\xff"
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
        """Keep a record; None deletes it."""
        at = _key(kind, key)
        if record is None:
            txn.delete(at, db=self._store.tree("records"))
        else:
            txn.put(at, seal(at, VERSION, pack(record)), db=self._store.tree("records"))

    def _opened(self, key: bytes, value: bytes) -> Any:
        try:
            return unpack(unseal(key, value, VERSION)[1])
        except Damaged:
            self._store.note_damage("records", key)
            return None


def _key(kind: str, key: str | int) -> bytes:
    return f"{kind}\0{key:>10}".encode() if isinstance(key, int) else f"{kind}\0{key}".encode()
