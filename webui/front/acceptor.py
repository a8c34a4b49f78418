"""Takes new connections of one listener. Those of an address that has spent its part wait here, unread."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections import deque
from collections.abc import Callable, Coroutine
from functools import lru_cache
from typing import Any

from webui.front.http.hosts import client_network, plain_address
from webui.front.http.proxies import Proxies
from webui.front.pacer import Pacer

log = logging.getLogger("wattkeeper.web")

AT_ONCE, REST_S = 128, 0.02  # so many, then others have their turn: a flood of connections takes no more
SHORT_S = 1.0  # the machine has no more descriptors: look again later
ACCEPT_S = 0.000_15  # of processor time, what a connection takes before it says anything
MOST_HELD, HELD_S = 64, 30.0  # of one address; how long they wait at most
MOST_HELD_OF_ALL = 512
_AT_ONCE = struct.pack("ii", 1, 0)

Admit = Callable[[socket.socket, bool], Coroutine[Any, Any, Any]]  # with whether it came by a peek


class _Held:
    """A connection that nobody reads yet."""

    def __init__(self, client: socket.socket, address: str, since: float, owner: Acceptor) -> None:
        self.client, self.address, self.since, self._owner = client, address, since, owner

    def go_on(self) -> None:
        self._owner.release(self)


class Acceptor:
    """``admit`` makes the connection of a client whose turn it is. In the loop's thread only."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, listener: socket.socket, admit: Admit, pacer: Pacer, proxies: Proxies
    ) -> None:
        self._loop, self._listener, self._admit = loop, listener, admit
        self._pacer, self._proxies = pacer, proxies
        self._held: dict[str, deque[_Held]] = {}
        self._sum = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_closed = False

    def start(self) -> None:
        self._listener.setblocking(False)
        self._hear()

    def stop(self) -> None:
        self._is_closed = True
        if self._listener.fileno() >= 0:
            self._loop.remove_reader(self._listener.fileno())
            self._listener.close()
        for queue in list(self._held.values()):
            for held in list(queue):
                self._drop(held)

    def expire(self) -> None:
        """Those who waited for too long. Called often."""
        before = self._loop.time() - HELD_S
        for queue in list(self._held.values()):
            while queue and queue[0].since < before:
                self._drop(queue[0])

    def release(self, held: _Held) -> None:
        self._remove(held)
        self._begin(held.client, held.address)

    def _hear(self) -> None:
        if not self._is_closed:
            self._loop.add_reader(self._listener.fileno(), self._accept)

    def _rest(self, pause_s: float) -> None:
        self._loop.remove_reader(self._listener.fileno())
        self._loop.call_later(pause_s, self._hear)

    def _accept(self) -> None:
        for _ in range(AT_ONCE):
            try:
                client, name = self._listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:  # no descriptor, no memory
                log.error("nobody new is let in: %s", error.strerror)
                self._rest(SHORT_S)
                return
            client.setblocking(False)
            self._receive(client, name[0])
        self._rest(REST_S)

    def _receive(self, client: socket.socket, name: str) -> None:
        address, network = _origin(name)
        if self._proxies.is_known(address) or self._pacer.may(network):
            self._begin(client, network)
        elif self._pacer.may_peek(network):
            self._begin(client, network, peek=True)
        else:
            self._hold(client, network)

    def _begin(self, client: socket.socket, network: str, *, peek: bool = False) -> None:
        self._pacer.charge(network, ACCEPT_S, peek=peek)
        task = self._loop.create_task(self._admit(client, peek))
        self._tasks.add(task)
        task.add_done_callback(self._begun)

    def _begun(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.debug("a client left before it was let in: %s", error)

    def _hold(self, client: socket.socket, network: str) -> None:
        if self._sum >= MOST_HELD_OF_ALL:
            _reset(client)
            return
        queue = self._held.setdefault(network, deque())
        if len(queue) >= MOST_HELD:
            self._drop(queue[0])
            queue = self._held.setdefault(network, deque())
        held = _Held(client, network, self._loop.time(), self)
        queue.append(held)
        self._sum += 1
        self._pacer.wait(network, held.go_on)

    def _drop(self, held: _Held) -> None:
        self._remove(held)
        self._pacer.forget(held.address, held.go_on)
        _reset(held.client)

    def _remove(self, held: _Held) -> None:
        queue = self._held[held.address]
        queue.remove(held)
        self._sum -= 1
        if not queue:
            del self._held[held.address]


@lru_cache(maxsize=1024)
def _origin(name: str) -> tuple[str, str]:
    """(address, what counts as one client)."""
    address = plain_address(name)
    return address, client_network(address)


def _reset(client: socket.socket) -> None:
    """Without a word and without waiting: the cheapest end."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    client.close()
