"""What the recorder takes in: put into a form that can be kept, or refused before it could hold up all the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from actors.message.device import EventReported, KeepRecords
from actors.recorder.transaction import Waiting
from runtime.store.codec import pack
from runtime.store.migration.versions import newest_of, record_kind
from runtime.store.records import key_of

T = TypeVar("T")

MOST_DETAIL = 4_000  # characters of an event
MOST_KEY_BYTES = 500  # the database takes 511


def storable_event(event: EventReported) -> EventReported:
    """The event as it can be kept: any text has a form without halves of letters. Raises TypeError for what is none."""
    texts = (event.subject, event.code, event.detail)
    if not isinstance(event.ts_ms, int) or not all(isinstance(text, str) for text in texts):
        raise TypeError("an event is a time and three texts")
    subject, code, detail = (storable_text(text, MOST_DETAIL) for text in texts)
    return EventReported(event.ts_ms, subject, code, detail)


def storable_text(text: str, most: int) -> str:
    return text[:most].encode("utf-8", "backslashreplace").decode()


def storable_records(asked: KeepRecords) -> KeepRecords:
    """The same, with its events as they can be kept. Raises whatever a record would raise in the transaction."""
    for kind, key, record in asked.records:
        newest_of(record_kind(kind, key))
        if len(key_of(kind, key)) > MOST_KEY_BYTES:
            raise ValueError(f"a key of a record has {MOST_KEY_BYTES} bytes at most")
        pack(record)
    events = tuple(map(storable_event, asked.events))
    return asked if events == asked.events else replace(asked, events=events)


def bad_of(waiting: Waiting, fails: Callable[[Waiting], bool]) -> list[object]:
    """Samples, events and records that fail by themselves."""
    return [
        *find_bad(waiting.samples, lambda some: fails(Waiting(samples=tuple(some)))),
        *find_bad(waiting.events, lambda some: fails(Waiting(events=tuple(some)))),
        *find_bad(waiting.records, lambda some: fails(Waiting(records=tuple(some)))),
    ]


def find_bad(items: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> list[T]:
    """Those that fail, by halves: few tries when few are bad."""
    if not items or not fails(items):
        return []
    if len(items) == 1:
        return list(items)
    middle = len(items) // 2
    return find_bad(items[:middle], fails) + find_bad(items[middle:], fails)
