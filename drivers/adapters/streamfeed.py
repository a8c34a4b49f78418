"""A feed over a stream of bytes, be it a connection or a serial port; a framer cuts it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

from drivers.feed import Frame, Framer
from runtime.clock import Clock
from runtime.errors import BadAnswer

_MOST = 4096  # bytes taken at once


class Stream(Protocol):
    """What ``Connection`` and ``SerialPort`` have in common."""

    @property
    def is_open(self) -> bool: ...
    def open(self) -> None: ...
    def receive(self, most: int, wait_s: float) -> bytes: ...
    def hang_up(self) -> None: ...
    def wake(self) -> None: ...


class StreamFeed:
    """The ``Feed`` of a stream. Each connection begins with a framer of its own: half a frame never meets another half.

    framer  makes one
    """

    def __init__(self, stream: Stream, framer: Callable[[], Framer], clock: Clock) -> None:
        self._stream, self._make_framer, self._clock = stream, framer, clock
        self._framer = framer()
        self._cut: deque[Frame | BadAnswer] = deque()

    @property
    def is_open(self) -> bool:
        return self._stream.is_open

    def open(self) -> None:
        self._cut.clear()
        self._framer = self._make_framer()
        self._stream.open()

    def hear(self, timeout_s: float) -> Frame | None:
        until = self._clock.monotonic() + timeout_s
        while not self._cut:
            left_s = until - self._clock.monotonic()
            data = self._stream.receive(_MOST, max(0.0, left_s))
            self._cut.extend(self._framer.take(data))
            if left_s <= 0.0 and not self._cut:
                return None
        cut = self._cut.popleft()
        if isinstance(cut, BadAnswer):
            raise cut
        return cut

    def hang_up(self) -> None:
        self._cut.clear()
        self._stream.hang_up()

    def close(self) -> None:
        self._stream.wake()
