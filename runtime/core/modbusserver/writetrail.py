"""Writes of other masters as events: each at once, the same one again and again with its number after a while."""

from __future__ import annotations

from runtime.core.modbus.request import Request

EACH_S = 600.0  # of the same write
MOST = 256  # different writes that are counted at a time


def describe_write(master: str, request: Request, exception: int) -> str:
    """For the log of events: who wrote where. ``exception`` is what was answered, 0 = it was carried out."""
    what = f"{master}: unit {request.unit}, function {request.function}, register {request.at}, count {request.count}"
    return f"{what}, exception {exception}" if exception else what


class WriteTrail:
    """Times are monotonic seconds. No write is lost: what is not an event of its own is counted in a later one."""

    def __init__(self) -> None:
        self._more: dict[str, tuple[float, int]] = {}  # write -> when it was an event, how often it came since

    def note(self, write: str, now: float) -> tuple[str, ...]:
        """What is an event now."""
        if write in self._more:
            noted_at, more = self._more[write]
            self._more[write] = noted_at, more + 1
            return ()
        counted = self.take_all() if len(self._more) >= MOST else ()
        self._more[write] = now, 0
        return *counted, write

    def due(self, now: float) -> tuple[str, ...]:
        """What is an event because it was repeated and its time is over."""
        over = [write for write, (noted_at, _) in self._more.items() if now - noted_at >= EACH_S]
        return self._take(over)

    def take_all(self) -> tuple[str, ...]:
        """What was repeated, whether its time is over or not."""
        return self._take(list(self._more))

    def _take(self, writes: list[str]) -> tuple[str, ...]:
        counted = [(write, self._more.pop(write)[1]) for write in writes]
        return tuple(f"{write}, {more} times more" for write, more in counted if more)
