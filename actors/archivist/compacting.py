"""Makes blocks of rows in pieces of a millisecond or so, and drops what has been kept for long enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runtime.store.env import Store
from runtime.store.sample.blocks import SPAN_S
from runtime.store.sample.compaction import BlockMaker, CompactedBlock, Due, find_due, late_keys
from runtime.store.sample.retention import dropped_before, find_thick
from runtime.store.sample.rows import Rows

ROWS_AT_ONCE = 50


def due_blocks(store: Store, rows: Rows, now_ts: int) -> Iterator[CompactedBlock | None]:
    """Blocks one by one; None where somebody else may have a turn, which is each millisecond or so."""
    after, again = b"", True
    while after or again:
        again = False
        with store.reading() as txn:
            due, after = find_due(store, txn, now_ts, after, most=1_000)
        if due is not None:
            yield from _compact(store, rows, due)
        yield None
    after, before_ts = b"", dropped_before(store, now_ts)
    while before_ts:
        with store.reading() as txn:
            thinned, after = find_thick(store, txn, before_ts, after)
        yield thinned
        if not after:
            return


def _compact(store: Store, rows: Rows, due: Due) -> Iterator[CompactedBlock | None]:
    maker, from_ts, end_ts = BlockMaker(due.device, due.start_ts), due.start_ts, due.start_ts + SPAN_S
    with store.reading() as txn:
        seen, late = txn.id(), late_keys(rows, txn, due)
    while from_ts < end_ts:
        with store.reading() as txn:
            from_ts = _add_some(rows, maker, txn, due.device, from_ts, end_ts)
        yield None
    while maker.deflate_next():
        yield None
    yield CompactedBlock(due.device, due.start_ts, maker.content(), seen, late)


def _add_some(rows: Rows, maker: BlockMaker, txn: Any, device: int, from_ts: int, end_ts: int) -> int:
    """Some rows into the block; where to go on."""
    for count, row in enumerate(rows.scan_device(txn, device, from_ts, end_ts), 1):
        maker.add(row)
        if count == ROWS_AT_ONCE:
            return row.start_ts + 1
    return end_ts
