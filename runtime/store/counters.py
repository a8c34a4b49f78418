"""Counter ledgers as they lie in the store: all of a device in one value, so that a cycle writes few pages.

Key: device u16 BE. Content: UTC s of the newest edge, count, 27 bytes a counter in its ordinary state, then a msgpack
map of the counters whose state needs more (held readings, a former meter, a gap in progress …).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import astuple

import lmdb

from runtime.core.ledger import Former, LedgerState
from runtime.store.codec import Damaged, pack, seal, unpack, unseal
from runtime.store.env import Store

VERSION = 1
_KEY = struct.Struct(">H")
_HEAD = struct.Struct("<qH")
_PLAIN = struct.Struct("<HqqiIB")  # quantity, raw, total, reading after the edge in ms, energy since it, quality

Ledgers = dict[int, LedgerState]  # quantity number -> state


def get_ledgers(store: Store, txn: lmdb.Transaction, device: int) -> Ledgers:
    """All counters of a device. Raises Damaged: a ledger is never guessed."""
    key = _KEY.pack(device)
    value = txn.get(key, db=store.tree("ledger"))
    return {} if value is None else _opened(key, bytes(value))


def put_ledgers(store: Store, txn: lmdb.Transaction, device: int, ledgers: Ledgers) -> None:
    key = _KEY.pack(device)
    txn.put(key, seal(key, VERSION, _content(ledgers)), db=store.tree("ledger"))


def all_ledgers(store: Store, txn: lmdb.Transaction) -> Iterator[tuple[int, Ledgers]]:
    """(device, its counters), damaged ones noted and left out."""
    with txn.cursor(db=store.tree("ledger")) as cursor:
        for key, value in cursor:
            try:
                yield _KEY.unpack(key)[0], _opened(bytes(key), bytes(value))
            except Damaged:
                store.note_damage("ledger", bytes(key))


def _content(ledgers: Ledgers) -> bytes:
    newest_ts = max((state.edge_ts for state in ledgers.values()), default=0)
    plain: list[bytes] = []
    full: dict[int, object] = {}
    for quantity, state in ledgers.items():
        after_ms, since_n = state.ts_ms - newest_ts * 1000, state.total_n - state.edge_total_n
        if _is_plain(state, newest_ts) and abs(after_ms) < 1 << 31 and since_n < 1 << 32:
            plain.append(_PLAIN.pack(quantity, state.raw_n, state.total_n, after_ms, since_n, state.quality))
        else:
            full[quantity] = astuple(state)
    return _HEAD.pack(newest_ts, len(plain)) + b"".join(plain) + (pack(full) if full else b"")


def _is_plain(state: LedgerState, edge_ts: int) -> bool:
    rare = state.rollovers or state.held or state.former or state.unmoved_n or state.dip_ms
    return not rare and state.edge_ts == edge_ts


def _opened(key: bytes, value: bytes) -> Ledgers:
    _, content = unseal(key, value, VERSION)
    edge_ts, count = _HEAD.unpack_from(content)
    end = _HEAD.size + count * _PLAIN.size
    ledgers: Ledgers = {}
    for quantity, raw_n, total_n, after_ms, since_n, quality in _PLAIN.iter_unpack(content[_HEAD.size : end]):
        ledgers[quantity] = LedgerState(edge_ts * 1000 + after_ms, raw_n, total_n, edge_ts, total_n - since_n, quality)
    if end < len(content):
        ledgers.update((quantity, _full(*fields)) for quantity, fields in unpack(content[end:]).items())
    return ledgers


def _full(
    ts_ms: int, raw_n: int, total_n: int, edge_ts: int, edge_total_n: int, quality: int, rollovers: int,
    held: list[list[int]], former: list[int] | None, unmoved_n: int, dip_ms: int,
) -> LedgerState:  # fmt: skip
    return LedgerState(
        ts_ms, raw_n, total_n, edge_ts, edge_total_n, quality, rollovers,
        tuple((held_ms, held_n) for held_ms, held_n in held), Former(*former) if former else None, unmoved_n, dip_ms,
    )  # fmt: skip
