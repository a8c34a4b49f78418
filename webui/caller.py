"""Who calls: found out once per request at the door, asked by whatever is written down with a name."""

from __future__ import annotations

from dataclasses import dataclass

import bottle

KEY = "wattkeeper.caller"


@dataclass(frozen=True, slots=True)
class Caller:
    """``rights`` are (page, verb) pairs; None = all of them, for who stands at the machine itself."""

    name: str
    user: int = 0
    rights: frozenset[tuple[str, str]] | None = None

    def may(self, *pairs: tuple[str, str]) -> bool:
        """Whether one of ``pairs`` is among the rights; seeing is part of acting."""
        if self.rights is None:
            return True
        return any(pair in self.rights or (pair[0], "act") in self.rights for pair in pairs)


LOCAL = Caller("local")


def caller() -> Caller:
    """Of the request that this thread answers."""
    found: Caller = bottle.request.environ.get(KEY, LOCAL)
    return found
