"""What is said to outlets and to the owner of the outbox, and what they show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.core.alert.message import Message
from runtime.errors import WattkeeperError
from runtime.viewboard import ViewKey, ViewKeys


def outlet_name(id: int) -> str:
    """Of its actor."""
    return f"outlet.{id}"


@dataclass(frozen=True, slots=True)
class Deliver:
    """Deliver this; it is on disk. Alarms -> an outlet, which answers with ``DeliveryEnded``."""

    message: Message


@dataclass(frozen=True, slots=True)
class DeliveryEnded:
    """It was accepted, or why not. An outlet -> alarms."""

    message: Message
    error: WattkeeperError | None = None


@dataclass(frozen=True, slots=True)
class SendNote:
    """Tell this to recipients of an outlet. A rule -> alarms.

    recipients  addresses; () = whom the outlet knows itself
    reply       filled with True once it is on disk; None when nobody waits
    """

    outlet: int
    recipients: tuple[str, ...]
    subject: str
    key: str
    text: str
    reply: Any = None


@dataclass(frozen=True, slots=True)
class RetryDelivery:
    """What waits for this outlet may leave now: its password was set. Web -> alarms."""

    outlet: int


@dataclass(frozen=True, slots=True)
class TryOutlet:
    """Deliver a message for a try. Web -> an outlet; answered with whom it was delivered to."""

    by: str
    reply: Any


@dataclass(frozen=True, slots=True)
class SwitchChat:
    """Somebody who enlisted gets messages, or no more; ``on`` None = is forgotten. Web -> an outlet."""

    recipient: str
    on: bool | None
    reply: Any


@dataclass(frozen=True, slots=True)
class RefreshOutlet:
    """Its passwords were set anew. Web -> an outlet."""


@dataclass(frozen=True, slots=True)
class ChatState:
    """Somebody who enlisted."""

    recipient: str
    name: str
    since_ts: int
    on: bool


@dataclass(frozen=True, slots=True)
class OutletView:
    """Published as ``outlet.ID``.

    secrets    names of those that are there and can be read
    delivered  messages since the start, last_ms the moment of the last one
    code, detail  why it hears nothing at the moment, "" = it does, or it need not
    """

    id: int
    secrets: frozenset[str] = frozenset()
    chats: tuple[ChatState, ...] = ()
    delivered: int = 0
    last_ms: int = 0
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class OutboxView:
    """Published as ``outbox``: what waits to leave, the oldest first. ``dropped``: by outlet, since the start."""

    messages: tuple[Message, ...] = ()
    dropped: Mapping[int, int] = field(default_factory=dict)


OUTLET_VIEWS = ViewKeys[OutletView]("outlet")
OUTBOX_VIEW = ViewKey[OutboxView]("outbox")
