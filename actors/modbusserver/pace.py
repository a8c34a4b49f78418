"""How fast masters are answered while the rest of the process is busy: polling comes first, they share what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Protocol

BUSY_SHARE = 0.1  # of a core that the other threads use: there is polling that could be disturbed
ANSWERS_PER_S = 3_000  # of all masters together then
LONGEST_REST_S = 1.0


class Master(Protocol):
    address: str
    requests: int


class Pace:
    """A connection rests after its answers, longer with more masters; where nothing else is busy it never does.

    others_s  CPU seconds of the process's other threads so far
    """

    def __init__(self, others_s: Callable[[], float], now: float) -> None:
        self._others_s, self._looked = others_s, (now, others_s())
        self._rests_s: dict[str, float] = {}  # after one answer, by address
        self.is_slow = False

    def look(self, connections: Iterable[Master], now: float) -> None:
        """``connections``: all that there are, with their requests since the last look."""
        (before, used_s), used_now_s = self._looked, self._others_s()
        if now <= before:
            return
        self._looked = now, used_now_s
        self.is_slow = used_now_s - used_s > BUSY_SHARE * (now - before)
        asking = Counter(each.address for each in connections if each.requests)
        self._rests_s = {address: len(asking) * count / ANSWERS_PER_S for address, count in asking.items()}

    def rest_s(self, address: str, answers: int) -> float:
        """How long nothing is read of a connection after so many answers; each address has the same share."""
        if not self.is_slow:
            return 0.0
        return min(LONGEST_REST_S, answers * self._rests_s.get(address, 1 / ANSWERS_PER_S))
