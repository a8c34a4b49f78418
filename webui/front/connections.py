"""Who is connected, and who has to leave when there are too many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from webui.front.http.limits import Limits


class Client(Protocol):
    """A connection: from where, since when it has had nothing to do (None while it is served), what it is due."""

    address: str

    @property
    def idle_since(self) -> float | None: ...

    @property
    def due(self) -> float: ...

    def overdue(self) -> None: ...

    def leave(self) -> None: ...


class Connections:
    """All guests by address. Not for threads."""

    def __init__(self, limits: Limits) -> None:
        self._all, self._each = limits.connections, limits.connections_per_address
        self._guests: dict[str, dict[Client, None]] = {}
        self._sum = 0

    def __len__(self) -> int:
        return self._sum

    def __iter__(self) -> Iterator[Client]:
        return iter([guest for guests in self._guests.values() for guest in guests])

    def enter(self, guest: Client) -> bool:
        """Let it in, at the cost of who waits longest without a request: of its own address first, else of the
        address with most connections. False when all are being served."""
        own = self._guests.get(guest.address, {})
        if len(own) >= self._each and not self._send_away(own):
            return False
        if self._sum >= self._all and not self._send_away(max(self._guests.values(), key=len)):
            return False
        self._guests.setdefault(guest.address, {})[guest] = None
        self._sum += 1
        return True

    def left(self, guest: Client) -> None:
        guests = self._guests.get(guest.address)
        if guests is None or guest not in guests:
            return
        del guests[guest]
        self._sum -= 1
        if not guests:
            del self._guests[guest.address]

    def _send_away(self, guests: dict[Client, None]) -> bool:
        idle = [(since, guest) for guest in guests if (since := guest.idle_since) is not None]
        if not idle:
            return False
        longest = min(idle, key=lambda found: found[0])[1]
        self.left(longest)
        longest.leave()
        return True
