"""Names to mailboxes: actors know each other by name only, so a restarted one is found again."""

from __future__ import annotations

from actors.mailbox.mailbox import Mailbox


class Directory:
    """Who can be written to. Posting needs no lock: one dictionary look-up is atomic."""

    def __init__(self) -> None:
        self._mailboxes: dict[str, Mailbox] = {}

    def post(self, name: str, message: object) -> bool:
        """False when nobody of that name will read the message: not started, ended, or between two lives."""
        mailbox = self._mailboxes.get(name)
        return mailbox is not None and mailbox.post(message)

    def register(self, name: str, mailbox: Mailbox) -> None:
        """From now on ``name`` means this mailbox."""
        self._mailboxes[name] = mailbox

    def unregister(self, name: str, mailbox: Mailbox) -> None:
        """Take the name away, unless a newer incarnation has it already."""
        if self._mailboxes.get(name) is mailbox:
            del self._mailboxes[name]

    def depth(self, name: str) -> int:
        """Messages waiting at ``name``; 0 when there is nobody."""
        mailbox = self._mailboxes.get(name)
        return 0 if mailbox is None else mailbox.depth()

    def names(self) -> tuple[str, ...]:
        return tuple(self._mailboxes)
