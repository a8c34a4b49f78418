"""Rows: what one device recorded in one slot. The key is time first, so that a cycle of all devices lies together.

Key: start in UTC s (u32 BE), device (u16 BE). Content: schema u16, interval u16, flags u8, columns by the schema, then
a nibble of quality for each unless all are good. A column without a value holds the least number of its type.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import lmdb

from runtime.store.codec import Damaged, seal, unseal
from runtime.store.env import Store
from runtime.store.schemas import Column, Schema, Schemas

VERSION = 1
KEY = struct.Struct(">IH")
LAST_TS = 0xFFFF_FFFF
_HEAD = struct.Struct("<HHB")
_NONE = {"i": -(1 << 31), "q": -(1 << 63)}
_HAS_QUALITY = 1
_UNKNOWN: tuple[int | None, int] = (None, 0)


@dataclass(frozen=True, slots=True)
class Row:
    """One device, one slot [start_ts, start_ts + interval_s)."""

    device: int
    start_ts: int
    interval_s: int
    columns: tuple[Column, ...]
    values_n: tuple[int | None, ...]
    quality: tuple[int, ...]


class Rows:
    """Rows of a store; a damaged one is noted and left out. One object per thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.schemas = Schemas(store)

    def put(self, txn: lmdb.Transaction, row: Row) -> None:
        """Keep a row, replacing the one of that device and slot."""
        key = KEY.pack(row.start_ts, row.device)
        value = seal(key, VERSION, self._content(txn, row))
        tree = self._store.tree("rows")
        if not txn.put(key, value, db=tree, append=True):  # LMDB refuses to append out of order, silently
            txn.put(key, value, db=tree)

    def merge(self, txn: lmdb.Transaction, row: Row) -> bool:
        """Keep a row; where one is there already only what it lacks is added. True if something was new."""
        there = self.get(txn, row.device, row.start_ts)
        merged = row if there is None else _merged(there, row)
        if merged is not there:
            self.put(txn, merged)
        return merged is not there

    def get(self, txn: lmdb.Transaction, device: int, start_ts: int) -> Row | None:
        key = KEY.pack(start_ts, device)
        value = txn.get(key, db=self._store.tree("rows"))
        return None if value is None else self._opened(txn, key, bytes(value))

    def scan(self, txn: lmdb.Transaction, from_ts: int, to_ts: int) -> Iterator[Row]:
        """All rows that start in [from_ts, to_ts), by time and device."""
        with txn.cursor(db=self._store.tree("rows")) as cursor:
            more = cursor.set_range(_bound(from_ts, 0))
            end = _bound(to_ts, 0)
            while more and bytes(cursor.key()) < end:
                row = self._opened(txn, bytes(cursor.key()), bytes(cursor.value()))
                if row is not None:
                    yield row
                more = cursor.next()

    def scan_device(self, txn: lmdb.Transaction, device: int, from_ts: int, to_ts: int) -> Iterator[Row]:
        """Rows of one device that start in [from_ts, to_ts), by time."""
        with txn.cursor(db=self._store.tree("rows")) as cursor:
            more, end = cursor.set_range(_bound(from_ts, device)), _bound(to_ts, 0)
            while more and (key := bytes(cursor.key())) < end:
                ts, found = KEY.unpack(key)
                row = self._opened(txn, key, bytes(cursor.value())) if found == device else None
                if row is not None:
                    yield row
                more = cursor.set_range(_bound(ts + (found >= device), device))  # past the others of this slot

    def _content(self, txn: lmdb.Transaction, row: Row) -> bytes:
        schema = self.schemas.of(txn, row.columns)
        flags, nibbles = (_HAS_QUALITY, _nibbles(row.quality)) if any(row.quality) else (0, b"")
        try:
            columns = _packed(schema, row.values_n)
        except struct.error:  # a value beyond 32 bit
            schema = self.schemas.of(txn, row.columns, wide=True)
            columns = _packed(schema, row.values_n)
        return _HEAD.pack(schema.id, row.interval_s, flags) + columns + nibbles

    def _opened(self, txn: lmdb.Transaction, key: bytes, value: bytes) -> Row | None:
        try:
            _, content = unseal(key, value, VERSION)
            schema_id, interval_s, flags = _HEAD.unpack_from(content)
            if (schema := self.schemas.get(txn, schema_id)) is None:
                raise Damaged
            values = schema.layout.unpack_from(content, _HEAD.size)
        except (Damaged, struct.error):
            self._store.note_damage("rows", key)
            return None
        quality = _quality(content[_HEAD.size + schema.layout.size :], len(values)) if flags else (0,) * len(values)
        start_ts, device = KEY.unpack(key)
        values_n = tuple(None if n == _NONE[t] else n for n, t in zip(values, schema.types, strict=True))
        return Row(device, start_ts, interval_s, schema.columns, values_n, quality)


def _packed(schema: Schema, values_n: tuple[int | None, ...]) -> bytes:
    if None in values_n:
        return schema.layout.pack(*(_NONE[t] if n is None else n for n, t in zip(values_n, schema.types, strict=True)))
    return schema.layout.pack(*values_n)


def _merged(there: Row, row: Row) -> Row:
    """``there`` with what it lacks taken from ``row``; ``there`` itself if it lacks nothing."""
    known = dict(zip(there.columns, zip(there.values_n, there.quality, strict=True), strict=True))
    new = dict(zip(row.columns, zip(row.values_n, row.quality, strict=True), strict=True))
    lacking = [column for column in new if known.get(column, _UNKNOWN)[0] is None]
    if all(column in known and new[column][0] is None for column in lacking):
        return there
    values = {**new, **known, **{column: new[column] for column in lacking}}  # in the order of the usual schema
    values_n, quality = tuple(value_n for value_n, _ in values.values()), tuple(doubt for _, doubt in values.values())
    return Row(there.device, there.start_ts, there.interval_s, tuple(values), values_n, quality)


def _nibbles(quality: tuple[int, ...]) -> bytes:
    padded = (*quality, 0)
    return bytes(padded[i] | padded[i + 1] << 4 for i in range(0, len(quality), 2))


def _quality(nibbles: bytes, count: int) -> tuple[int, ...]:
    spread = [n for byte in nibbles for n in (byte & 15, byte >> 4)]
    return tuple(spread[:count]) + (0,) * max(0, count - len(spread))


def _bound(ts: int, device: int) -> bytes:
    return b"\xff" * KEY.size if ts > LAST_TS else KEY.pack(max(0, ts), device)
