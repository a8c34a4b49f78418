"""A server, and those that it reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from runtime.viewboard import ViewKey

ON, AWAY, LOOP, FOREIGN, UNKNOWN = "on", "away", "loop", "foreign", "unknown"
STATES = (ON, AWAY, LOOP, FOREIGN, UNKNOWN)  # foreign: it is read, and says nothing of itself
NEVER_S = -1
ARROW = " → "


@dataclass(frozen=True, slots=True)
class ServerNode:
    """One server as whoever reads it knows it.

    id       of its running process, 0 = not known: another make, or one that was never reached
    name     of the gateway that leads to it; of the root the name of the site
    state    one of STATES
    age_s    since it said what is below it, NEVER_S = it never did
    gateway  number of that gateway here, 0 = another server reads it
    """

    id: int
    name: str
    state: str = ON
    age_s: int = 0
    parts: tuple[ServerNode, ...] = ()
    gateway: int = 0

    def walk(self, depth: int = 0) -> Iterator[tuple[int, ServerNode]]:
        """Itself and all below it with their depths, parents first."""
        yield depth, self
        for part in self.parts:
            yield from part.walk(depth + 1)

    def path_to(self, id: int) -> tuple[ServerNode, ...]:
        """From itself down to a server; () where it is not below."""
        if id and self.id == id:
            return (self,)
        return next(((self, *path) for part in self.parts if (path := part.path_to(id))), ())


SERVER_TREE_VIEW = ViewKey[ServerNode]("servertree")
