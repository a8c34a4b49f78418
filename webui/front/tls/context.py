"""TLS of one connection on buffers in memory.

asyncio's own takes a quarter of a megabyte for each connection, idle or not; this one takes what is on its way.
"""

from __future__ import annotations

import contextlib
import ssl

_PIECE_BYTES = 16 * 1024  # one record
_HANDSHAKE = 0x16  # type of a client's first record


class NotTls(Exception):
    """What the client says first is no TLS; most likely HTTP."""


class Tls:
    """``decrypt`` what arrives, ``encrypt`` what is to leave, and send ``outgoing`` after each."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._session = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._is_new = True
        self._is_up = False
        self.is_over = False  # the client said that it sends no more

    def decrypt(self, data: bytes) -> bytes:
        """Plain text, empty while shaking hands. Raises NotTls, ssl.SSLError."""
        if self._is_new and data[0] != _HANDSHAKE:
            raise NotTls
        self._is_new = False
        self._incoming.write(data)
        return self._read() if self._shaken() else b""

    def encrypt(self, data: bytes) -> None:
        """Only after ``decrypt`` gave something. Raises ssl.SSLError."""
        view = memoryview(data)
        while view:
            view = view[self._session.write(view) :]

    def outgoing(self) -> bytes:
        return self._outgoing.read() if self._outgoing.pending else b""

    def say_goodbye(self) -> None:
        """So that the client knows that nothing was cut off."""
        if self._is_up:
            with contextlib.suppress(ssl.SSLError):  # it need not answer
                self._session.unwrap()

    def _shaken(self) -> bool:
        if not self._is_up:
            try:
                self._session.do_handshake()
            except ssl.SSLWantReadError:
                return False
            self._is_up = True
        return True

    def _read(self) -> bytes:
        pieces = []
        try:
            while piece := self._session.read(_PIECE_BYTES):
                pieces.append(piece)
            self.is_over = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self.is_over = True
        return b"".join(pieces)
