"""Counter ledgers as they lie in the store: all of a device in one value, so that a cycle writes few pages.

Key: device u16 BE. Content: UTC s of the newest edge, groups; for each group of counters read together when (ms after
the edge), quality, count, when they moved last and 18 bytes a counter; then a msgpack map of the counters whose state
needs more (held readings, a former meter, a gap in progress …), each as the list of its fields. A field that
``LedgerState`` gets is in that list by itself, as long as it has a default; a version and a step for older lists go
with it (``migration``).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import astuple
from operator import attrgetter
from typing import Any

import lmdb

from runtime.core.energy.candidate import Candidate
from runtime.core.energy.ledger import Former, LedgerState
from runtime.core.energy.ledgerstate import LEAST_PACE, MOVED_S
from runtime.store.codec import Damaged, pack, seal, unpack, unseal
from runtime.store.env import Store
from runtime.store.migration.steps import migrate

_KEY = struct.Struct(">H")
_HEAD = struct.Struct("<qB")
_GROUP = struct.Struct("<iBB")
_MOVED = struct.Struct("<H")  # of a group; version 1 had none
_PLAIN = struct.Struct("<HIHIHI")  # quantity and pace, raw and total in 48 bit, energy since the edge
_NUMBERS = 1 << 11  # of quantities; above them the pace
_LOW = 0xFFFF_FFFF
_MOMENTS = 1 << 16  # of ``MOVED_S``: 48 days
_PACES = range(LEAST_PACE, LEAST_PACE + 31)
_MOST_GROUPS = 255
_PLAIN_FIELDS = ("ts_ms", "raw_n", "total_n", "edge_ts", "edge_total_n", "quality", "pace", "moved_ts")
_RARE_FIELDS = tuple(name for name in LedgerState._fields if name not in _PLAIN_FIELDS)
_rare_of = attrgetter(*_RARE_FIELDS)
_NOTHING_RARE = tuple(LedgerState._field_defaults[name] for name in _RARE_FIELDS)

Ledgers = dict[int, LedgerState]  # quantity number -> state


def get_ledgers(store: Store, txn: lmdb.Transaction, device: int) -> Ledgers:
    """All counters of a device. Raises Damaged: a ledger is never guessed; StoreError store_newer."""
    key = _KEY.pack(device)
    value = txn.get(key, db=store.tree("ledger"))
    return {} if value is None else unpack_ledgers(key, bytes(value))


def put_ledgers(store: Store, txn: lmdb.Transaction, device: int, ledgers: Ledgers) -> None:
    key = _KEY.pack(device)
    txn.put(key, pack_ledgers(key, ledgers), db=store.tree("ledger"))


def all_ledgers(store: Store, txn: lmdb.Transaction) -> Iterator[tuple[int, Ledgers]]:
    """(device, its counters), damaged ones noted and left out."""
    with txn.cursor(db=store.tree("ledger")) as cursor:
        for key, value in cursor:
            try:
                yield _KEY.unpack(key)[0], unpack_ledgers(bytes(key), bytes(value))
            except Damaged:
                store.note_damage("ledger", bytes(key))


def pack_ledgers(key: bytes, ledgers: Ledgers) -> bytes:
    """A device's ledgers as they lie under a key."""
    return seal(key, "ledger", _content(ledgers))


def _content(ledgers: Ledgers) -> bytes:
    newest_ts = max((state.edge_ts for state in ledgers.values()), default=0)
    groups: dict[tuple[int, int, int], list[bytes]] = {}
    full: dict[int, object] = {}
    for quantity, state in ledgers.items():
        after_ms = state.ts_ms - newest_ts * 1000
        if _is_plain(state, newest_ts) and abs(after_ms) < 1 << 31 and len(groups) < _MOST_GROUPS:
            group = after_ms, state.quality, state.moved_ts // MOVED_S % _MOMENTS
            groups.setdefault(group, []).append(_plain(quantity, state))
        else:
            full[quantity] = as_list(state)
    parts = [
        _GROUP.pack(after_ms, quality, len(plain)) + _MOVED.pack(moment) + b"".join(plain)
        for (after_ms, quality, moment), plain in groups.items()
    ]
    return _HEAD.pack(newest_ts, len(parts)) + b"".join(parts) + (pack(full) if full else b"")


