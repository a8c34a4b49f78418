"""Rows: what one device recorded in one slot. The key is time first, so that a cycle of all devices lies together.

Key: start in UTC s (u32 BE), device (u16 BE). Content: schema u16, interval u16, flags u8, columns by the schema, then
a nibble of quality for each unless all are good. A column without a value holds the least number of its type.

Rows of four weeks that are over give way to a block (``compaction``); whoever reads here gets both, by time. A row
that comes when its block is there already is marked late and wins over it.
"""

from __future__ import annotations

import heapq
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace

import lmdb

from runtime.store.codec import HEAD, Damaged, open_bytes, seal
from runtime.store.env import Store
from runtime.store.row import Column, Row
from runtime.store.sample.blocks import Block, Blocks, block_start
from runtime.store.schemas import Schema, Schemas

__all__ = ["KEY", "LAST_TS", "Row", "Rows", "is_late"]

KEY = struct.Struct(">IH")
LAST_TS = 0xFFFF_FFFF
ROW_HEAD = struct.Struct("<HHB")
UNKNOWN_N = {"i": -(1 << 31), "q": -(1 << 63)}
HAS_QUALITY, _LATE = 1, 2
_FLAGS_AT = HEAD.size + ROW_HEAD.size - 1
_UNKNOWN: tuple[int | None, int] = (None, 0)


Wanted = Callable[[Column], bool]


