"""One request with the page server, handed over inside the process, and its answer as it comes back.

Nothing is shared between two requests, so no byte of one can be taken for another.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Protocol

from waitress.buffers import OverflowableBuffer

_PIECE_BYTES = 64 * 1024
IN_MEMORY_BYTES = 1 << 20  # of an answer that waits for its client; what is more goes to a file without a name
MOST_BYTES = 16 << 20  # beyond it the thread that makes the answer waits too
PATIENCE_S = 120.0  # that such a thread waits while nothing at all is taken


class Asker(Protocol):
    def answer_comes(self, data: bytes) -> None: ...

    def answer_ends(self) -> None:
        """The page server has no more to say; also when it could not be reached."""


class Left(Exception):
    """Nobody wants the answer any more."""


class UpstreamExchange:
    """``start`` hands the request over; the asker hears of the answer.

    The loop's thread calls ``start``, ``hear``, ``wait``, ``close``; the page server's calls ``write`` and ``end``.

    hand_over  gives it to the page server and returns at once
    head       as the page server reads it
    body       its pieces, in whole; taken by the page server's thread
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        hand_over: Callable[[UpstreamExchange], None],
        head: bytes,
        body: Iterator[bytes],
    ) -> None:
        self._loop, self._hand_over = loop, hand_over
        self.head, self.body = head, body
        self._asker: Asker | None = None
        self._hears = True
        self._changing = threading.Condition(threading.Lock())
        self._kept = OverflowableBuffer(IN_MEMORY_BYTES)
        self._taken = 0  # bytes
        self._has_head = self._is_noticed = self._has_ended = False
        self.is_closed = False

    # ---- the front, in the loop's thread

    def start(self, asker: Asker) -> None:
        self._asker = asker
        self._hand_over(self)

    def hear(self) -> None:
        if not self._hears:
            self._hears = True
            self._loop.call_soon(self._look)

    def wait(self) -> None:
        """Take nothing until ``hear``: the client is slower than the page server."""
        self._hears = False

    def close(self) -> None:
        with self._changing:
            self.is_closed = True
            self._kept.close()
            self._changing.notify_all()

    def _look(self) -> None:
        with self._changing:
            self._is_noticed = False
            if self.is_closed or not self._hears:
                return
            data = self._take()
            has_more, has_ended = bool(self._kept), self._has_ended
        assert self._asker is not None
        if data:
            self._asker.answer_comes(data)
        if has_more:
            self._loop.call_soon(self._look)  # others have their turn in between
        elif has_ended and self._hears and not self.is_closed:
            self.close()
            self._asker.answer_ends()

    def _take(self) -> bytes:
        if len(self._kept) > _PIECE_BYTES:
            data: bytes = self._kept.get(_PIECE_BYTES, True)
        else:
            data = self._kept.get(_PIECE_BYTES)
            self._kept.close()
            self._kept = OverflowableBuffer(IN_MEMORY_BYTES)
        self._taken += len(data)
        self._changing.notify_all()
        return data

    # ---- the page server, in a thread of its own

    def write(self, data: bytes) -> None:
        """The head in whole comes first, it goes with what follows. Raises Left when nobody wants it."""
        with self._changing:
            while len(self._kept) > MOST_BYTES and not self.is_closed:
                before = self._taken
                if not self._changing.wait(PATIENCE_S) and self._taken == before:
                    raise Left
            if self.is_closed:
                raise Left
            self._kept.append(data)
            if self._has_head:
                self._notice()
            self._has_head = True

    def end(self) -> None:
        """A second call does nothing."""
        with self._changing:
            if not self._has_ended and not self.is_closed:
                self._has_ended = True
                self._notice()

    def _notice(self) -> None:
        """The loop looks once for all that came since it looked last."""
        if self._is_noticed:
            return
        self._is_noticed = True
        try:
            self._loop.call_soon_threadsafe(self._look)
        except RuntimeError:  # the loop is over, and with it whoever asked
            self.is_closed = True
