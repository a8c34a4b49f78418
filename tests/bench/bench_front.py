"""What the front costs: beside waitress alone, with TLS, and while a crowd waits and drips."""

from __future__ import annotations

import itertools
import socket
import ssl
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from tests.bench.table import Row, tell
from tests.webui.front.stage import answer_of

pytestmark = pytest.mark.bench

SMALL, PAGE = "/api/v1/health", "/"
CLIENTS, ROUNDS, SECONDS, REQUESTS = 8, 3, 2.0, 400
IDLE, DRIPPING = 500, 100


class Served:
    """A server in a process of its own."""

    def __init__(self, http: int, https: int) -> None:
        self.http, self.https, self._trusting = http, https, trusting()

    def connect(self, *, tls: bool = False) -> socket.socket:
        plain = socket.create_connection(("127.0.0.1", self.https if tls else self.http), timeout=30)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._trusting.wrap_socket(plain, server_hostname="localhost") if tls else plain

    def rate(self, path: str, *, tls: bool = False) -> float:
        """Requests in a second over CLIENTS connections."""
        until = time.perf_counter() + SECONDS
        counts = itertools.count()

        def ask() -> None:
            with self.connect(tls=tls) as client:
                while time.perf_counter() < until:
                    client.sendall(get(path))
                    answer_of(client)
                    next(counts)

        threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return float(next(counts)) / SECONDS

    def typical_s(self, path: str) -> float:
        """One request after the other over one connection: the median."""
        with self.connect() as client:
            return statistics.median(list(self._times(client, path, REQUESTS))[20:])

    def _times(self, client: socket.socket, path: str, times: int) -> Iterator[float]:
        for _ in range(times):
            began = time.perf_counter()
            client.sendall(get(path))
            answer_of(client)
            yield time.perf_counter() - began


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def trusting() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@contextmanager
def served(mode: str) -> Iterator[Served]:
    command = [sys.executable, "-m", "tests.bench.players.web_server", mode]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    try:
        yield Served(*map(int, process.stdout.readline().split()))
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


@contextmanager
def both() -> Iterator[tuple[Served, Served]]:
    with served("alone") as alone, served("front") as front:
        yield alone, front


def best(rounds: int, *asks: Callable[[], float]) -> list[float]:
    """The best of several rounds for each, turn by turn, so that noise hits all alike."""
    seen = [[ask() for ask in asks] for _ in range(rounds)]
    return [max(column) for column in zip(*seen, strict=True)]


def test_requests_beside_waitress_alone() -> None:
    with both() as (alone, front):
        for what, path in (("home page", PAGE), ("smallest answer", SMALL)):
            bare, fronted, secure = best(
                ROUNDS,
                lambda path=path: alone.rate(path),  # type: ignore[misc]
                lambda path=path: front.rate(path),  # type: ignore[misc]
                lambda path=path: front.rate(path, tls=True),  # type: ignore[misc]
            )
            ratio = fronted / bare
            tell(
                Row(
                    f"requests through the front, {what}, {CLIENTS} connections",
                    ">= 0.7x waitress alone",
                    f"{ratio:.2f}x ({fronted:.0f}/s)",
                    ratio >= 0.7,
                    f"waitress alone {bare:.0f}/s, front with TLS {secure:.0f}/s",
                )
            )


def test_time_of_a_request_beside_waitress_alone() -> None:
    with both() as (alone, front):
        rounds = [(alone.typical_s(SMALL), front.typical_s(SMALL)) for _ in range(ROUNDS)]
    bare_s, front_s = (min(column) for column in zip(*rounds, strict=True))
    added_ms = (front_s - bare_s) * 1000
    beside = f"waitress alone {bare_s * 1e3:.2f} ms, front {front_s * 1e3:.2f} ms"
    tell(Row("time that the front adds to a request", "<= 0.5 ms", f"{added_ms:.2f} ms", added_ms <= 0.5, beside))


def test_handshakes() -> None:
    with served("front") as front:
        began = time.perf_counter()
        for _ in range(100):
            front.connect(tls=True).close()
        took_ms = (time.perf_counter() - began) * 10
    tell(Row("TLS 1.3 handshake, both sides on this machine", "told", f"{took_ms:.1f} ms", True))


def test_a_crowd_that_waits_and_drips() -> None:
    stopping = threading.Event()
    with served("front") as front, ExitStack() as held:
        for _ in range(IDLE):
            held.enter_context(front.connect())
        dripping = [held.enter_context(front.connect()) for _ in range(DRIPPING)]
        drip = threading.Thread(target=_drip, args=(dripping, stopping))
        drip.start()
        arrival_ms = _answered_ms(front)  # behind 600 who came at once
        took_ms = [_answered_ms(front) for _ in range(50)]
        stopping.set()
        drip.join()
    tell(
        Row(
            f"answer of the UI beside {IDLE} idle and {DRIPPING} dripping connections, the slowest of 50",
            "<= 100 ms",
            f"{max(took_ms):.0f} ms",
            max(took_ms) <= 100,
            f"median {statistics.median(took_ms):.1f} ms; while all of them arrive {arrival_ms:.0f} ms",
        )
    )


def _answered_ms(front: Served) -> float:
    """A new connection and its first answer."""
    began = time.perf_counter()
    with front.connect() as client:
        client.sendall(get(SMALL))
        assert answer_of(client).status == 200
    return (time.perf_counter() - began) * 1000


def _drip(clients: list[socket.socket], stopping: threading.Event) -> None:
    while not stopping.wait(0.1):
        for client in clients:
            with suppress(OSError):  # it had to go
                client.send(b"X")