class Rows:
    """Rows of a store; a damaged one is noted and left out. One object per thread."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._blocks = Blocks(store)
        self.schemas = Schemas(store)

    def put(self, txn: lmdb.Transaction, row: Row) -> None:
        """Keep a row, replacing the one of that device and slot."""
        key = KEY.pack(row.start_ts, row.device)
        late = _LATE if self._blocks.has(txn, row.device, row.start_ts) else 0
        value = seal(key, "row", self._content(txn, row, late))
        self.store.touched[row.device, block_start(row.start_ts)] = txn.id()
        tree = self.store.tree("rows")
        if not txn.put(key, value, db=tree, append=True):  # LMDB refuses to append out of order, silently
            txn.put(key, value, db=tree)

    def merge(self, txn: lmdb.Transaction, row: Row) -> bool:
        """Keep a row; where one is there already only what it lacks is added. True if something was new.

        Where shorter ones are there, since the sample rate was changed within its interval, it is kept behind them.
        """
        there = self.get(txn, row.device, row.start_ts)
        if there is not None and there.interval_s < row.interval_s:
            row = self._behind(txn, row)
            there = self.get(txn, row.device, row.start_ts)
        merged = row if there is None else _merge(there, row)
        if merged is not there:
            self.put(txn, merged)
        return merged is not there

    def take_out(self, txn: lmdb.Transaction, row: Row) -> None:
        """Forget a row; where a block holds it too, it is nothing but its slot from now on."""
        if self._blocks.has(txn, row.device, row.start_ts):
            self.put(txn, replace(row, columns=(), values_n=(), quality=()))
            return
        txn.delete(KEY.pack(row.start_ts, row.device), db=self.store.tree("rows"))

    def _behind(self, txn: lmdb.Transaction, row: Row) -> Row:
        """A row of the rest of its interval."""
        end_ts = row.start_ts + row.interval_s
        last = list(self.scan_device(txn, row.device, row.start_ts, end_ts))[-1]
        start_ts = last.start_ts + last.interval_s
        start_ts = start_ts if start_ts < end_ts else last.start_ts
        return replace(row, start_ts=start_ts, interval_s=end_ts - start_ts)

    def get(self, txn: lmdb.Transaction, device: int, start_ts: int) -> Row | None:
        key = KEY.pack(start_ts, device)
        value = txn.get(key, db=self.store.tree("rows"))
        if value is not None and not self._gave_way(txn, device, start_ts, bytes(value), {}):
            return self._opened(txn, key, bytes(value))
        return next(self._packed(txn, device, start_ts, start_ts + 1, None), None)

    def scan(self, txn: lmdb.Transaction, from_ts: int, to_ts: int, wanted: Wanted | None = None) -> Iterator[Row]:
        """All rows that start in [from_ts, to_ts), by time and device; with ``wanted`` only those columns.

        Where there are blocks one of each device is unpacked at a time: ask for few columns, or device by device.
        """
        packed = [self._packed(txn, device, from_ts, to_ts, wanted) for device in self._blocks.devices(txn)]
        hot = self._hot(txn, from_ts, to_ts, wanted)
        return _first_of_each(heapq.merge(hot, *packed, key=_by_time)) if packed else hot

    def scan_device(
        self, txn: lmdb.Transaction, device: int, from_ts: int, to_ts: int, wanted: Wanted | None = None
    ) -> Iterator[Row]:
        """Rows of one device that start in [from_ts, to_ts), by time; with ``wanted`` only those columns."""
        hot = self._hot_device(txn, device, from_ts, to_ts, wanted)
        return _first_of_each(heapq.merge(hot, self._packed(txn, device, from_ts, to_ts, wanted), key=_by_time))

    def late(self, txn: lmdb.Transaction, device: int, from_ts: int, to_ts: int) -> list[int]:
        """Starts of the rows that came after their block."""
        return [ts for ts, value in self._raw_device(txn, device, from_ts, to_ts) if is_late(value)]

    def blocks_of(self, txn: lmdb.Transaction, device: int, from_ts: int, to_ts: int) -> Iterator[Block]:
        """The blocks of a device that overlap [from_ts, to_ts), by time."""
        return self._blocks.of_device(txn, device, from_ts, to_ts)

    def sealed(self, txn: lmdb.Transaction, device: int, from_ts: int, to_ts: int) -> Iterator[tuple[int, bytes]]:
        """Start of each row of a device that no block has taken the place of, and the row as it lies in the store."""
        known: dict[tuple[int, int], bool] = {}
        for ts, value in self._raw_device(txn, device, from_ts, to_ts):
            if not self._gave_way(txn, device, ts, value, known):
                yield ts, value

    def _packed(
        self, txn: lmdb.Transaction, device: int, from_ts: int, to_ts: int, wanted: Wanted | None
    ) -> Iterator[Row]:
        for block in self._blocks.of_device(txn, device, from_ts, to_ts):
            yield from block.rows(from_ts, to_ts, wanted)

    def _hot(self, txn: lmdb.Transaction, from_ts: int, to_ts: int, wanted: Wanted | None) -> Iterator[Row]:
        known: dict[tuple[int, int], bool] = {}
        with txn.cursor(db=self.store.tree("rows")) as cursor:
            more, end = cursor.set_range(_bound(from_ts, 0)), _bound(to_ts, 0)
            while more and (key := bytes(cursor.key())) < end:
                value, (ts, device) = bytes(cursor.value()), KEY.unpack(key)
                if not self._gave_way(txn, device, ts, value, known):
                    yield from _only(self._opened(txn, key, value), wanted)
                more = cursor.next()

    def _hot_device(
        self, txn: lmdb.Transaction, device: int, from_ts: int, to_ts: int, wanted: Wanted | None
    ) -> Iterator[Row]:
        for ts, value in self.sealed(txn, device, from_ts, to_ts):
            yield from _only(self._opened(txn, KEY.pack(ts, device), value), wanted)

    def _raw_device(self, txn: lmdb.Transaction, device: int, from_ts: int, to_ts: int) -> Iterator[tuple[int, bytes]]:
        with txn.cursor(db=self.store.tree("rows")) as cursor:
            more, end = cursor.set_range(_bound(from_ts, device)), _bound(to_ts, 0)
            while more and (key := bytes(cursor.key())) < end:
                ts, found = KEY.unpack(key)
                if found == device:
                    yield ts, bytes(cursor.value())
                more = cursor.set_range(_bound(ts + (found >= device), device))  # past the others of this slot

    def _gave_way(
        self, txn: lmdb.Transaction, device: int, ts: int, value: bytes, known: dict[tuple[int, int], bool]
    ) -> bool:
        """Has a block taken this row's place?"""
        at = (device, block_start(ts))
        if at not in known:
            known[at] = self._blocks.has(txn, *at)
        return known[at] and not is_late(value)

    def _content(self, txn: lmdb.Transaction, row: Row, late: int) -> bytes:
        schema = self.schemas.of(txn, row.columns)
        flags, nibbles = (HAS_QUALITY, _nibbles(row.quality)) if any(row.quality) else (0, b"")
        try:
            columns = _pack(schema, row.values_n)
        except struct.error:  # a value beyond 32 bit
            schema = self.schemas.of(txn, row.columns, wide=True)
            columns = _pack(schema, row.values_n)
        return ROW_HEAD.pack(schema.id, row.interval_s, flags | late) + columns + nibbles

    def _opened(self, txn: lmdb.Transaction, key: bytes, value: bytes) -> Row | None:
        try:
            content = open_bytes(key, value, "row")
            schema_id, interval_s, flags = ROW_HEAD.unpack_from(content)
            if (schema := self.schemas.get(txn, schema_id)) is None:
                raise Damaged
            values = schema.layout.unpack_from(content, ROW_HEAD.size)
        except (Damaged, struct.error):
            self.store.note_damage("rows", key)
            return None
        nibbles = content[ROW_HEAD.size + schema.layout.size :]
        quality = quality_of(nibbles, len(values)) if flags & HAS_QUALITY else (0,) * len(values)
        start_ts, device = KEY.unpack(key)
        values_n = tuple(None if n == UNKNOWN_N[t] else n for n, t in zip(values, schema.types, strict=True))
        return Row(device, start_ts, interval_s, schema.columns, values_n, quality)


