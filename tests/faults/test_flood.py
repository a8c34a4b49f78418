"""A tenth of a flood, over the wire: what is done for it is counted, and others come through meanwhile.

What the processor spends on each kind in full is measured by tests/bench/bench_flood.py.
"""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.key import key_to
from tests.spec.test_attacks_on_access import PIN, PUK, Browser, data, served
from tests.webui.front.stage import LIMITS as QUICK
from tests.webui.front.stage import Door, answer_of, front
from webui.front.http.head import Head

__all__ = ["data"]

pytestmark = pytest.mark.faults

ADDRESSES = [f"127.0.66.{n}" for n in range(1, 11)]
OTHER = "127.0.77.7"
LIMITS = replace(QUICK, stranger_burst_s=0.01)
SHARE_PERCENT, SHARE, BURST_S = 10, 0.1, 0.01
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
LARGE = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\n"


class Counted:
    """An application that counts what reaches it, by address."""

    def __init__(self) -> None:
        self.seen = Counter[str]()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.seen[environ["REMOTE_ADDR"]] += 1
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    def of(self, addresses: Iterable[str]) -> int:
        return sum(self.seen[address] for address in addresses)


@pytest.fixture
def costly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each request takes all that an address has at once, so that the count does not hang on the machine."""
    monkeypatch.setattr("webui.front.request._EXCHANGE_S", BURST_S)


@pytest.fixture
def stood(tmp_path: Path, costly: None) -> Iterator[tuple[Door, Counted]]:
    app = Counted()
    with front(tmp_path, app, LIMITS, is_known, strangers_percent=SHARE_PERCENT, proxies=("127.0.55.5",)) as door:
        yield door, app


def is_known(head: Head) -> bool:
    return dict(head.headers).get(b"authorization") == b"Bearer mine"


def most(began: float) -> float:
    """Requests that strangers may have had by now, with what was under way when their part was spent."""
    return len(ADDRESSES) * 3 + (time.monotonic() - began) * SHARE / BURST_S


@pytest.mark.parametrize("kind", ["pipelined", "one connection each"])
def test_requests_of_a_crowd_wait_and_another_address_does_not(stood: tuple[Door, Counted], kind: str) -> None:
    door, app = stood
    began = time.monotonic()
    with ExitStack() as held:
        for address in ADDRESSES:
            for _ in range(1 if kind == "pipelined" else 12):
                client = held.enter_context(door.connect(source=address))
                client.sendall(GET * (50 if kind == "pipelined" else 1))
        with door.connect(source=OTHER) as other:
            other.sendall(GET)
            assert answer_of(other).status == 200
        assert app.of(ADDRESSES) <= most(began)
        for address in ADDRESSES[:1]:  # nobody is shut out for good
            with door.connect(source=address) as late:
                late.sendall(GET)
                assert answer_of(late).status == 200
        assert app.of(ADDRESSES) <= most(began)


def test_whoever_is_known_comes_through_from_an_address_that_floods(stood: tuple[Door, Counted]) -> None:
    door, app = stood
    began = time.monotonic()
    with ExitStack() as held:
        for _ in range(20):
            client = held.enter_context(door.connect(source=OTHER))
            client.sendall(GET * 20)
        with door.connect(source=OTHER) as known:
            for _ in range(30):  # each would be a burst
                known.sendall(GET[:-2] + b"Authorization: Bearer mine\r\n\r\n")
                assert answer_of(known).status == 200
        assert 30 <= app.seen[OTHER] <= 30 + most(began)


def test_behind_a_known_proxy_each_client_has_a_part_of_its_own(stood: tuple[Door, Counted]) -> None:
    door, app = stood
    began = time.monotonic()

    def through(client: str, times: int) -> bytes:
        return (GET[:-2] + f"X-Forwarded-For: {client}\r\n\r\n".encode()) * times

    with ExitStack() as held:
        for n in range(1, 11):
            flood = held.enter_context(door.connect(source="127.0.55.5"))
            flood.sendall(through(f"198.51.100.{n}", 30))
        with door.connect(source="127.0.55.5") as other:
            other.sendall(through("198.51.100.77", 1))
            assert answer_of(other).status == 200
        assert app.seen.total() <= most(began)


@pytest.mark.parametrize("piece", [b"E", b"X-A: 1\r\n", LARGE + b"x" * 2_000], ids=["bytes", "lines", "refused bodies"])
def test_what_is_no_request_is_read_as_seldom_as_the_address_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: bytes
) -> None:
    """Each reading takes all that an address has at once; the kernel keeps the rest, and then the client waits."""
    monkeypatch.setattr("webui.front.connection._READ_S", BURST_S)
    taken = Counter[str]()
    monkeypatch.setattr("webui.front.connection.Connection._take", counting(taken))
    app = Counted()
    began = time.monotonic()
    with front(tmp_path, app, LIMITS, is_known, strangers_percent=SHARE_PERCENT) as door, ExitStack() as held:
        clients = [held.enter_context(door.connect(source=address)) for address in ADDRESSES]
        for _ in range(50):
            for client in clients:
                with_patience(client, piece)
        with door.connect(source=OTHER) as other:
            other.sendall(GET)
            assert answer_of(other).status == 200
        assert sum(taken[address] for address in ADDRESSES) <= most(began)


def counting(taken: Counter[str]) -> Callable[..., None]:
    from webui.front.connection import Connection

    take = Connection._take

    def count(connection: Connection, data: bytes) -> None:
        taken[connection.address] += 1
        take(connection, data)

    return count


def with_patience(client: socket.socket, piece: bytes) -> None:
    """Send it, or not if the server is done with this one."""
    try:
        client.send(piece)
    except OSError:
        return


def test_logins_of_strangers_hold_up_no_owner(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a session, a key or a browser that is known, from the address that floods as from any other."""
    monkeypatch.setattr("runtime.settings.STRANGERS_PERCENT", SHARE_PERCENT)
    monkeypatch.setattr("webui.front.request._EXCHANGE_S", BURST_S)
    key = key_to(data)
    with served(data) as server, ExitStack() as held:
        door, port = Door(server.web), server.web.http.port
        owner = Browser(port, ADDRESSES[0])
        assert owner.log_in(PIN, PUK) == 200
        body = b'{"pin": "11111", "puk": "11111111111111"}'
        guess = b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        for address in ADDRESSES * 5:
            client = held.enter_context(door.connect(source=address))
            client.sendall(guess * 20)
        for _ in range(10):
            assert owner.ask("GET", "/devices")[0] == 200
            assert Browser(port, ADDRESSES[1]).ask("GET", "/api/v1/live", Authorization=f"Bearer {key}")[0] == 200
        moved = Browser(port, ADDRESSES[2], dict(owner.cookies))
        assert moved.log_in(PIN) == 200
        assert Browser(port, OTHER).log_in(PIN, PUK) == 200
