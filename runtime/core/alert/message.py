"""A message of the outbox: what waits for one recipient of one outlet, and how its delivery stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

MOST_ENTRIES = 50  # that are told one by one; what is more is counted
RAISED, OVER, CHANGED, NOTE = STATES = ("raised", "over", "changed", "note")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a message: an alarm, something that was switched, or what a rule has to say.

    key       of what it is about: a later entry of the same key takes its place
    state     "raised", "over", "changed" = it was switched, or "note" = a text
    kind      of the alarm; of what was switched the code of its event; with a note ""
    name      of what it is about, as it was called then
    position  gateway and address
    text      of a note; of an alarm what is known beside its kind
    since_ms  UTC ms of its beginning, at_ms of what is reported
    path      of its page here
    """

    key: str
    state: str
    at_ms: int
    since_ms: int = 0
    kind: str = ""
    severity: str = ""
    name: str = ""
    position: str = ""
    text: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """Times are UTC ms.

    more           entries beyond those that are told
    not_before_ms  quiet hours: it is not begun before
    begun          its entries stay as they are from now on: it may have been delivered
    attempts       deliveries that failed
    next_ms        not before that moment again
    code, detail   why the last delivery failed
    """

    id: int
    outlet: int
    recipient: str
    subject: str
    created_ms: int
    entries: tuple[Entry, ...] = ()
    more: int = 0
    not_before_ms: int = 0
    begun: bool = False
    attempts: int = 0
    next_ms: int = 0
    code: str = ""
    detail: str = ""


def as_record(message: Message) -> dict[str, Any]:
    """Plain values, as the store keeps them."""
    return asdict(message) | {"entries": [asdict(entry) for entry in message.entries]}


def from_record(record: Mapping[str, Any]) -> Message:
    """The inverse."""
    return Message(**{**record, "entries": tuple(Entry(**entry) for entry in record["entries"])})
