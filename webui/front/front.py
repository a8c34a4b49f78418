"""The front as a whole: listens, lets clients in, ends what takes too long. One event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import logging
import selectors
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from webui.front.connection import BUFFER_BYTES, Connection
from webui.front.connections import Connections
from webui.front.fairqueue import FairQueue
from webui.front.http.hosts import Hosts
from webui.front.http.httpsonly import SecureOnly
from webui.front.http.limits import Limits
from webui.front.shared import Shared
from webui.front.upstream import UpstreamExchange

log = logging.getLogger("wattkeeper.front")

LOOK_S = 0.5  # how often deadlines are looked at
BACKLOG = 512


@dataclass(frozen=True, slots=True)
class Listener:
    """A bound socket; ``context`` gives its TLS settings of the moment, None for plain HTTP."""

    listener: socket.socket
    context: Callable[[], ssl.SSLContext] | None = None


class Front:
    """Serves ``doors`` from the page server at the AF_UNIX socket ``path``, until ``stop``; then it closes them.

    on_beat  called twice a second while it works
    """

    def __init__(
        self,
        doors: Sequence[Listener],
        path: str,
        hosts: Hosts,
        secure: SecureOnly,
        limits: Limits,
        on_beat: Callable[[], None] = lambda: None,
    ) -> None:
        self._doors, self._path, self._limits, self._on_beat = doors, path, limits, on_beat
        self._loop = asyncio.SelectorEventLoop(selectors.EpollSelector())
        self._crowd = Connections(limits)
        self._house = Shared(
            self._loop.time,
            self._loop.call_soon,
            partial(UpstreamExchange, self._loop, path),
            limits,
            hosts,
            secure,
            FairQueue(limits),
        )
        self._is_up = threading.Event()

    def run(self) -> None:
        """In the thread that calls."""
        try:
            servers = [self._loop.run_until_complete(self._open(door)) for door in self._doors]
            self._loop.call_soon(self._is_up.set)
            self._look()
            self._loop.run_forever()
            for server in servers:
                server.close()
            self._loop.run_until_complete(self._clear())
        finally:
            self._is_up.set()
            self._loop.close()

    def stop(self) -> None:
        """From any thread; ``run`` returns soon."""
        self._is_up.wait(1.0)
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._loop.stop)

    async def _open(self, door: Listener) -> asyncio.Server:
        buffer = bytearray(BUFFER_BYTES)
        make = partial(Connection, self._house, self._crowd, buffer, door.context)
        return await self._loop.create_server(make, sock=door.listener, backlog=BACKLOG)

    async def _clear(self) -> None:
        for guest in self._crowd:
            guest.leave()
        await asyncio.sleep(0)  # connections hear of their end

    def _look(self) -> None:
        now = self._loop.time()
        for guest in self._crowd:
            if guest.due <= now:
                guest.overdue()
        self._on_beat()
        self._loop.call_later(LOOK_S, self._look)
