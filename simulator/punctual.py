"""An event loop whose timers strike within a tenth of a millisecond: asyncio's own wakes up to a millisecond late."""

from __future__ import annotations

import asyncio
import select
import selectors


class PunctualSelector(selectors.EpollSelector):
    """epoll_wait counts whole milliseconds; select() on the epoll descriptor itself counts microseconds.

    The descriptor is made with the loop, before any socket, so it stays below the 1024 that select() can take.
    """

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None and timeout > 0:
            select.select([self.fileno()], [], [], timeout)
            timeout = 0
        return super().select(timeout)


def punctual_loop() -> asyncio.AbstractEventLoop:
    return asyncio.SelectorEventLoop(PunctualSelector())
