"""Hostile bytes from ten addresses, so many a second whatever comes back: KIND HTTP_PORT HTTPS_PORT SECONDS.

Prints how many it sent.
"""

from __future__ import annotations

import itertools
import os
import socket
import ssl
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

BYTES_PER_S, ADDRESSES, TICK_S = 100_000, 10, 0.005
MOST_OPEN = 100  # connections of one address
CONNECTING_BYTES = 40  # the least that a new connection takes beside what it says

_LOGIN = b'{"pin": "%05d", "puk": "%014d"}'


@dataclass(frozen=True)
class Kind:
    """``piece`` gives what is sent next; ``is_fresh``: each over a connection of its own, else on the newest."""

    piece: Callable[[int], bytes]
    is_fresh: bool = True
    tls: bool = False


def _hello() -> bytes:
    """The first flight of a client."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    out = ssl.MemoryBIO()
    with suppress(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), out, server_hostname="localhost").do_handshake()
    return out.read()


def _login(number: int) -> bytes:
    body = _LOGIN % (number % 100_000, number)
    return b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def _unfinished(number: int) -> bytes:
    return b"GET / HTTP/1.1\r\nHost: localhost\r\n" if number % 50 == 0 else b"X-%d: 1\r\n" % number


HELLO = _hello()
LARGE = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\n" + b"x" * 400
CHUNKED = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
KINDS = {
    "requests": Kind(lambda n: b"GET / HTTP/1.0\r\n\r\n"),
    "pages": Kind(lambda n: b"GET /login HTTP/1.0\r\n\r\n"),
    "pipelined": Kind(lambda n: b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", is_fresh=False),
    "single bytes": Kind(lambda n: b"G" if n % 5_000 == 0 else b"E", is_fresh=False),
    "unfinished heads": Kind(_unfinished, is_fresh=False),
    "empty connections": Kind(lambda n: b"G"),
    "handshakes": Kind(lambda n: HELLO, tls=True),
    "refused bodies": Kind(lambda n: LARGE),
    "small chunks": Kind(lambda n: CHUNKED if n % 60 == 0 else b"1\r\na\r\n", is_fresh=False),
    "broken heads": Kind(lambda n: b"\0\r\n\r\n"),
    "logins": Kind(_login),
}  # fmt: skip


class Attacker:
    """One address."""

    def __init__(self, address: str, kind: Kind, port: int) -> None:
        self._address, self._kind, self._port = address, kind, port
        self._open: deque[socket.socket] = deque()
        self._numbers, self._connections = itertools.count(), 0
        self._unsent: deque[tuple[socket.socket, bytes]] = deque()

    def attack(self) -> int:
        """Bytes that the kernel took, or that wait for a connection."""
        for _ in range(len(self._unsent)):
            self._send(*self._unsent.popleft())
        number, connections = next(self._numbers), self._connections
        piece = self._kind.piece(number)
        if self._kind.is_fresh or not self._open or number % 5_000 == 0:
            client = self._connect()
        else:
            client = self._open[-1]
        if not self._send(client, piece) and not self._kind.is_fresh:
            self._send(self._connect(), self._kind.piece(0))
        return len(piece) + CONNECTING_BYTES * (self._connections - connections)

    def _connect(self) -> socket.socket:
        self._connections += 1
        client = socket.socket()
        client.setblocking(False)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.bind((self._address, 0))
        client.connect_ex(("127.0.0.1", self._port))
        self._open.append(client)
        if len(self._open) > MOST_OPEN:
            self._open.popleft().close()
        return client

    def _send(self, client: socket.socket, piece: bytes) -> bool:
        try:
            client.send(piece)
        except BlockingIOError:
            if self._kind.is_fresh and len(self._unsent) < MOST_OPEN and client.fileno() >= 0:
                self._unsent.append((client, piece))
            return False
        except OSError:
            return False
        return True


def attackers(kind: str, http: int, https: int) -> list[Attacker]:
    port = https if KINDS[kind].tls else http
    return [Attacker(f"127.0.66.{n}", KINDS[kind], port) for n in range(1, ADDRESSES + 1)]


def ticks(seconds: float) -> Iterator[float]:
    """The seconds that passed, over and over."""
    began = last = time.monotonic()
    while last < began + seconds:
        time.sleep(TICK_S)
        now = time.monotonic()
        yield now - last
        last = now


def main(kind: str, http: int, https: int, seconds: float) -> None:
    os.nice(10)  # the attackers' own work is done elsewhere
    crowd, owed, sent = itertools.cycle(attackers(kind, http, https)), 0.0, 0
    for passed_s in ticks(seconds):
        owed = min(owed + passed_s * BYTES_PER_S, BYTES_PER_S / 10)
        while owed > 0:
            took = next(crowd).attack()
            owed -= took
            sent += took
    print(sent)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
