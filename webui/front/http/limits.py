"""How much one client, and all of them together, may take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds.

    head_s           from the first byte (or the connection's start) to the end of a head, however it drips
    idle_s           between two requests of one connection
    body_s           for any body; each further ``body_rate`` bytes that arrive give one second more
    answer_s         from the whole request to the answer's first byte
    drain_s          for a client to take what is waiting for it, some 64 KB
    linger_s         in which a client may read why it was refused, before the connection ends; what it still sends is
                     thrown away, up to ``linger_bytes``
    larger_bodies    routes that take more than ``body_bytes``: beginning of the path -> bytes
    connections      beyond them the one that waits longest without a request has to go
    running          requests that the page server works on; the next ones wait, each address in its turn
    strangers_share  of one processor core, for all together who come without a login; 1 = they are not held up
    stranger_burst_s of processor time, for an address that asked for nothing lately
    paced_s          for a client that is held up because its address has spent its part
    """

    head_bytes: int = 16 * 1024
    headers: int = 100
    body_bytes: int = 1 << 20
    larger_bodies: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    head_s: float = 10.0
    idle_s: float = 60.0
    body_s: float = 10.0
    body_rate: int = 16 * 1024
    answer_s: float = 120.0
    drain_s: float = 60.0
    linger_s: float = 2.0
    linger_bytes: int = 1 << 20
    connections: int = 1000
    connections_per_address: int = 200
    running: int = 16
    running_per_address: int = 8
    strangers_share: float = 0.1
    stranger_burst_s: float = 0.06
    paced_s: float = 30.0

    def body_limit(self, path: str) -> int:
        fitting = [most for start, most in self.larger_bodies.items() if path.startswith(start)]
        return max(fitting, default=self.body_bytes)

    @property
    def largest_body(self) -> int:
        return max(self.body_bytes, *self.larger_bodies.values(), 0)
