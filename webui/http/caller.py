"""Who calls: found out once per request at the door, asked by whatever is written down with a name."""

from __future__ import annotations

from dataclasses import dataclass

import bottle

from runtime.core.access.screen import Screen

KEY = "wattkeeper.caller"
IS_FORWARDED = "wattkeeper.forwarded"  # through a proxy that we do not know: the address is not the client's


@dataclass(frozen=True, slots=True)
class Caller:
    """``rights`` are (page, verb) pairs; None = all of them, for who stands at the machine itself.

    user      0 = no user: a program, the machine, nobody
    session   0 = none; then nothing proves itself by ``csrf``
    is_fresh  gave the PIN lately, or has none to give
    screen    what a public screen shows; None = somebody else calls
    """

    name: str
    user: int = 0
    rights: frozenset[tuple[str, str]] | None = None
    session: int = 0
    csrf: str = ""
    is_fresh: bool = True
    screen: Screen | None = None

    def may(self, *pairs: tuple[str, str]) -> bool:
        """Whether one of ``pairs`` is among the rights; seeing is part of acting."""
        if self.rights is None:
            return True
        return any(pair in self.rights or (pair[0], "act") in self.rights for pair in pairs)


LOCAL = Caller("local")
NOBODY = Caller("nobody", rights=frozenset())


def caller() -> Caller:
    """Of the request that this thread answers."""
    found: Caller = bottle.request.environ.get(KEY, LOCAL)
    return found
