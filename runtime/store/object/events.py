"""Events: what happened, in the order in which it was noted. The key is UTC ms and a running number within it."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import lmdb

from runtime.errors import check_event
from runtime.store.codec import Damaged, open_packed, pack, seal
from runtime.store.env import Store

_KEY = struct.Struct(">QH")
_LAST_MS = 1 << 62


@dataclass(frozen=True, slots=True)
class Event:
    """``id`` is for ever: UTC ms << 16 + running number. ``subject`` is "device.3", "gateway.1", "server"."""

    id: int
    ts_ms: int
    subject: str
    code: str
    detail: str = ""


def add_event(store: Store, txn: lmdb.Transaction, ts_ms: int, subject: str, code: str, detail: str = "") -> int:
    """Keep an event and return its id. Raises InvariantBroken where there is no event of this code."""
    check_event(code)
    ts_ms = max(0, min(ts_ms, _LAST_MS))
    content = pack([subject, code, detail])
    ts_ms, number = _free_key(store, txn, ts_ms)
    key = _KEY.pack(ts_ms, number)
    txn.put(key, seal(key, "event", content), db=store.tree("events"), overwrite=False)
    return ts_ms << 16 | number


def _free_key(store: Store, txn: lmdb.Transaction, ts_ms: int) -> tuple[int, int]:
    """Behind the last one of that moment; a moment that is full gives way to the next."""
    with txn.cursor(db=store.tree("events")) as cursor:
        while True:
            there = cursor.prev() if cursor.set_range(_KEY.pack(ts_ms + 1, 0)) else cursor.last()
            last_ms, number = _KEY.unpack(cursor.key()) if there else (-1, 0)
            if last_ms != ts_ms:
                return ts_ms, 0
            if number < 0xFFFF:
                return ts_ms, number + 1
            ts_ms += 1


def list_events(
    store: Store,
    *,
    from_ms: int = 0,
    to_ms: int = _LAST_MS,
    subject: str = "",
    code: str = "",
    limit: int = 1000,
    without: str = "",
) -> tuple[Event, ...]:
    """The newest ``limit`` events of [from_ms, to_ms), newest first; of one subject and one code where given.

    without  a subject whose events are left out
    """
    found: list[Event] = []
    with store.reading() as txn, txn.cursor(db=store.tree("events")) as cursor:
        more = cursor.prev() if cursor.set_range(_KEY.pack(max(0, min(to_ms, _LAST_MS)), 0)) else cursor.last()
        while more and len(found) < limit:
            key = bytes(cursor.key())
            if _KEY.unpack(key)[0] < from_ms:
                break
            event = _unpack(store, key, bytes(cursor.value()))
            wanted = event and subject in ("", event.subject) and code in ("", event.code)
            if event and wanted and not (without and event.subject == without):
                found.append(event)
            more = cursor.prev()
    return tuple(found)


def _unpack(store: Store, key: bytes, value: bytes) -> Event | None:
    ts_ms, number = _KEY.unpack(key)
    try:
        subject, code, detail = open_packed(key, value, "event")
    except (Damaged, TypeError, ValueError):
        store.note_damage("events", key)
        return None
    return Event(ts_ms << 16 | number, ts_ms, subject, code, detail)
