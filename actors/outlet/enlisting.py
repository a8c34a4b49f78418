"""Who enlists with an outlet that listens: whoever sends the password; wrong ones are slowed down and reported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from actors.message.device import EventReported
from runtime.clock import Clock
from runtime.core.alert.guesses import Guesses
from runtime.core.alert.outletkind import Enlisting
from runtime.secret.vault import same
from runtime.store.object.chats import Chat, Chats

MOST_CHATS, MOST_NAME = 50, 60
GREETING = "/start"  # what the app sends by itself when somebody opens the bot


class Enlister:
    """Of one outlet. ``chats`` is what has to be kept."""

    def __init__(self, chats: Chats, clock: Clock) -> None:
        self.chats = chats
        self._clock = clock
        self._guesses = Guesses()

    def take(
        self, written: Iterable[Enlisting], password: str, source: str
    ) -> tuple[tuple[str, ...], tuple[EventReported, ...]]:
        """(who is to be welcomed, events). Who is enlisted already may write what he likes."""
        welcome, events = list[str](), list[EventReported]()
        for each in written:
            self.chats = replace(self.chats, after=max(self.chats.after, each.number))
            text = each.text.removeprefix(GREETING).strip()
            if not text or not password or each.recipient in self.chats.chats:
                continue
            if not self._guesses.may_try(each.recipient, self._clock.monotonic()):
                continue
            name = _plain(each.name)
            if same(text, password) and len(self.chats.chats) < MOST_CHATS:
                self._guesses.succeed(each.recipient)
                self.chats = self.chats.having(Chat(each.recipient, name, self._clock.now_ts()))
                welcome.append(each.recipient)
                events.append(self._event("chat_enlisted", f"{source}: {name}"))
            else:
                self._guesses.fail(each.recipient, self._clock.monotonic())
                events.append(self._event("chat_guessed", f"{source}: {name}"))
        return tuple(welcome), tuple(events)

    def switch(self, recipient: str, on: bool | None) -> bool:
        """Whether there is such a one. ``on`` None = he is forgotten."""
        chat = self.chats.chats.get(recipient)
        if chat is None:
            return False
        if on is None:
            left = {each: known for each, known in self.chats.chats.items() if each != recipient}
            self.chats = replace(self.chats, chats=left)
        else:
            self.chats = self.chats.having(replace(chat, on=on))
        return True

    def _event(self, code: str, detail: str) -> EventReported:
        return EventReported(self._clock.now_ms(), "server", code, detail)


def _plain(name: str) -> str:
    """What a stranger calls himself, as far as it can be shown."""
    return "".join(c for c in name if c.isprintable())[:MOST_NAME].strip() or "?"
