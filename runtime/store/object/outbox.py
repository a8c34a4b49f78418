"""The outbox as records: messages by their running numbers, dropped once they are delivered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runtime.core.alert.message import Message, as_record, from_record
from runtime.core.alert.outbox import Outbox
from runtime.store.env import Store
from runtime.store.object.alarms import Record
from runtime.store.records import expect_known

KIND = "message"


def message_records(messages: Iterable[Message], gone: Iterable[int] = ()) -> Iterator[Record]:
    """What keeps these messages and drops others."""
    yield from ((KIND, message.id, as_record(message)) for message in messages)
    yield from ((KIND, id, None) for id in gone)


def load_outbox(store: Store, now_ts: int) -> Outbox:
    """What waited when the server ended. Numbers go on from now, so that none is given again.

    raises  StoreError store_newer
    """
    with expect_known("the outbox"):
        kept = [from_record(record) for record in store.records.all(KIND).values()]
    return Outbox(kept, now_ts)
