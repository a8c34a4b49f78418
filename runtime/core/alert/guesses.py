"""Wrong passwords sent to an outlet that listens: each one makes the next wait longer, by sender and in all."""

from __future__ import annotations

FIRST_S, LONGEST_S = 5.0, 3600.0
IN_ALL, WINDOW_S = 20, 3600.0  # wrong ones of everybody in an hour; then nobody enlists until it is over
MOST_SENDERS = 1000


class Guesses:
    """``now`` is monotonic seconds."""

    def __init__(self) -> None:
        self._wrong: dict[str, tuple[int, float]] = {}  # sender -> (how many, not before)
        self._recent: list[float] = []

    def may_try(self, sender: str, now: float) -> bool:
        """Whether what this sender wrote is compared at all."""
        self._recent = [at for at in self._recent if now - at < WINDOW_S]
        return len(self._recent) < IN_ALL and now >= self._wrong.get(sender, (0, 0.0))[1]

    def fail(self, sender: str, now: float) -> None:
        """It was wrong."""
        count = self._wrong.pop(sender, (0, 0.0))[0] + 1
        self._wrong[sender] = count, now + min(LONGEST_S, FIRST_S * 2 ** min(count - 1, 20))
        self._recent.append(now)
        if len(self._wrong) > MOST_SENDERS:
            del self._wrong[next(iter(self._wrong))]

    def succeed(self, sender: str) -> None:
        """It was right."""
        self._wrong.pop(sender, None)
