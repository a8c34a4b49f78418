"""Who is connected, and what each address has asked: on the event loop, never for threads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from actors.modbusserver.connection import Connection
from runtime.core.modbusserver.serverview import MasterState

MOST_MASTERS = 256  # addresses that are remembered
FRAME_S = 10.0  # a frame that was begun is complete by then


class Masters:
    """All connections by address. Times are monotonic seconds."""

    def __init__(self, most: int, idle_s: float) -> None:
        self._most, self._idle_s = most, idle_s
        self._connections: dict[Connection, None] = {}
        self._requests: dict[str, int] = {}
        self._last_at: dict[str, float] = {}
        self.refused = 0

    def __len__(self) -> int:
        return len(self._connections)

    def __iter__(self) -> Iterator[Connection]:
        return iter(tuple(self._connections))

    def enter(self, connection: Connection, address: str, *, is_allowed: bool) -> bool:
        """Where there are too many, whoever has been silent longest makes room, if it was for a minute."""
        if is_allowed and len(self._connections) >= self._most:
            self._make_room(connection.last_at)
        if not is_allowed or len(self._connections) >= self._most:
            self.refused += 1
            return False
        self._connections[connection] = None
        if address not in self._requests and len(self._requests) >= MOST_MASTERS:
            self._forget()
        self._requests.setdefault(address, 0)
        return True

    def leave(self, connection: Connection) -> None:
        if connection in self._connections:
            self._count(connection)
            del self._connections[connection]

    def _count(self, connection: Connection) -> None:
        """What it has asked since the last look belongs to its address."""
        requests, connection.requests = connection.requests, 0
        if requests:
            self._requests[connection.address] = self._requests.get(connection.address, 0) + requests
            self._last_at[connection.address] = max(connection.last_at, self._last_at.get(connection.address, 0.0))

    def close_idle(self, now: float) -> None:
        for connection in self:
            begun_at = connection.begun_at
            if now - connection.last_at >= self._idle_s or (begun_at is not None and now - begun_at >= FRAME_S):
                connection.close()

    def states(self, now: float, now_ms: int) -> tuple[MasterState, ...]:
        """Each address that is known. ``now_ms``: the wall clock at ``now``."""
        for connection in self._connections:
            self._count(connection)
        here = Counter(connection.address for connection in self._connections)
        return tuple(
            MasterState(address, here[address], requests, self._last_ms(address, now, now_ms))
            for address, requests in sorted(self._requests.items())
        )

    def _last_ms(self, address: str, now: float, now_ms: int) -> int:
        last_at = self._last_at.get(address)
        return 0 if last_at is None else now_ms - round((now - last_at) * 1000)

    def _make_room(self, now: float) -> None:
        longest = min(self._connections, key=lambda connection: connection.last_at)
        if now - longest.last_at >= 60.0:
            self.leave(longest)
            longest.close()

    def _forget(self) -> None:
        here = {connection.address for connection in self._connections}
        for address in sorted(self._requests.keys() - here, key=lambda address: self._last_at.get(address, 0.0))[:32]:
            self._requests.pop(address)
            self._last_at.pop(address, None)
