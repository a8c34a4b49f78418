"""Retention: after so many months only a counter's columns of old samples are kept. Energy is never dropped.

The setting is the record ("settings", "samples") = {"months": N}; without it, or with 0, everything is kept for ever.
"""

from __future__ import annotations

import lmdb

from runtime.core.clock.timegrid import DAY_S
from runtime.store.codec import Damaged
from runtime.store.env import Store
from runtime.store.row import Column
from runtime.store.sample.blocks import KEY, SPAN_S, Block
from runtime.store.sample.compaction import CompactedBlock

RECORD = ("settings", "samples")
MONTH_S = 31 * DAY_S
LOOKED_AT = 50  # blocks in one step


def keeps_for_ever(column: Column) -> bool:
    """What recomputation needs."""
    return column[1] in ("index", "energy")


def dropped_before(store: Store, now_ts: int) -> int:
    """Samples before that have had their time; 0 when there is no such limit."""
    months = months_of(store)
    return max(0, now_ts - months * MONTH_S) if months else 0


def months_of(store: Store) -> int:
    """How long samples are kept; 0 = for ever."""
    record = store.records.get(*RECORD)
    months = record.get("months", 0) if isinstance(record, dict) else 0
    return months if isinstance(months, int) and months > 0 else 0


def thick_bytes(store: Store, months: int, now_ts: int) -> int:
    """What would be freed if samples were kept for so many months; 0 = for ever. Many short reads."""
    before_ts, after, bytes_ = now_ts - months * MONTH_S, b"", 0
    while months > 0:
        with store.reading() as txn, txn.cursor(db=store.tree("blocks")) as cursor:
            more = cursor.set_range(after + b"\0") if after else cursor.first()
            for _ in range(LOOKED_AT):
                if not more:
                    return bytes_
                after = bytes(cursor.key())
                if KEY.unpack(after)[1] + SPAN_S <= before_ts:
                    bytes_ += _thick(store, after, bytes(cursor.value()))
                more = cursor.next()
    return bytes_


def _thick(store: Store, key: bytes, value: bytes) -> int:
    try:
        return Block(key, value, store.note_damage).size_of(lambda column: not keeps_for_ever(column))
    except Damaged:
        return 0


def find_thick(
    store: Store, txn: lmdb.Transaction, before_ts: int, after: bytes = b"", most: int = LOOKED_AT
) -> tuple[CompactedBlock | None, bytes]:
    """The first block behind a key whose time is over and that still has more than energy, made anew without it;
    and the key to go on behind, b"" when there is none left."""
    with txn.cursor(db=store.tree("blocks")) as cursor:
        more = cursor.set_range(after + b"\0") if after else cursor.first()
        while more and most:
            after = bytes(cursor.key())
            device, start_ts = KEY.unpack(after)
            if start_ts + SPAN_S <= before_ts:
                content = _thin(store, after, bytes(cursor.value()))
                if content is not None:
                    return CompactedBlock(device, start_ts, content, txn.id()), after
            more, most = cursor.next(), most - 1
    return None, after if more else b""


def _thin(store: Store, key: bytes, value: bytes) -> bytes | None:
    try:
        block = Block(key, value, store.note_damage)
        return None if all(map(keeps_for_ever, block.columns)) else block.only(keeps_for_ever)
    except Damaged:
        store.note_damage("blocks", key)
        return None
