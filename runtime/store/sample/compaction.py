"""Compaction: rows of four weeks that are over become one block, in steps small enough for an idle moment.

From the transaction that keeps the block on, the rows that it was made of count for nothing: readers pass them over,
and ``sweep`` deletes them in the order of time, all devices of a page together (one by one they would write each page
once for every device). A row that comes later is marked late, wins over the block, and is taken in by the next one.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import lmdb

from runtime.core.clock.timegrid import DAY_S
from runtime.store.env import Store
from runtime.store.row import Column, Row
from runtime.store.sample.blocks import SPAN_S, Blocks, Run, block_start, encode_energy, encode_head
from runtime.store.sample.deflate import deflate
from runtime.store.sample.rows import KEY, Rows, is_late

GRACE_S = DAY_S  # four weeks are closed a day after their end: what is late comes before


@dataclass(frozen=True, slots=True)
class Due:
    """One block to be made."""

    device: int
    start_ts: int


@dataclass(frozen=True, slots=True)
class CompactedBlock:
    """One block that was made. ``seen`` = the transaction whose state it shows; ``late`` = keys of rows it took in."""

    device: int
    start_ts: int
    content: bytes
    seen: int
    late: tuple[bytes, ...] = ()


class _Collected:
    """A column while rows come in."""

    __slots__ = ("gaps", "quality", "values_n")

    def __init__(self, count: int) -> None:
        self.values_n: array[int] = array("q", bytes(8 * count))
        self.gaps = bytearray(b"\1" * count)
        self.quality = bytearray(count)

    def add(self, value_n: int | None, quality: int) -> None:
        self.values_n.append(value_n or 0)
        self.gaps.append(value_n is None)
        self.quality.append(quality)

    def pad(self, count: int) -> None:
        while len(self.values_n) < count:
            self.add(None, 0)

    def listed(self) -> list[int | None]:
        if not any(self.gaps):
            return [*self.values_n]
        return [None if gap else n for gap, n in zip(self.gaps, self.values_n, strict=True)]


class BlockMaker:
    """Makes one block: ``add`` its rows by time, ``deflate_next`` until it says False, then ``content``."""

    def __init__(self, device: int, start_ts: int) -> None:
        self._device, self._start_ts = device, start_ts
        self._columns: dict[Column, _Collected] = {}
        self._shapes: dict[tuple[Column, ...], int] = {}
        self._runs: list[Run] = []
        self._streams: list[tuple[Column, int, bytes]] = []
        self.count = 0

    def add(self, row: Row) -> None:
        shape = self._shapes.setdefault(row.columns, len(self._shapes))
        for column, value_n, quality in zip(row.columns, row.values_n, row.quality, strict=True):
            collected = self._columns.get(column)
            if collected is None:
                collected = self._columns[column] = _Collected(self.count)
            elif len(collected.values_n) < self.count:
                collected.pad(self.count)
            collected.add(value_n, quality)
        self.count += 1
        self._extend(row.start_ts - self._start_ts, row.interval_s, shape)

    def deflate_next(self) -> bool:
        """Pack one more column; False when all are."""
        if len(self._streams) == len(self._columns):
            return False
        names = list(self._columns)
        column = names[len(self._streams)]
        collected, against, stream = self._columns[column], -1, b""
        collected.pad(self.count)
        quality = bytes(collected.quality)
        if column[1] == "energy" and (index := self._columns.get((column[0], "index"))):
            index.pad(self.count)
            stream, against = _against(collected, index, quality), names.index((column[0], "index"))
        if not stream:
            stream, against = deflate(collected.listed(), quality), -1
        self._streams.append((column, against, stream))
        return True

    def content(self) -> bytes:
        numbers = {column: number for number, column in enumerate(self._columns)}
        shapes = [tuple(numbers[column] for column in shape) for shape in self._shapes]
        return encode_head(self._device, self._start_ts, self._runs, shapes, self._streams)

    def _extend(self, after_s: int, interval_s: int, shape: int) -> None:
        last = self._runs[-1] if self._runs else None
        if last and (last.interval_s, last.shape) == (interval_s, shape):
            step_s = after_s - last.after_s if last.count == 1 else last.step_s
            if after_s == last.after_s + last.count * step_s:
                self._runs[-1] = Run(last.after_s, step_s, interval_s, last.count + 1, shape)
                return
        self._runs.append(Run(after_s, interval_s, interval_s, 1, shape))


def block_of_columns(device: int, start_ts: int, step_s: int, columns: Mapping[Column, Sequence[int | None]]) -> bytes:
    """A block of whole columns of equal length, all good: history that never was rows."""
    names, streams = list(columns), []
    for column, values_n in columns.items():
        against, quality = -1, bytes(len(values_n))
        if column[1] == "energy" and (index := columns.get((column[0], "index"))) is not None:
            against = names.index((column[0], "index"))
            streams.append((column, against, encode_energy(values_n, quality, index)))
        else:
            streams.append((column, against, deflate(values_n, quality)))
    count = max(map(len, columns.values()), default=0)
    runs = [Run(start_ts - block_start(start_ts), step_s, step_s, count, 0)]
    return encode_head(device, block_start(start_ts), runs, [tuple(range(len(names)))], streams)


def _against(energy: _Collected, index: _Collected, quality: bytes) -> bytes:
    """An energy against its index; nothing where the two are too far apart for 64 bit."""
    try:
        return encode_energy(energy.listed(), quality, index.listed())
    except OverflowError:
        return b""


def closed_before(now_ts: int) -> int:
    """End of the last four weeks that are over."""
    return block_start(max(0, now_ts - GRACE_S))


def find_due(
    store: Store, txn: lmdb.Transaction, now_ts: int, after: bytes = b"", most: int = 2_000
) -> tuple[Due | None, bytes]:
    """The first block to be made of the rows behind a key, and the key to go on behind; b"" when there is none left."""
    blocks, has = Blocks(store), dict[tuple[int, int], bool]()
    end_ts, count = closed_before(now_ts), 0
    for key, value in _rows_after(store, txn, after, most):
        start_ts, device = KEY.unpack(key)
        if start_ts >= end_ts:
            return None, b""
        due = (device, block_start(start_ts))
        if due not in has:
            has[due] = blocks.has(txn, *due)
        if not has[due] or is_late(value):
            return Due(*due), key
        after, count = key, count + 1
    return None, after if count == most else b""


def make(rows: Rows, txn: lmdb.Transaction, due: Due) -> CompactedBlock:
    """A block at one go."""
    maker, late = BlockMaker(due.device, due.start_ts), late_keys(rows, txn, due)
    for row in rows.scan_device(txn, due.device, due.start_ts, due.start_ts + SPAN_S):
        maker.add(row)
    while maker.deflate_next():
        pass
    return CompactedBlock(due.device, due.start_ts, maker.content(), txn.id(), late)


def late_keys(rows: Rows, txn: lmdb.Transaction, due: Due) -> tuple[bytes, ...]:
    """Keys of the rows that came after their block."""
    if not Blocks(rows.store).has(txn, due.device, due.start_ts):
        return ()
    found = rows.late(txn, due.device, due.start_ts, due.start_ts + SPAN_S)
    return tuple(KEY.pack(start_ts, due.device) for start_ts in found)


def keep(store: Store, txn: lmdb.Transaction, made: CompactedBlock) -> bool:
    """Keep a block in place of its rows; False when a row has come since it was made: then it is made again."""
    if store.touched.get((made.device, made.start_ts), 0) > made.seen:
        return False
    Blocks(store).put(txn, made.device, made.start_ts, made.content)
    for key in made.late:
        txn.delete(key, db=store.tree("rows"))
    return True


def sweep(store: Store, txn: lmdb.Transaction, now_ts: int, after: bytes = b"", most: int = 1_000) -> tuple[int, bytes]:
    """Delete rows that blocks have taken the place of: (how many, the key to go on behind; b"" at the end)."""
    blocks, has = Blocks(store), dict[tuple[int, int], bool]()
    end_ts, swept = closed_before(now_ts), 0
    with txn.cursor(db=store.tree("rows")) as cursor:
        more = cursor.set_range(after + b"\0") if after else cursor.first()
        for _ in range(most):
            if not more:
                return swept, b""
            key = bytes(cursor.key())
            start_ts, device = KEY.unpack(key)
            if start_ts >= end_ts:
                return swept, b""
            due = (device, block_start(start_ts))
            if due not in has:
                has[due] = blocks.has(txn, *due)
            if has[due] and not is_late(bytes(cursor.value())):
                swept += 1
                cursor.delete()
                more = bool(cursor.key())
            else:
                after, more = key, cursor.next()
    return swept, after or b"\0"


def compact(store: Store, now_ts: int) -> int:
    """All at once, for imports and tests: make every block that is due, then sweep. Returns how many were made."""
    rows, after, count = Rows(store), b"", 0
    while True:
        with store.reading() as txn:
            due, after = find_due(store, txn, now_ts, after)
            made = make(rows, txn, due) if due else None
        if made is not None:
            with store.writing() as txn:
                count += keep(store, txn, made)
        if not after:
            break
    after = b"\0"
    while after:
        with store.writing() as txn:
            _, after = sweep(store, txn, now_ts, after)
    return count


def _rows_after(store: Store, txn: lmdb.Transaction, after: bytes, most: int) -> Iterator[tuple[bytes, bytes]]:
    with txn.cursor(db=store.tree("rows")) as cursor:
        more = cursor.set_range(after + b"\0") if after else cursor.first()
        while more and most:
            yield bytes(cursor.key()), bytes(cursor.value())
            more, most = cursor.next(), most - 1
