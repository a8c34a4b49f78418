"""One quantity of one device by time, column by column: what curves are drawn of. Reads blocks and rows alike."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import lmdb

from runtime.core.sample.curve import Stretch
from runtime.store.codec import Damaged, open_bytes
from runtime.store.row import Column, Row
from runtime.store.sample.blocks import Block, Run
from runtime.store.sample.deflate import Counts
from runtime.store.sample.rows import HAS_QUALITY, KEY, ROW_HEAD, UNKNOWN_N, Rows, quality_of
from runtime.store.schemas import Schema

STATISTICS = ("mean", "min", "max", "last")
Values = Mapping[str, tuple[Sequence[int | None], Sequence[int]]]
_MOST_ROWS = 4096  # of a stretch


@dataclass(frozen=True, slots=True)
class _Extract:
    """Where the columns of one quantity lie in the rows of a schema."""

    schema: Schema
    columns: tuple[Column, ...]
    layout: struct.Struct
    numbers: tuple[int, ...]
    types: str


class Columns:
    """Of the rows of a store. One object per thread, as they."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._extracts: dict[tuple[int, str], _Extract] = {}

    def stretches(
        self, txn: lmdb.Transaction, device: int, quantity: str, from_ts: int, to_ts: int
    ) -> Iterator[Stretch]:
        """What was recorded in [from_ts, to_ts), by time."""
        if self._rows.late(txn, device, from_ts, to_ts):  # rows that win over their block
            scanned = self._rows.scan_device(txn, device, from_ts, to_ts, lambda column: column[0] == quantity)
            yield from _joined(scanned, quantity)
            return
        for block in self._rows.blocks_of(txn, device, from_ts, to_ts):
            yield from _of_block(block, quantity)
        yield from _joined(self._hot(txn, device, from_ts, to_ts, quantity), quantity)

    def _hot(self, txn: lmdb.Transaction, device: int, from_ts: int, to_ts: int, quantity: str) -> Iterator[Row]:
        for ts, value in self._rows.sealed(txn, device, from_ts, to_ts):
            key = KEY.pack(ts, device)
            try:
                content = open_bytes(key, value, "row")
                row = self._extracted(txn, device, ts, content, quantity)
            except (Damaged, struct.error):
                self._rows.store.note_damage("rows", key)
                continue
            if row is not None:
                yield row

    def _extracted(self, txn: lmdb.Transaction, device: int, ts: int, content: bytes, quantity: str) -> Row | None:
        """The columns of one quantity, unpacked alone. Raises Damaged, struct.error."""
        schema_id, interval_s, flags = ROW_HEAD.unpack_from(content)
        extract = self._extract(txn, schema_id, quantity)
        if not extract.columns:
            return None
        raw = extract.layout.unpack_from(content, ROW_HEAD.size)
        values_n = tuple(None if n == UNKNOWN_N[t] else n for n, t in zip(raw, extract.types, strict=True))
        quality = (0,) * len(values_n)
        if flags & HAS_QUALITY:
            nibbles = content[ROW_HEAD.size + extract.schema.layout.size :]
            every = quality_of(nibbles, len(extract.schema.columns))
            quality = tuple(every[number] for number in extract.numbers)
        return Row(device, ts, interval_s, extract.columns, values_n, quality)

    def _extract(self, txn: lmdb.Transaction, schema_id: int, quantity: str) -> _Extract:
        extract = self._extracts.get((schema_id, quantity))
        if extract is None:
            schema = self._rows.schemas.get(txn, schema_id)
            if schema is None:
                raise Damaged
            extract = self._extracts[schema_id, quantity] = _extract_of(schema, quantity)
        return extract


def _of_block(block: Block, quantity: str) -> Iterator[Stretch]:
    numbers = {
        column[1]: number
        for number, column in enumerate(block.columns)
        if column[0] == quantity and column[1] in STATISTICS
    }
    counts = {statistic: block.counts(number) for statistic, number in numbers.items()}
    whole = {statistic: each for statistic, each in counts.items() if each is not None and not each.gaps}
    is_whole = whole.keys() == numbers.keys()
    values: Values = {} if is_whole else {name: _values(block, numbers[name], each) for name, each in counts.items()}
    at = 0
    for run in block.runs:
        part, start_ts = slice(at, at + run.count), block.start_ts + run.after_s
        if whole and is_whole:
            yield _whole_stretch(start_ts, run, whole, part)
        elif values:
            yield _stretch(start_ts, run, values, part)
        at += run.count


def _values(block: Block, number: int, counts: Counts | None) -> tuple[Sequence[int | None], Sequence[int]]:
    return block.values(number) if counts is None else (counts.values_n(), counts.quality)


def _whole_stretch(start_ts: int, run: Run, counts: Mapping[str, Counts], part: slice) -> Stretch:
    mean = counts.get("mean") or counts.get("last") or next(iter(counts.values()))
    three = (mean, counts.get("min", mean), counts.get("max", mean))
    mean_n, least_n, most_n = (each.each[part] for each in three)
    scales = tuple((each.first, each.scale) for each in three)
    return Stretch(start_ts, run.step_s, run.interval_s, mean_n, least_n, most_n, mean.quality[part], scales)


def _stretch(start_ts: int, run: Run, values: Values, part: slice) -> Stretch:
    mean_n, quality = values.get("mean") or values.get("last") or next(iter(values.values()))
    least_n, most_n = (values.get(statistic, (mean_n,))[0] for statistic in ("min", "max"))
    return Stretch(
        start_ts, run.step_s, run.interval_s, mean_n[part], least_n[part], most_n[part], bytes(quality[part])
    )


def _joined(rows: Iterator[Row], quantity: str) -> Iterator[Stretch]:
    """Rows that follow each other as one stretch each."""
    held: list[Row] = []
    for row in rows:
        if held and not _follows(held, row):
            yield _of_rows(held, quantity)
            held = []
        held.append(row)
    if held:
        yield _of_rows(held, quantity)


def _follows(held: list[Row], row: Row) -> bool:
    last = held[-1]
    is_next = row.start_ts == last.start_ts + last.interval_s and row.interval_s == last.interval_s
    return is_next and row.columns is last.columns and len(held) < _MOST_ROWS


def _of_rows(rows: list[Row], quantity: str) -> Stretch:
    columns = list(zip(*(row.values_n for row in rows), strict=True))
    doubts = list(zip(*(row.quality for row in rows), strict=True))
    values: Values = {
        statistic: (columns[at], doubts[at])
        for at, (of, statistic) in enumerate(rows[0].columns)
        if of == quantity and statistic in STATISTICS
    }
    first = rows[0]
    run = Run(0, first.interval_s, first.interval_s, len(rows), 0)
    if not values:
        unknown: list[int | None] = [None] * len(rows)
        values = {"mean": (unknown, bytes(len(rows)))}
    return _stretch(first.start_ts, run, values, slice(0, len(rows)))


def _extract_of(schema: Schema, quantity: str) -> _Extract:
    """Columns of other quantities are passed over as bytes without a meaning."""
    numbers = tuple(at for at, (of, _) in enumerate(schema.columns) if of == quantity)
    form = "".join(
        letter if at in numbers else f"{struct.calcsize(f'<{letter}')}x" for at, letter in enumerate(schema.types)
    )
    columns = tuple(schema.columns[at] for at in numbers)
    return _Extract(schema, columns, struct.Struct(f"<{form}"), numbers, "".join(schema.types[at] for at in numbers))
