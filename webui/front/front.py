"""The front as a whole: listens, lets clients in, ends what takes too long. A service on the process's event loop."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from runtime.loop.service import Failed
from webui.front.acceptor import Acceptor
from webui.front.connection import BUFFER_BYTES, Connection
from webui.front.connections import Connections
from webui.front.fairqueue import FairQueue
from webui.front.http.head import Head
from webui.front.http.hosts import Hosts
from webui.front.http.httpsonly import SecureOnly
from webui.front.http.limits import Limits
from webui.front.http.proxies import Proxies
from webui.front.pacer import Pacer
from webui.front.shared import Shared
from webui.front.upstream import UpstreamExchange

LOOK_S = 0.5  # how often deadlines are looked at
BACKLOG = 2048


@dataclass(frozen=True, slots=True)
class Listener:
    """A bound socket; ``context`` gives its TLS settings of the moment, None for plain HTTP."""

    listener: socket.socket
    context: Callable[[], ssl.SSLContext] | None = None


class Front:
    """A service that serves ``doors`` from the page server; ``stop`` closes them.

    hand_over  gives a request to the page server
    on_beat    called twice a second while it works
    is_known   whether a request comes with a login or a token; the others share a part of the processor
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        doors: Sequence[Listener],
        hand_over: Callable[[UpstreamExchange], None],
        hosts: Hosts,
        secure: SecureOnly,
        proxies: Proxies,
        limits: Limits,
        on_beat: Callable[[], None] = lambda: None,
        *,
        is_known: Callable[[Head], bool] = lambda head: True,
    ) -> None:
        self._loop, self._doors, self._on_beat = loop, doors, on_beat
        self._connections = Connections(limits)
        self._shared = Shared(
            loop.time,
            loop.call_soon,
            partial(UpstreamExchange, loop, hand_over),
            limits,
            hosts,
            secure,
            proxies,
            FairQueue(limits),
            Pacer(limits, loop.time, loop.call_later),
            is_known,
            time.thread_time,
        )
        self._acceptors: list[Acceptor] = []
        self._watching: asyncio.Task[None] | None = None

    async def start(self, failed: Failed) -> None:
        for door in self._doors:
            self._acceptors.append(self._open(door))
        self._watching = self._loop.create_task(self._watch())
        self._watching.add_done_callback(partial(_report, failed))

    async def stop(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
        for acceptor in self._acceptors:
            acceptor.stop()
        for door in self._doors:
            door.listener.close()  # of a start that failed
        for connection in self._connections:
            connection.leave()
        await asyncio.sleep(0)  # connections hear of their end

    def _open(self, door: Listener) -> Acceptor:
        buffer = bytearray(BUFFER_BYTES)
        make = partial(Connection, self._shared, self._connections, buffer, door.context)

        def admit(client: socket.socket, by_peek: bool) -> Coroutine[Any, Any, Any]:
            return self._loop.connect_accepted_socket(partial(make, by_peek=by_peek), client)

        acceptor = Acceptor(self._loop, door.listener, admit, self._shared.pacer, self._shared.proxies)
        acceptor.start()
        return acceptor

    async def _watch(self) -> None:
        while True:
            now = self._loop.time()
            for connection in self._connections:
                if connection.due <= now:
                    connection.overdue()
            for acceptor in self._acceptors:
                acceptor.expire()
            self._on_beat()
            await asyncio.sleep(LOOK_S)


def _report(failed: Failed, watching: asyncio.Task[None]) -> None:
    """Without the watch no deadline would be kept any more."""
    error = None if watching.cancelled() else watching.exception()
    if error is not None:
        failed(error)
