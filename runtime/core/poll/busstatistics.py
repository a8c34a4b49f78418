"""What a bus counts of its own work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

WINDOW_S = 10.0  # over which utilisation is averaged


class BusTally:
    """Polls, errors by code, utilisation of the line, length of a round. Times are monotonic seconds."""

    def __init__(self, now: float) -> None:
        self.polls = 0
        self._errors: Counter[str] = Counter()
        self._shown: dict[str, int] = {}
        self._busy_s = 0.0
        self._looked_at = now
        self._utilisation = 0.0
        self._counted = 0
        self.polls_per_s = 0.0
        self._last_s: list[float] = []
        self.round_s = 0.0

    @property
    def costs_s(self) -> Sequence[float]:
        """What each block of the plan took the last time, 0 = no answer yet."""
        return self._last_s

    def replan(self, blocks: int) -> None:
        """A new plan of so many blocks."""
        self._last_s = [0.0] * blocks
        self.round_s = 0.0

    def spent(self, took_s: float) -> None:
        """The line was busy, outside the plan."""
        self._busy_s += took_s

    def polled(self, index: int, took_s: float) -> None:
        """One block of the plan answered."""
        self.polls += 1
        self._busy_s += took_s
        self.round_s += took_s - self._last_s[index]
        self._last_s[index] = took_s

    def failed(self, index: int, took_s: float, code: str) -> None:
        """One block did not answer: it is left out of the round, since the others do not wait for it each time."""
        self._errors[code] += 1
        self._busy_s += took_s
        self.round_s -= self._last_s[index]
        self._last_s[index] = 0.0

    def count_error(self, code: str) -> None:
        """Something went wrong that belongs to no block."""
        self._errors[code] += 1

    @property
    def possible_per_s(self) -> float:
        """Polls a second if the line were never idle, as it was of late; 0 = not known."""
        return self.polls_per_s / self._utilisation if self._utilisation else 0.0

    def errors(self) -> dict[str, int]:
        """By code; another object whenever something changed."""
        if self._shown != self._errors:
            self._shown = dict(self._errors)
        return self._shown

    def utilisation_pct(self, now: float) -> float:
        """Part of the time that the line was busy, over about the last WINDOW_S; the rates follow."""
        elapsed_s = now - self._looked_at
        if elapsed_s > 0:
            share = min(1.0, self._busy_s / elapsed_s)
            weight = min(1.0, elapsed_s / WINDOW_S)
            self._utilisation += (share - self._utilisation) * weight
            self.polls_per_s += ((self.polls - self._counted) / elapsed_s - self.polls_per_s) * weight
            self._busy_s, self._looked_at, self._counted = 0.0, now, self.polls
        return round(100 * self._utilisation, 1)
