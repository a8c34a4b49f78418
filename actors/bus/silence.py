"""Who has been silent for longer than it should: a deadline a kind of frames, put off by each frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

SILENT = "frame_silent"  # code of what a silence is told as
LOOK_S = 0.25  # deadlines are looked at this seldom


class Silence:
    """Times are monotonic seconds; frames are named by their index in what is watched. Part of a listener."""

    def __init__(self) -> None:
        self._periods_s: Sequence[float] = ()
        self._heard_at: list[float] = []
        self._due: list[float] = []
        self._look_at = 0.0

    def watch(self, periods_s: Sequence[float], now: float) -> None:
        """Others from now on; 0.0 = its silence says nothing."""
        self._periods_s = tuple(periods_s)
        self.forgive(now)

    def forgive(self, now: float) -> None:
        """All have their time anew."""
        self._heard_at = [now] * len(self._periods_s)
        self._due = [now + period_s for period_s in self._periods_s]

    def heard(self, index: int, now: float) -> None:
        self._heard_at[index] = now
        self._due[index] = now + self._periods_s[index]

    def overdue(self, now: float) -> Iterator[tuple[int, float]]:
        """Index and seconds of silence of each whose time has passed, once a period."""
        if now < self._look_at:
            return
        self._look_at = now + LOOK_S
        for index, period_s in enumerate(self._periods_s):
            if period_s and now >= self._due[index]:
                self._due[index] = now + period_s
                yield index, now - self._heard_at[index]
