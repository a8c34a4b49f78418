"""How long to wait: for an answer, learnt from the answers before; before trying again, longer each time."""

from __future__ import annotations

TIMEOUT_LEAST_S = 0.25
LEARNT_AFTER = 8  # answers before the learnt time-out counts
BACKOFF_LEAST_S = 1.0
BACKOFF_MOST_S = 60.0


class TimeoutRule:
    """The time-out of one unit: mean answer time and four deviations (RFC 6298), within bounds, doubled for doubt."""

    __slots__ = ("_answers", "_deviation_s", "_mean_s")

    def __init__(self) -> None:
        self._mean_s = 0.0
        self._deviation_s = 0.0
        self._answers = 0

    def timeout_s(self, most_s: float) -> float:
        if self._answers < LEARNT_AFTER:
            return most_s
        return min(most_s, max(TIMEOUT_LEAST_S, 2 * (self._mean_s + 4 * self._deviation_s)))

    def answered(self, took_s: float) -> None:
        if self._answers == 0:
            self._mean_s, self._deviation_s = took_s, took_s / 2
        else:
            self._deviation_s += (abs(took_s - self._mean_s) - self._deviation_s) / 4
            self._mean_s += (took_s - self._mean_s) / 8
        self._answers += 1

    def timed_out(self) -> None:
        """Trust nothing learnt: the next answers may take as long as allowed."""
        self._answers = 0


def backoff_s(failures: int, jitter: float, least_s: float = BACKOFF_LEAST_S, most_s: float = BACKOFF_MOST_S) -> float:
    """Wait after the n-th failure in a row: doubles from least to most.

    jitter  0 … 1, takes off up to a quarter so that many do not come back at once
    """
    return float(min(most_s, least_s * 2 ** min(failures - 1, 30))) * (1 - jitter / 4)
