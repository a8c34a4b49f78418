"""Whose request runs next. Each address has its turn, so that a crowd from one keeps nobody else waiting for long."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable

from webui.front.http.limits import Limits


class FairQueue:
    """``ask`` for a turn, ``done`` when it is over. Not for threads."""

    def __init__(self, limits: Limits) -> None:
        self._all, self._each = limits.running, limits.running_per_address
        self._running: Counter[str] = Counter()
        self._sum = 0
        self._waiting: dict[str, deque[Callable[[], None]]] = {}  # in the order of their next turn

    def ask(self, address: str, start: Callable[[], None]) -> None:
        """``start`` is called at once or later; who has lost interest calls ``forget``."""
        self._waiting.setdefault(address, deque()).append(start)
        self._go_on()

    def forget(self, address: str, start: Callable[[], None]) -> None:
        queue = self._waiting.get(address)
        if queue is not None and start in queue:
            queue.remove(start)
            if not queue:
                del self._waiting[address]

    def done(self, address: str) -> None:
        self._sum -= 1
        self._running[address] -= 1
        if not self._running[address]:
            del self._running[address]
        self._go_on()

    def _go_on(self) -> None:
        while self._sum < self._all and (address := self._next()):
            queue = self._waiting.pop(address)
            start = queue.popleft()
            if queue:
                self._waiting[address] = queue  # behind all the others
            self._sum += 1
            self._running[address] += 1
            start()

    def _next(self) -> str:
        return next((address for address in self._waiting if self._running[address] < self._each), "")
