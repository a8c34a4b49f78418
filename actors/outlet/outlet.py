"""An outlet: delivers what the outbox gives it, one message after the other, and hears who enlists.

Its calls wait for a server outside, in its own thread, each until its deadline. A bug of a plugin is a failed delivery.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar, assert_never, cast

from actors.mailbox.base import COMMAND, IDLE, Actor, Incarnation
from actors.mailbox.reply import answer, describe_restart, refuse
from actors.message.device import Begin, EventReported, KeepRecords
from actors.message.outlet import (
    OUTLET_VIEWS,
    ChatState,
    Deliver,
    DeliveryEnded,
    OutletView,
    RefreshOutlet,
    SwitchChat,
    TryOutlet,
)
from actors.outlet.enlisting import Enlister
from runtime.core.alert.letter import Letter
from runtime.core.alert.message import NOTE, Entry, Message
from runtime.core.alert.outlet import OutletSpec
from runtime.core.alert.outletkind import ADDRESSES, CHATS, ListeningOutlet, Outlet, OutletKind
from runtime.core.site.installation import INSTALLATION_VIEW, Installation
from runtime.errors import DeliveryFailed, WattkeeperError
from runtime.store.object.chats import Chats, chats_record
from runtime.text.letter import LetterWriter

LISTEN_S = 3.0  # a message waits for the end of such a question at most
FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 300.0


@dataclass(frozen=True, slots=True)
class _Listen:
    """Ask what was written. Outlet -> itself."""


Inbox = Begin | Deliver | TryOutlet | SwitchChat | RefreshOutlet | _Listen


class OutletActor(Actor):
    """Named ``outlet.ID``; publishes ``OutletView``.

    secrets  reads those of the outlet that there are
    load     reads who enlisted
    writer   composes letters in the language of the site
    """

    PRIORITY: ClassVar[Mapping[type, int]] = MappingProxyType({TryOutlet: COMMAND, SwitchChat: COMMAND, _Listen: IDLE})

    def __init__(
        self,
        incarnation: Incarnation,
        spec: OutletSpec,
        kind: OutletKind,
        secrets: Callable[[], Mapping[str, str]],
        load: Callable[[], Chats],
        writer: LetterWriter,
    ) -> None:
        super().__init__(incarnation)
        self._spec, self._kind, self._secrets, self._load = spec, kind, secrets, load
        self._writer = writer
        self._enlister = Enlister(Chats(), self.clock)
        self._view = OutletView(spec.id)
        self._pause_s = FIRST_PAUSE_S

    def on_receive(self, message: Inbox) -> None:
        match message:
            case Begin():
                self._enlister = Enlister(self._load(), self.clock)
                self._show()
                if self._spec.on and self._kind.addressing == CHATS:
                    self.post_self(_Listen())
            case Deliver(message=given):
                self.post("alarms", DeliveryEnded(given, self._deliver(given)))
            case TryOutlet():
                self._try(message)
            case SwitchChat():
                self._switch(message)
            case RefreshOutlet():
                self._show()
            case _Listen():
                self._listen()
            case _:
                assert_never(message)

    def _deliver(self, message: Message) -> WattkeeperError | None:
        """What kept it from being delivered."""
        if self._kind.addressing == CHATS and message.recipient not in self._enlister.chats.on:
            return DeliveryFailed("outlet_recipient", "the recipient was switched off", is_final=True)
        error = self._send(self._writer.write(message, self._site(), self._spec.link), message.recipient)
        if error is None:
            self._view = replace(
                self._view, delivered=self._view.delivered + 1, last_ms=self.clock.now_ms(), code="", detail=""
            )
            self.publish(OUTLET_VIEWS.of(self._spec.id), self._view)
        return error

    def _send(self, letter: Letter, recipient: str) -> WattkeeperError | None:
        sent = self.attempt(lambda: self._ready_outlet().send(letter, recipient))
        return sent if isinstance(sent, WattkeeperError) else None

    def _ready_outlet(self) -> Outlet:
        """Raises DeliveryFailed where a secret is missing."""
        secrets = self._secrets()
        if missing := [name for name in self._kind.secrets if name not in secrets and self._is_needed(name)]:
            raise DeliveryFailed("outlet_secret_missing", f"there is no {missing[0]} that can be read")
        return self._kind.make(self._kind.complete(self._spec.parameters), secrets, self.clock.monotonic)

    def _is_needed(self, secret: str) -> bool:
        return self._kind.needs_secret(secret, self._kind.complete(self._spec.parameters))

    def _try(self, asked: TryOutlet) -> None:
        """To all whom it can reach by itself: the sender's own address, those who enlisted."""
        recipients = self._recipients_of_test()
        if not recipients:
            refuse(asked.reply, DeliveryFailed("outlet_nobody", "nobody has enlisted, or everybody is switched off"))
            return
        entry = Entry("test", NOTE, self.clock.now_ms(), text=asked.by)
        for recipient in recipients:
            message = Message(0, self._spec.id, recipient, "", self.clock.now_ms(), (entry,))
            error = self._send(self._writer.write_test(message, self._site(), self._spec.link), recipient)
            if error is not None:
                refuse(asked.reply, error)
                return
        answer(asked.reply, recipients)

    def _recipients_of_test(self) -> tuple[str, ...]:
        if self._kind.addressing == CHATS:
            return self._enlister.chats.on
        return (self._kind.own_address(self._spec.parameters) if self._kind.addressing == ADDRESSES else "",)

    # ---- who enlists

    def _listen(self) -> None:
        heard = self.attempt(self._hear)
        if isinstance(heard, WattkeeperError):
            self._mark(heard.code, heard.message)
            self.post_later(self._pause_s, _Listen())
            self._pause_s = min(LONGEST_PAUSE_S, self._pause_s * 2)
            return
        self._pause_s = FIRST_PAUSE_S
        self._mark("", "")
        self.post_self(_Listen())

    def _hear(self) -> None:
        """Raises DeliveryFailed. What was read is kept before anybody is answered."""
        outlet, password = cast("ListeningOutlet", self._ready_outlet()), self._secrets().get("password", "")
        written = outlet.receive(self._enlister.chats.after, LISTEN_S)
        if not written:
            return
        answers, events = self._enlister.take(written, password, f"outlet {self._spec.id}")
        self._keep_chats(events)
        site = self._site()
        for recipient in answers:
            self.attempt(partial(outlet.reply, recipient, self._writer.welcome(site)))

    def _switch(self, asked: SwitchChat) -> None:
        if not self._enlister.switch(asked.recipient, asked.on):
            refuse(asked.reply, WattkeeperError("chat_unknown", "nobody of that number has enlisted"))
            return
        self._keep_chats((), asked.reply)

    def _keep_chats(self, events: tuple[EventReported, ...], reply: Any = None) -> None:
        self._show()
        if not self.post("recorder", KeepRecords((chats_record(self._spec.id, self._enlister.chats),), events, reply)):
            refuse(reply, describe_restart("recorder"))

    # ---- what is shown

    def _mark(self, code: str, detail: str) -> None:
        if (code, detail) != (self._view.code, self._view.detail):
            self._view = replace(self._view, code=code, detail=detail)
            self.publish(OUTLET_VIEWS.of(self._spec.id), self._view)

    def _show(self) -> None:
        listed = self._enlister.chats.chats.values()
        chats = tuple(ChatState(chat.recipient, chat.name, chat.since_ts, chat.on) for chat in listed)
        self._view = replace(self._view, secrets=frozenset(self._secrets()), chats=chats)
        self.publish(OUTLET_VIEWS.of(self._spec.id), self._view)

    def _site(self) -> Installation:
        return self.incarnation.views.get(INSTALLATION_VIEW, Installation())
