"""Users, sessions, known browsers, tokens and delays as records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, TypeVar

from runtime.core.access.access import Access, Browser, Session, Token, User
from runtime.core.access.delays import Delays
from runtime.core.access.screen import Screen
from runtime.store.env import Store
from runtime.store.records import expect_known

Record = tuple[str, str | int, Any]  # (kind, key, record)
Each = TypeVar("Each", User, Session, Browser, Token)

STATE, DELAY = "access", "delay"
KINDS: tuple[tuple[str, str, type[Any]], ...] = (
    ("user", "users", User),
    ("session", "sessions", Session),
    ("browser", "browsers", Browser),
    ("token", "tokens", Token),
)


def load_access(store: Store) -> Access:
    """What is kept; what is damaged is left out, as ``Records`` does. Raises StoreError store_newer."""
    state = store.records.get(STATE, "state") or {}
    with expect_known("the list of who may"):
        kept = {
            name: dict(sorted((thing.id, thing) for thing in _build_each(store.records.all(kind), made)))
            for kind, name, made in KINDS
        }
    used, watched_s = dict(state.get("used", {})), state.get("watched_s", 0)
    return Access(state.get("set_up", ""), used=used, watched_s=watched_s, **kept)


def load_delays(store: Store) -> Delays:
    delays = Delays()
    for key, record in store.records.all(DELAY).items():
        delays.load(key, tuple(record))
    return delays


def key_mark(store: Store) -> str:
    """Which pepper the codes were made with, "" = none yet."""
    return str((store.records.get(STATE, "pepper") or {}).get("mark", ""))


def differences(before: Access, after: Access) -> Iterator[Record]:
    """Records that have to be kept to get from one to the other."""
    if _state(before) != _state(after):
        yield STATE, "state", _state(after)
    for kind, name, _ in KINDS:
        old: Mapping[int, Any] = getattr(before, name)
        new: Mapping[int, Any] = getattr(after, name)
        for id in sorted(old.keys() | new.keys()):
            if old.get(id) is not new.get(id):
                yield kind, id, as_record(new[id]) if id in new else None


def _state(access: Access) -> dict[str, Any]:
    return {"set_up": access.set_up, "used": dict(access.used), "watched_s": access.watched_s}


def delay_records(delays: Delays) -> Iterator[Record]:
    """Of those that changed since the last time."""
    for key, record in delays.changes():
        yield DELAY, key, record


def save_access(store: Store, before: Access, after: Access, *, mark: str) -> None:
    """By the one writer, while no server runs: records, the pepper's mark, and no delays any more."""
    with store.writing() as txn:
        for kind, key, record in differences(before, after):
            store.records.put(txn, kind, key, record)
        store.records.put(txn, STATE, "pepper", {"mark": mark})
    gone = list(store.records.all(DELAY))
    with store.writing() as txn:
        for key in gone:
            store.records.put(txn, DELAY, key, None)


def as_record(thing: User | Session | Browser | Token) -> dict[str, Any]:
    record = asdict(thing)
    if "rights" in record:
        record["rights"] = sorted(record["rights"])
    return record


def _build_each(records: Mapping[str, Any], kind: type[Each]) -> Iterator[Each]:
    for record in records.values():
        if "rights" in record:
            record["rights"] = frozenset((page, verb) for page, verb in record["rights"])
        if record.get("screen"):
            record["screen"] = Screen(**{**record["screen"], "pages": tuple(record["screen"]["pages"])})
        yield kind(**record)