def is_late(value: bytes) -> bool:
    """Did this row come after its block? Told of what lies in the store, whole or damaged."""
    return len(value) > _FLAGS_AT and bool(value[_FLAGS_AT] & _LATE)


def _by_time(row: Row) -> tuple[int, int]:
    return row.start_ts, row.device


def _first_of_each(rows: Iterator[Row]) -> Iterator[Row]:
    """One row a slot: the first, which is the late one where there are two."""
    last = (-1, -1)
    for row in rows:
        if last != (last := (row.start_ts, row.device)):
            yield row


def _only(row: Row | None, wanted: Wanted | None) -> Iterator[Row]:
    """The row with the columns that are wanted, nothing where it has none."""
    if row is None or wanted is None:
        if row is not None:
            yield row
        return
    numbers = [number for number, column in enumerate(row.columns) if wanted(column)]
    if numbers:
        columns, values, quality = (
            tuple(part[number] for number in numbers) for part in (row.columns, row.values_n, row.quality)
        )
        yield Row(row.device, row.start_ts, row.interval_s, columns, values, quality)  # type: ignore[arg-type]


def _pack(schema: Schema, values_n: tuple[int | None, ...]) -> bytes:
    if None in values_n:
        return schema.layout.pack(
            *(UNKNOWN_N[t] if n is None else n for n, t in zip(values_n, schema.types, strict=True))
        )
    return schema.layout.pack(*values_n)


def _merge(there: Row, row: Row) -> Row:
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


def quality_of(nibbles: bytes, count: int) -> tuple[int, ...]:
    """One quality a column."""
    spread = [n for byte in nibbles for n in (byte & 15, byte >> 4)]
    return tuple(spread[:count]) + (0,) * max(0, count - len(spread))


def _bound(ts: int, device: int) -> bytes:
    return b"\xff" * KEY.size if ts > LAST_TS else KEY.pack(max(0, ts), device)
