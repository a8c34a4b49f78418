"""Who enlisted with an outlet that listens, and up to where it has read what was written to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from runtime.store.env import Store
from runtime.store.object.alarms import Record
from runtime.store.records import expect_known

KIND = "chats"


@dataclass(frozen=True, slots=True)
class Chat:
    """``name`` is what the sender is called there; ``on``: gets messages."""

    recipient: str
    name: str
    since_ts: int
    on: bool = True


@dataclass(frozen=True, slots=True)
class Chats:
    """Of one outlet. ``after``: number of the last thing that was read."""

    after: int = 0
    chats: Mapping[str, Chat] = field(default_factory=dict)

    @property
    def on(self) -> tuple[str, ...]:
        """Recipients of messages."""
        return tuple(chat.recipient for chat in self.chats.values() if chat.on)

    def having(self, chat: Chat) -> Chats:
        """With this one in its place."""
        return replace(self, chats={**self.chats, chat.recipient: chat})


def chats_record(outlet: int, chats: Chats) -> Record:
    """What keeps them."""
    record: dict[str, Any] = {"after": chats.after, "chats": [asdict(chat) for chat in chats.chats.values()]}
    return KIND, outlet, record


def load_chats(store: Store, outlet: int) -> Chats:
    """Raises StoreError store_newer."""
    with expect_known("the list of enlisted recipients"):
        record = store.records.get(KIND, outlet) or {}
        chats = [Chat(**chat) for chat in record.get("chats", ())]
        return Chats(int(record.get("after", 0)), {chat.recipient: chat for chat in chats})