def as_list(state: LedgerState) -> list[Any]:
    """Its fields in order, as they are kept."""
    former = None if state.former is None else astuple(state.former)
    return list((state._asdict() | {"held": [astuple(each) for each in state.held], "former": former}).values())


def _is_plain(state: LedgerState, edge_ts: int) -> bool:
    fits = 0 <= state.raw_n < 1 << 48 and 0 <= state.total_n < 1 << 48
    fits = fits and 0 <= state.total_n - state.edge_total_n <= _LOW and (not state.pace or state.pace in _PACES)
    fits = fits and state.moved_ts == _moved_ts(state.moved_ts // MOVED_S % _MOMENTS, state.ts_ms // 1000)
    return fits and state.edge_ts == edge_ts and _rare_of(state) == _NOTHING_RARE


def _moved_ts(moment: int, ts: int) -> int:
    """The last of the moments of that number before a reading; they come round each ``_MOMENTS``."""
    newest = ts // MOVED_S
    return (newest - (newest - moment) % _MOMENTS) * MOVED_S


def _plain(quantity: int, state: LedgerState) -> bytes:
    raw_n, total_n = state.raw_n, state.total_n
    since_n = total_n - state.edge_total_n
    paced = quantity + _NUMBERS * (state.pace - LEAST_PACE + 1 if state.pace else 0)
    return _PLAIN.pack(paced, raw_n & _LOW, raw_n >> 32, total_n & _LOW, total_n >> 32, since_n)


def unpack_ledgers(key: bytes, value: bytes) -> Ledgers:
    """What ``pack_ledgers`` of this program or an older one made. Raises Damaged, StoreError store_newer."""
    version, content = unseal(key, value, "ledger")
    edge_ts, groups = _HEAD.unpack_from(content)
    ledgers: Ledgers = {}
    at = _HEAD.size
    for _ in range(groups):
        after_ms, quality, count = _GROUP.unpack_from(content, at)
        ts_ms, at = edge_ts * 1000 + after_ms, at + _GROUP.size
        moment = ts_ms // 1000 // MOVED_S
        if version > 1:
            (moment,), at = _MOVED.unpack_from(content, at), at + _MOVED.size
        begin, at = at, at + count * _PLAIN.size
        for paced, raw_low, raw_high, low, high, since_n in _PLAIN.iter_unpack(content[begin:at]):
            total_n = high << 32 | low
            paces, quantity = divmod(paced, _NUMBERS)
            pace = paces + LEAST_PACE - 1 if paces else 0
            ledgers[quantity] = LedgerState(
                ts_ms, raw_high << 32 | raw_low, total_n, edge_ts, total_n - since_n, quality,
                pace=pace, moved_ts=_moved_ts(moment, ts_ms // 1000),
            )  # fmt: skip
    if at < len(content):
        full = unpack(content[at:]).items()
        ledgers.update((quantity, _full(*migrate("ledger", version, listed))) for quantity, listed in full)
    return ledgers


def _full(
    ts_ms: int, raw_n: int, total_n: int, edge_ts: int, edge_total_n: int, quality: int, rollovers: int,
    held: list[tuple[list[list[int]], bool, int]], former: list[int] | None, *others: Any,
) -> LedgerState:  # fmt: skip
    candidates = tuple(
        Candidate(tuple((at_ms, at_n) for at_ms, at_n in readings), is_home, count) for readings, is_home, count in held
    )
    return LedgerState(
        ts_ms, raw_n, total_n, edge_ts, edge_total_n, quality, rollovers, candidates,
        Former(*former) if former else None, *others,
    )  # fmt: skip
