"""Questions to a bus that a request waits for: few at a time, each with a deadline."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from actors.message.device import Perform
from runtime.core.source.query import Query
from runtime.core.view import SAFE_MODE_VIEW
from runtime.errors import WattkeeperError
from webui.http.errors import RequestRefused
from webui.model.bridge import Bridge

MOST_AT_ONCE = 3  # of the server's threads may wait for devices; the others go on showing pages
REPLY_S = 0.5  # beyond the deadline, until the bus says that it has passed


class ActorClient:
    """Shared by all handlers that wait for the same, a wire as a rule; ``most`` of them at once."""

    def __init__(self, bridge: Bridge, most: int = MOST_AT_ONCE) -> None:
        self._bridge = bridge
        self._places = threading.BoundedSemaphore(most)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Held while waiting. Raises RequestRefused with 503 when too many wait already."""
        if not self._places.acquire(blocking=False):
            raise RequestRefused(503, "busy", "Other requests wait for devices already. Try again in a few seconds.")
        try:
            yield
        finally:
            self._places.release()

    def transact(self, gateway: int, request: Query, timeout_s: float, deadline: float) -> bytes:
        """One transaction ahead of polling. Raises WattkeeperError, a DriverError when the wire is to blame.

        deadline  monotonic
        """
        within_s = max(0.0, deadline - self._bridge.clock.monotonic()) + REPLY_S
        payload: bytes = self._bridge.ask(
            f"bus.{gateway}", lambda reply: Perform(request, timeout_s, deadline, reply), within_s, self._off()
        )
        return payload

    def _off(self) -> WattkeeperError:
        if self._bridge.views.get(SAFE_MODE_VIEW, None) is not None:
            return WattkeeperError("safe_mode", "the server is in safe mode and reads no device")
        return gateway_off()


def gateway_off() -> WattkeeperError:
    """Why nobody of a gateway's name is there."""
    return WattkeeperError("gateway_off", "the gateway is switched off, or just being started")
