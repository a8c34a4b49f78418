"""Checkpoints: where every counter's ledger stood at the start of a day. Recomputation folds from there.

Key: moment in UTC s (u32 BE), device (u16 BE). Content as in the tree ``ledger``.
"""

from __future__ import annotations

import struct

import lmdb

from runtime.core.clock.timegrid import DAY_S
from runtime.store.codec import Damaged
from runtime.store.energy.counters import Ledgers, all_ledgers, pack_ledgers, unpack_ledgers
from runtime.store.env import Store

KEY = struct.Struct(">IH")
DAILY_S = 62 * DAY_S  # daily ones for two months, then the first of every four weeks


def keep_checkpoint(store: Store, txn: lmdb.Transaction, ts: int) -> int:
    """Keep what the ledgers hold now under a moment; returns how many devices. Twice the same is kept once."""
    tree, count = store.tree("checkpoints"), 0
    for device, ledgers in list(all_ledgers(store, txn)):
        key = KEY.pack(ts, device)
        count += txn.put(key, pack_ledgers(key, ledgers), db=tree, overwrite=False)
    return count


def checkpoint_before(store: Store, txn: lmdb.Transaction, device: int, ts: int) -> tuple[int, Ledgers] | None:
    """The newest (moment, ledgers) of a device not after a moment; damaged ones are noted and passed over."""
    with txn.cursor(db=store.tree("checkpoints")) as cursor:
        more = cursor.prev() if cursor.set_range(KEY.pack(ts, device) + b"\0") else cursor.last()
        while more:
            key = bytes(cursor.key())
            at, found = KEY.unpack(key)
            if found == device:
                try:
                    return at, unpack_ledgers(key, bytes(cursor.value()))
                except Damaged:
                    store.note_damage("checkpoints", key)
            # to this device's place in the same moment, or in the one before
            at = at if found > device else at - 1
            more = at >= 0 and (cursor.prev() if cursor.set_range(KEY.pack(at, device) + b"\0") else cursor.last())
    return None


def thin_checkpoints(store: Store, txn: lmdb.Transaction, now_ts: int, most: int = 500) -> int:
    """Delete daily checkpoints that are older than two months, but the first of every four weeks."""
    last, deleted = -1, 0
    with txn.cursor(db=store.tree("checkpoints")) as cursor:
        more = cursor.first()
        while more and deleted < most:
            ts, _ = KEY.unpack(cursor.key())
            if ts > now_ts - DAILY_S:
                break
            weeks = ts // (28 * DAY_S)
            if weeks != last // (28 * DAY_S) or ts == last or last < 0:
                last, more = ts, cursor.next()
            else:
                cursor.delete()
                deleted, more = deleted + 1, bool(cursor.key())
    return deleted
