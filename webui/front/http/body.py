"""The body of a request, taken in whole before the page server hears of it: a slow sender costs it nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

import h11

from webui.front.http.head import Head
from webui.front.http.refusal import Refused

IN_MEMORY_BYTES = 16 * 1024  # what is more goes to a file without a name
SMALL_CHUNKS, CHUNK_BYTES = 64, 1024  # so many chunks of any size, beyond them one for each kilobyte
_PIECE_BYTES = 64 * 1024


class Body:
    """Fed with what arrives; ``is_whole`` when nothing is missing.

    most  bytes; a longer one raises Refused, at once when its length was declared
    """

    def __init__(self, head: Head, most: int) -> None:
        self._decoder, self._most = head.decoder, most
        self._missing = head.length or 0
        self.length = 0  # bytes so far
        self._chunks = 0
        self.is_whole = head.length == 0
        if self._missing > most:
            raise _too_large()
        self._kept = None if self.is_whole else tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - see close

    def feed(self, data: bytes) -> bytes:
        """Take what belongs to the body; returns what comes after it. Raises Refused."""
        if self._decoder is not None:
            return self._dechunk(self._decoder, data)
        mine = data[: self._missing]
        self._keep(mine)
        self._missing -= len(mine)
        self.is_whole = not self._missing
        return data[len(mine) :]

    def pieces(self) -> Iterator[bytes]:
        if self._kept is None:
            return
        self._kept.seek(0)
        while piece := self._kept.read(_PIECE_BYTES):
            yield piece

    def close(self) -> None:
        if self._kept is not None:
            self._kept.close()

    def _dechunk(self, decoder: h11.Connection, data: bytes) -> bytes:
        decoder.receive_data(data)
        try:
            while True:
                event = decoder.next_event()
                if isinstance(event, h11.Data):
                    self._count(event)
                    self._keep(bytes(event.data))
                elif isinstance(event, h11.EndOfMessage):
                    self.is_whole = True
                    return bytes(decoder.trailing_data[0])
                else:
                    return b""
        except h11.RemoteProtocolError:
            raise Refused(400, "bad_request", "The request's body cannot be read.") from None

    def _count(self, piece: h11.Data) -> None:
        """Each chunk costs as much as a kilobyte: small ones are few. Raises Refused."""
        self._chunks += piece.chunk_start
        if self._chunks > SMALL_CHUNKS + self.length // CHUNK_BYTES:
            raise Refused(400, "bad_request", "The request's body comes in too many small chunks.")

    def _keep(self, data: bytes) -> None:
        self.length += len(data)
        if self.length > self._most:
            raise _too_large()
        if self._kept is not None:
            self._kept.write(data)


def _too_large() -> Refused:
    return Refused(413, "too_large", "The request is too large.")
