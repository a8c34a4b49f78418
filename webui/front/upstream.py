"""One request with the page server, over a connection of its own that nobody uses again."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from typing import Protocol

_PIECE_BYTES = 64 * 1024


class Asker(Protocol):
    def answer_comes(self, data: bytes) -> None: ...

    def answer_ends(self) -> None:
        """The page server closed; also when it could not be reached."""


class UpstreamExchange:
    """``start`` sends the request; the asker hears of the answer. In the loop's thread only."""

    def __init__(self, loop: asyncio.AbstractEventLoop, path: str, head: bytes, body: Iterator[bytes]) -> None:
        self._loop, self._path = loop, path
        self._body = body
        self._unsent = memoryview(head)
        self._socket: socket.socket | None = None
        self._asker: Asker | None = None
        self._hears = self._speaks = False

    def start(self, asker: Asker) -> None:
        self._asker = asker
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        try:
            self._socket.connect(self._path)
            self._send()
        except OSError:  # nobody there, or more waiting than the kernel lets queue
            self._end()
            return
        self.hear()

    def hear(self) -> None:
        if self._socket is not None and not self._hears:
            self._hears = True
            self._loop.add_reader(self._socket.fileno(), self._receive)

    def wait(self) -> None:
        """Take nothing until ``hear``: the client is slower than the page server."""
        if self._socket is not None and self._hears:
            self._hears = False
            self._loop.remove_reader(self._socket.fileno())

    def close(self) -> None:
        if self._socket is None:
            return
        self.wait()
        self._fall_silent()
        self._socket.close()
        self._socket = None

    def _send(self) -> None:
        assert self._socket is not None
        try:
            while self._unsent or self._refill():
                self._unsent = self._unsent[self._socket.send(self._unsent) :]
        except BlockingIOError:
            if not self._speaks:
                self._speaks = True
                self._loop.add_writer(self._socket.fileno(), self._go_on_sending)
            return
        self._fall_silent()

    def _go_on_sending(self) -> None:
        try:
            self._send()
        except OSError:  # it may have answered before it heard all
            self._fall_silent()

    def _refill(self) -> bool:
        self._unsent = memoryview(next(self._body, b""))
        return len(self._unsent) > 0

    def _fall_silent(self) -> None:
        if self._speaks and self._socket is not None:
            self._speaks = False
            self._loop.remove_writer(self._socket.fileno())

    def _receive(self) -> None:
        assert self._socket is not None and self._asker is not None
        try:
            data = self._socket.recv(_PIECE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._asker.answer_comes(data)
        else:
            self._end()

    def _end(self) -> None:
        self.close()
        assert self._asker is not None
        self._asker.answer_ends()
