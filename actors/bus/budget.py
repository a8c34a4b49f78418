"""How often a bus may begin a poll, whatever its plan wants: a gateway and those behind it have other things to do."""

from __future__ import annotations

from drivers.line import Line, poll_gap_s

USUAL_PER_S = 100  # more than any serial line carries, and little for a device on a network


class Budget:
    """Part of a bus. Times are monotonic seconds; commands and other masters do not ask it.

    wanted_per_s  polls a second at most as the installation says, 0 = it does not; the line's address may say it too
    usual_per_s   the same where neither does, 0 = without limit
    """

    def __init__(self, wanted_per_s: float = 0, usual_per_s: float = 0) -> None:
        self._wanted_s, self._usual_s = _gap_s(wanted_per_s), _gap_s(usual_per_s)
        self._gap_s = self._wanted_s or self._usual_s
        self.next_at = 0.0  # no poll before

    def heed(self, line: Line) -> None:
        """What its address says counts as well; the smaller one holds."""
        self._gap_s = max(self._wanted_s, poll_gap_s(line)) or self._usual_s

    @property
    def per_s(self) -> float:
        """What holds, 0 = no limit."""
        return round(1 / self._gap_s, 3) if self._gap_s else 0.0

    def spend(self, now: float) -> None:
        """A poll begins."""
        self.next_at = now + self._gap_s


def _gap_s(per_s: float) -> float:
    return 1 / per_s if per_s else 0.0
