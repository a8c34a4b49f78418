from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from webui.front.acceptor import HELD_S, MOST_HELD, Acceptor
from webui.front.http.limits import Limits
from webui.front.http.proxies import Proxies
from webui.front.pacer import Pacer

LIMITS = replace(Limits(), strangers_share=0.1, stranger_burst_s=0.06)
SPENT, FRESH, PROXY = "127.0.5.1", "127.0.5.2", "127.0.5.3"


class Stage:
    """An acceptor on a loop that is run by hand; ``now`` is what it takes for the time."""

    def __init__(self) -> None:
        self.loop = asyncio.SelectorEventLoop()
        self.now = 0.0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        self.pacer = Pacer(LIMITS, lambda: self.now, lambda wait_s, act: None)
        self.admitted: list[tuple[str, bool]] = []
        self.clients: list[socket.socket] = []
        self.acceptor = Acceptor(self.loop, self.listener, self._admit, self.pacer, Proxies((PROXY,)))
        self.acceptor.start()
        for _ in range(10):
            self.pacer.charge(SPENT, 0.1)
            self.pacer.charge(SPENT, 0.1, peek=True)

    async def _admit(self, client: socket.socket, by_peek: bool) -> None:
        self.admitted.append((client.getpeername()[0], by_peek))
        client.close()

    def comes(self, address: str) -> socket.socket:
        client = socket.socket()
        client.bind((address, 0))
        client.connect(("127.0.0.1", self.port))
        client.settimeout(20)
        self.clients.append(client)
        return client

    def turns(self, times: int = 6) -> None:
        for _ in range(times):
            self.loop.call_soon(self.loop.stop)
            self.loop.run_forever()

    def close(self) -> None:
        self.acceptor.stop()
        self.turns()
        for client in self.clients:
            client.close()
        self.loop.close()


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.close()


def test_who_has_spent_his_part_waits_unread_and_others_come_in(stage: Stage) -> None:
    for address in (SPENT, FRESH, PROXY):
        stage.comes(address)
    stage.turns()
    assert sorted(stage.admitted) == [(FRESH, False), (PROXY, False)]


def test_one_who_waits_comes_in_when_it_is_his_turn(stage: Stage) -> None:
    stage.comes(SPENT)
    stage.turns()
    assert stage.admitted == []
    stage.now = 60.0
    stage.pacer._tick()
    stage.turns()
    assert stage.admitted == [(SPENT, False)]


def test_a_peek_lets_in_and_says_so(stage: Stage) -> None:
    stage.pacer.charge(FRESH, 0.07)
    stage.comes(FRESH)
    stage.turns()
    assert stage.admitted == [(FRESH, True)]


def test_of_a_crowd_that_waits_the_oldest_has_to_go(stage: Stage) -> None:
    waiting = [stage.comes(SPENT) for _ in range(MOST_HELD + 3)]
    stage.turns()
    for client in waiting[:3]:
        with pytest.raises(ConnectionResetError):
            client.recv(1)
    waiting[3].setblocking(False)
    with pytest.raises(BlockingIOError):
        waiting[3].recv(1)


def test_nobody_waits_for_ever(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    client = stage.comes(SPENT)
    stage.turns()
    stage.acceptor.expire()
    now = stage.loop.time()
    monkeypatch.setattr(stage.loop, "time", lambda: now + HELD_S + 1)
    stage.acceptor.expire()
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    stage.now = 60.0
    stage.pacer._tick()
    assert stage.admitted == []


def test_without_descriptors_it_looks_again_later(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    class Short:
        """A listener that the kernel gives no descriptor for."""

        def __init__(self, listener: socket.socket) -> None:
            self.fileno = listener.fileno

        def accept(self) -> tuple[socket.socket, tuple[str, int]]:
            raise OSError(errno.EMFILE, "Too many open files")

    stage.acceptor._listener = Short(stage.listener)  # type: ignore[assignment]
    stage.comes(FRESH)
    stage.turns()
    assert stage.admitted == [] and len(caplog.records) == 1
    stage.acceptor._listener = stage.listener
    stage.acceptor._hear()
    stage.turns()
    assert stage.admitted == [(FRESH, False)]
