"""Requests of other masters that wait for a bus: served in turn by master, one between two polls of our own."""

from __future__ import annotations

from collections import deque

from actors.mailbox.reply import refuse
from actors.message.device import PassThrough
from runtime.core.view import Trouble
from runtime.errors import LinkDown, Refused

MOST_EACH = 8  # requests of one master that wait
MOST_MASTERS = 32
_BUSY = 6


class ForeignQueue:
    """``is_turn``: our own poll came last, so it is their turn now."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[PassThrough]] = {}  # by master, whose turn is next first
        self.is_turn = True

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, message: PassThrough) -> None:
        """It waits, or is refused as "busy" where too many of its master do."""
        own = self._waiting.get(message.master)
        if own is None and len(self._waiting) < MOST_MASTERS:
            own = self._waiting[message.master] = deque()
        if own is None or len(own) >= MOST_EACH:
            refuse(message.reply, Refused(_BUSY, "too many requests of other masters wait for this bus"))
            return
        own.append(message)

    def take(self) -> PassThrough | None:
        """The next one; then it is the turn of our own polls."""
        if not self._waiting:
            return None
        self.is_turn = False
        master, own = next(iter(self._waiting.items()))
        del self._waiting[master]
        message = own.popleft()
        if own:
            self._waiting[master] = own  # behind the others
        return message

    def refuse_all(self, trouble: Trouble | None) -> None:
        """The line cannot be had, since when and why."""
        error = LinkDown("link_lost", trouble.message if trouble is not None else "the line is not open")
        waiting, self._waiting = self._waiting, {}
        for own in waiting.values():
            for message in own:
                refuse(message.reply, error)
