"""How many requests of one master are passed through: so many in a second, and as many at once."""

from __future__ import annotations

MOST_KNOWN = 256  # masters


class RateLimit:
    """A bucket for each master. Times are monotonic seconds."""

    def __init__(self, rate_per_s: int) -> None:
        self._rate_per_s = rate_per_s
        self._buckets: dict[str, tuple[float, float]] = {}  # master -> requests that it may send at once, as of when

    def allows(self, master: str, now: float) -> bool:
        """Counts it when it is allowed."""
        left, at = self._buckets.pop(master, (float(self._rate_per_s), now))
        left = min(float(self._rate_per_s), left + (now - at) * self._rate_per_s)
        allowed = left >= 1.0
        if len(self._buckets) >= MOST_KNOWN:
            del self._buckets[next(iter(self._buckets))]
        self._buckets[master] = (left - 1.0 if allowed else left, now)
        return allowed
