"""Which of many sockets something happened to: epoll, so that the number of files does not matter."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Iterator
from typing import Protocol

READABLE = select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLHUP | select.EPOLLERR
ENDED = select.EPOLLRDHUP | select.EPOLLHUP | select.EPOLLERR
WRITABLE = select.EPOLLOUT | select.EPOLLHUP | select.EPOLLERR
_ALL = select.EPOLLIN | select.EPOLLOUT | select.EPOLLRDHUP | select.EPOLLET  # each change once


class Happened(Protocol):
    """Somebody whose socket is watched."""

    def happened(self, events: int) -> None: ...


class Poller:
    """One thread waits and watches; ``wake`` is for the others."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._alarm = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._epoll.register(self._alarm, select.EPOLLIN)
        self._watched: dict[int, Happened] = {}
        self._waking = threading.Lock()  # so that nobody wakes a file that is another one by now
        self._is_closed = False

    def watch(self, fd: int, who: Happened) -> None:
        self._watched[fd] = who
        self._epoll.register(fd, _ALL)

    def unwatch(self, fd: int) -> None:
        """Before it is closed."""
        if self._watched.pop(fd, None) is not None:
            self._epoll.unregister(fd)

    def wait(self, wait_s: float | None) -> Iterator[tuple[Happened, int]]:
        """Whom something happened to within that time (None = without limit), and what."""
        for fd, events in self._epoll.poll(wait_s):
            if fd == self._alarm:
                os.eventfd_read(self._alarm)
            elif (who := self._watched.get(fd)) is not None:
                yield who, events

    def wake(self) -> None:
        with self._waking:
            if not self._is_closed:
                os.eventfd_write(self._alarm, 1)

    def close(self) -> None:
        with self._waking:
            self._is_closed = True
        self._epoll.close()
        os.close(self._alarm)
