"""Blocks: four UTC weeks of one device, column by column, made of rows that are old enough to change no more.

Key: device u16 BE, start u32 BE in UTC s. Content: a sealed head (msgpack), then each column's stream by itself with a
check sum of its own, so that reading one quantity unpacks one column and a damaged column costs that column only.

Runs in the head tell the slots: (start after the block's, step, interval, count, shape); a shape names the columns
that those rows had. Of a counter's energy only the difference to the climb of its index is kept.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import add, sub
from typing import Any

import lmdb

from runtime.core.clock.timegrid import DAY_S
from runtime.store.codec import Damaged, open_packed, pack, seal, version_of
from runtime.store.env import Store
from runtime.store.row import Column, Row
from runtime.store.sample.deflate import Counts, deflate, inflate

SPAN_S = 28 * DAY_S
KEY = struct.Struct(">HI")
_LENGTH = struct.Struct("<I")
NoteDamage = Callable[[str, bytes], None]


@dataclass(frozen=True, slots=True)
class Run:
    """Slots that follow each other regularly. ``after_s`` counts from the start of the block."""

    after_s: int
    step_s: int
    interval_s: int
    count: int
    shape: int


@dataclass(frozen=True, slots=True)
class Stream:
    """Where a column lies behind the head. ``against`` = the column of the index that an energy is stored against."""

    column: Column
    at: int
    length: int
    crc: int
    against: int


class Block:
    """One block, opened. Columns are unpacked when asked for; a damaged one gives None for all."""

    def __init__(self, key: bytes, value: bytes, note_damage: NoteDamage) -> None:
        """Raises Damaged when the head is, StoreError store_newer when it is not for us."""
        self.device, self.start_ts = KEY.unpack(key)
        self._key, self._value, self._note = key, value, note_damage
        try:
            (length,) = _LENGTH.unpack_from(value)
            head = open_packed(key, value[_LENGTH.size : _LENGTH.size + length], "block")
            self.runs = tuple(Run(*run) for run in head[0])
            self._shapes = tuple(tuple(shape) for shape in head[1])
            self._streams = tuple(_streams(head[2], _LENGTH.size + length))
        except (struct.error, TypeError, ValueError, IndexError) as error:
            raise Damaged from error
        self.columns = tuple(stream.column for stream in self._streams)
        self.count = sum(run.count for run in self.runs)

    def values(self, number: int) -> tuple[Sequence[int | None], bytes]:
        """(values, qualities) of a column, one a row."""
        stream = self._streams[number]
        try:
            values, quality = self._unpacked(number)
            if stream.against >= 0:
                values = _with_climb(values, self._unpacked(stream.against)[0])
        except Damaged:
            self._note("blocks", self._key)
            return [None] * self.count, bytes(self.count)
        return values, quality

    def counts(self, number: int) -> Counts | None:
        """A column as it lies there; None where its values lie against another one's, or where it is damaged."""
        if self._streams[number].against >= 0:
            return None
        try:
            return self._inflated(number)
        except Damaged:
            return None

    def damaged_columns(self) -> tuple[Column, ...]:
        """Those whose check sum is wrong."""
        return tuple(stream.column for number, stream in enumerate(self._streams) if not self._is_whole(number))

    def size_of(self, wanted: Callable[[Column], bool]) -> int:
        """Bytes of the columns that are wanted."""
        return sum(stream.length for stream in self._streams if wanted(stream.column))

    def only(self, wanted: Callable[[Column], bool]) -> bytes:
        """The same block with those columns only, as it is stored. Raises Damaged when one of them is."""
        kept = [number for number, column in enumerate(self.columns) if wanted(column)]
        if not all(map(self._is_whole, kept)):
            raise Damaged
        new = {number: at for at, number in enumerate(kept)}
        shapes = [tuple(new[number] for number in shape if number in new) for shape in self._shapes]
        streams = [
            (stream.column, new.get(stream.against, -1), self._value[stream.at : stream.at + stream.length])
            for stream in (self._streams[number] for number in kept)
        ]
        return encode_head(self.device, self.start_ts, self.runs, shapes, streams)

    def rows(self, from_ts: int, to_ts: int, keep: Callable[[Column], bool] | None = None) -> Iterator[Row]:
        """Rows that start in [from_ts, to_ts), by time; with ``keep`` only the columns that it wants."""
        wanted = [number for number, column in enumerate(self.columns) if keep is None or keep(column)]
        unpacked: dict[int, tuple[Sequence[int | None], bytes]] = {}
        at = 0
        for run in self.runs:
            first_ts = self.start_ts + run.after_s
            low = max(0, -(-(from_ts - first_ts) // run.step_s))
            high = min(run.count, -(-(to_ts - first_ts) // run.step_s))
            shape = [number for number in self._shapes[run.shape] if number in wanted]
            if low < high and shape:
                for number in shape:
                    if number not in unpacked:
                        unpacked[number] = self.values(number)
                columns, parts = tuple(self.columns[n] for n in shape), [unpacked[n] for n in shape]
                yield from self._run_rows(run, range(low, high), at, columns, parts)
            at += run.count

    def _run_rows(
        self,
        run: Run,
        numbers: range,
        at: int,
        columns: tuple[Column, ...],
        parts: list[tuple[Sequence[int | None], bytes]],
    ) -> Iterator[Row]:
        low, high = at + numbers.start, at + numbers.stop
        values = zip(*(values[low:high] for values, _ in parts), strict=True)
        quality = zip(*(quality[low:high] for _, quality in parts), strict=True)
        ts = self.start_ts + run.after_s + numbers.start * run.step_s
        for values_n, doubts in zip(values, quality, strict=True):
            yield Row(self.device, ts, run.interval_s, columns, values_n, doubts)
            ts += run.step_s

    def _is_whole(self, number: int) -> bool:
        stream = self._streams[number]
        return stream.crc == _check(self._key, number, self._value[stream.at : stream.at + stream.length])

    def _unpacked(self, number: int) -> tuple[list[int | None], bytes]:
        counts = self._inflated(number)
        return counts.values_n(), counts.quality

    def _inflated(self, number: int) -> Counts:
        if not self._is_whole(number):
            raise Damaged
        stream = self._streams[number]
        counts = inflate(self._value[stream.at : stream.at + stream.length])
        if len(counts.each) != self.count:
            raise Damaged
        return counts


class Blocks:
    """The blocks of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def has(self, txn: lmdb.Transaction, device: int, start_ts: int) -> bool:
        """Is there one of the four weeks that hold ``start_ts``?"""
        with txn.cursor(db=self._store.tree("blocks")) as cursor:
            return bool(cursor.set_key(key_of(device, start_ts)))

    def get(self, txn: lmdb.Transaction, device: int, start_ts: int) -> Block | None:
        """The block of the four weeks that hold ``start_ts``; None where there is none or its head is damaged."""
        key = key_of(device, start_ts)
        value = txn.get(key, db=self._store.tree("blocks"))
        return None if value is None else self._opened(key, bytes(value))

    def put(self, txn: lmdb.Transaction, device: int, start_ts: int, content: bytes) -> None:
        """Keep what ``encode`` made."""
        txn.put(key_of(device, start_ts), content, db=self._store.tree("blocks"))

    def of_device(self, txn: lmdb.Transaction, device: int, from_ts: int, to_ts: int) -> Iterator[Block]:
        """Blocks of a device that overlap [from_ts, to_ts), by time."""
        end = key_of(device, max(0, to_ts - 1))
        with txn.cursor(db=self._store.tree("blocks")) as cursor:
            more = to_ts > 0 and cursor.set_range(key_of(device, max(0, from_ts)))
            while more and (key := bytes(cursor.key())) <= end:
                if (block := self._opened(key, bytes(cursor.value()))) is not None:
                    yield block
                more = cursor.next()

    def devices(self, txn: lmdb.Transaction) -> Iterator[int]:
        """Devices that have blocks."""
        with txn.cursor(db=self._store.tree("blocks")) as cursor:
            more = cursor.first()
            while more:
                device = KEY.unpack(cursor.key())[0]
                yield device
                more = device < 0xFFFF and cursor.set_range(KEY.pack(device + 1, 0))

    def _opened(self, key: bytes, value: bytes) -> Block | None:
        try:
            return Block(key, value, self._store.note_damage)
        except Damaged:
            self._store.note_damage("blocks", key)
            return None


def block_start(ts: int) -> int:
    """Start of the four weeks that hold ``ts``; all sites and devices share them."""
    return ts - ts % SPAN_S


def block_version(value: bytes) -> int:
    """Of a block whose head is whole."""
    return version_of(value[_LENGTH.size :])


def key_of(device: int, ts: int) -> bytes:
    return KEY.pack(device, min(block_start(ts), 0xFFFF_FFFF))


def encode_energy(values_n: Sequence[int | None], quality: bytes, index_n: Sequence[int | None]) -> bytes:
    """The energies of a counter against its index; any other column is deflated as it is."""
    return deflate(_less_climb(values_n, index_n), quality)


def encode_head(
    device: int,
    start_ts: int,
    runs: Iterable[Run],
    shapes: Iterable[tuple[int, ...]],
    streams: Sequence[tuple[Column, int, bytes]],
) -> bytes:
    """A block's value. ``streams``: (column, number of the index that it is stored against or -1, stream)."""
    key = key_of(device, start_ts)
    listed = [
        [*column, len(stream), _check(key, number, stream), against]
        for number, (column, against, stream) in enumerate(streams)
    ]
    ran = [[run.after_s, run.step_s, run.interval_s, run.count, run.shape] for run in runs]
    head = seal(key, "block", pack([ran, [list(shape) for shape in shapes], listed]))
    return b"".join((_LENGTH.pack(len(head)), head, *(stream for _, _, stream in streams)))


def _streams(listed: list[Any], at: int) -> Iterator[Stream]:
    for quantity, statistic, length, crc, against in listed:
        yield Stream((str(quantity), str(statistic)), at, length, crc, against)
        at += length


def _check(key: bytes, number: int, stream: bytes) -> int:
    return zlib.crc32(stream, zlib.crc32(key, number))


def _climb(index_n: Sequence[int | None]) -> list[int]:
    """How much an index climbed up to each row; nothing where it is not known."""
    last = next((value for value in index_n if value is not None), 0)
    known = [last := last if value is None else value for value in index_n]
    return [0, *map(sub, known[1:], known)]


def _less_climb(energy_n: Sequence[int | None], index_n: Sequence[int | None]) -> list[int | None]:
    climb = _climb(index_n)
    if None not in energy_n:
        return list(map(sub, energy_n, climb))
    return [None if value is None else value - by for value, by in zip(energy_n, climb, strict=True)]


def _with_climb(stored_n: Sequence[int | None], index_n: Sequence[int | None]) -> list[int | None]:
    climb = _climb(index_n)
    if None not in stored_n:
        return list(map(add, stored_n, climb))
    return [None if value is None else value + by for value, by in zip(stored_n, climb, strict=True)]
