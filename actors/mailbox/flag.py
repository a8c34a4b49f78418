"""Whether something is over: a tenth of the memory of threading's Event, of which each actor has some."""

from __future__ import annotations

import threading
from contextlib import suppress


class Flag:
    """Set once and for all. Any thread may set it, look at it or wait for it."""

    __slots__ = ("_gate", "_is_set")

    def __init__(self) -> None:
        self._is_set = False
        self._gate = threading.Lock()  # held until it is set
        self._gate.acquire()

    def is_set(self) -> bool:
        return self._is_set

    def set(self) -> None:
        self._is_set = True
        self._open()

    def wait(self, timeout: float | None = None) -> bool:
        """At most so many seconds, None = without limit. Whether it is set."""
        if not self._is_set and self._gate.acquire(timeout=-1 if timeout is None else max(0.0, timeout)):
            self._open()
        return self._is_set

    def _open(self) -> None:
        with suppress(RuntimeError):  # somebody else did
            self._gate.release()
