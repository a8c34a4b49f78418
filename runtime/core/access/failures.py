"""Telling of failed logins without a flood: what was not told is counted and told with the next one."""

from __future__ import annotations

AGAIN_MS = 60_000  # for the same address
BURST, REFILL_MS = 10, 60_000  # of all addresses together


class Reports:
    """One owner. Times are UTC milliseconds."""

    def __init__(self) -> None:
        self._told_ms: dict[str, int] = {}
        self._left = float(BURST)
        self._looked_ms = 0
        self._silent = 0
        self._places: set[str] = set()

    def failed(self, address: str, what: str, now_ms: int) -> str:
        """The detail of an event, or "" when none is due."""
        passed_ms = max(0, now_ms - self._looked_ms) if self._looked_ms else 0
        self._looked_ms = now_ms
        self._left = min(float(BURST), self._left + passed_ms / REFILL_MS)
        if abs(now_ms - self._told_ms.get(address, -AGAIN_MS)) < AGAIN_MS or self._left < 1:
            self._silent += 1
            self._places.add(address)
            return ""
        self._left -= 1
        self._told_ms = {place: ms for place, ms in self._told_ms.items() if abs(now_ms - ms) < AGAIN_MS}
        self._told_ms[address] = now_ms
        return f"{what} from {address}{self._rest()}"

    def _rest(self) -> str:
        if not self._silent:
            return ""
        rest = f"; {self._silent} more since the last report, from {len(self._places)} addresses"
        self._silent = 0
        self._places.clear()
        return rest
