"""Schemas: what the columns of a row mean. Immutable and numbered; a changed map makes a new one, rows keep theirs."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import lmdb

from runtime.errors import StoreError
from runtime.store.codec import Damaged, open_packed, pack, seal
from runtime.store.env import Store
from runtime.store.row import Column

__all__ = ["Column", "Schema", "Schemas"]

_KEY = struct.Struct(">H")


@dataclass(frozen=True, slots=True)
class Schema:
    """``types``: one struct letter a column: i = 32 bit, q = 64 bit."""

    id: int
    columns: tuple[Column, ...]
    types: str
    layout: struct.Struct


class Schemas:
    """All schemas in memory; there are about as many as device models. One object per store and thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_id: dict[int, Schema] = {}
        self._by_columns: dict[tuple[tuple[Column, ...], str], Schema] = {}

    def get(self, txn: lmdb.Transaction, id: int) -> Schema | None:
        """The schema with that number, None if there is none or it is damaged."""
        if (schema := self._by_id.get(id)) is None:
            key = _KEY.pack(id)
            raw = txn.get(key, db=self._store.tree("schemas"))
            schema = None if raw is None else self._opened(key, bytes(raw))
            if schema is not None:
                self._by_id[id] = schema
        return schema

    def of(self, txn: lmdb.Transaction, columns: tuple[Column, ...], *, wide: bool = False) -> Schema:
        """The schema with these columns, made if it is new. ``wide`` = 64 bit for all."""
        types = "".join("q" if wide or statistic == "index" else "i" for _, statistic in columns)
        schema = self._by_columns.get((columns, types))
        if schema is None or self.get(txn, schema.id) is None:
            schema = self._stored(txn, columns, types) or self._make(txn, columns, types)
        return schema

    def forget(self) -> None:
        """After a transaction that failed: what it made is not there."""
        self._by_id.clear()
        self._by_columns.clear()

    def _stored(self, txn: lmdb.Transaction, columns: tuple[Column, ...], types: str) -> Schema | None:
        with txn.cursor(db=self._store.tree("schemas")) as cursor:
            for key, value in cursor:
                schema = self._opened(bytes(key), bytes(value))
                if schema is not None:
                    self._by_columns[schema.columns, schema.types] = schema
        return self._by_columns.get((columns, types))

    def _make(self, txn: lmdb.Transaction, columns: tuple[Column, ...], types: str) -> Schema:
        with txn.cursor(db=self._store.tree("schemas")) as cursor:
            id = _KEY.unpack(cursor.key())[0] + 1 if cursor.last() else 1
        if id > 0xFFFF:
            raise StoreError("store_full", "no number left for another row schema")
        key = _KEY.pack(id)
        content = pack([[list(column) for column in columns], types])
        txn.put(key, seal(key, "schema", content), db=self._store.tree("schemas"), overwrite=False)
        schema = self._by_columns[columns, types] = _schema(id, columns, types)
        return schema

    def _opened(self, key: bytes, value: bytes) -> Schema | None:
        try:
            columns, types = open_packed(key, value, "schema")
            return _schema(_KEY.unpack(key)[0], tuple((str(q), str(s)) for q, s in columns), str(types))
        except (Damaged, TypeError, ValueError):
            self._store.note_damage("schemas", key)
            return None


def _schema(id: int, columns: tuple[Column, ...], types: str) -> Schema:
    return Schema(id, columns, types, struct.Struct("<" + types))
