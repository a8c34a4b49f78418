"""Which time it is, as far as that can be known: a machine without a battery wakes up in 1970 and learns better later.

Until the clock is trusted a time of our own runs on: from just after the newest that was stored, on elapsed seconds.
So nothing is ever dated before what is stored, and one shift puts right what was dated meanwhile.

What is stored may itself lie ahead: a large step forward that nobody vouched for may have been wrong. By how much is
known (``ahead_ms``) and outlives a restart, so that the clock may be put right while nobody looks.
"""

from __future__ import annotations

from dataclasses import dataclass

from runtime.viewboard import ViewKey

EARLIEST_MS = 1_767_225_600_000  # 2026-01-01: this program did not exist before
STEP_MOST_MS = 3_600_000  # a larger step of the machine's clock needs the network's word, or to last
BELIEVED_AFTER_S = 600.0
WAITS_MOST_S = 86_400.0  # for a trusted clock; then samples are kept all the same, marked


@dataclass(frozen=True, slots=True)
class ClockView:
    """What is known of the clock. Published by the timekeeper as ``clock``, another object with each change.

    trusted   what it says is right
    keeps     it was waited for long enough: samples are kept though it is not trusted
    shift_ms  when trust was won: what to add to the times before, 0 = they were right
    """

    trusted: bool = True
    keeps: bool = False
    shift_ms: int = 0


class ClockTrust:
    """Decides from what the machine says. ``look`` is called each second or so, ``now_ms`` by any thread.

    newest_ms   newest time that is stored, 0 = nothing
    system_ms   what the machine's clock shows
    elapsed_ms  never steps and counts while the machine is suspended
    is_synced   does the network's time steer the machine's clock?
    ahead_ms    by how much the newest time that is stored may be ahead, as it was known last
    """

    def __init__(self, newest_ms: int, system_ms: int, elapsed_ms: int, is_synced: bool, ahead_ms: int = 0) -> None:
        self._floor_ms = max(newest_ms - ahead_ms - (STEP_MOST_MS if ahead_ms else 0), EARLIEST_MS)
        self._began_ms = elapsed_ms
        self._doubted_since_ms = -1
        self.trusted = is_synced or system_ms >= self._floor_ms
        started_ms = system_ms if self.trusted else max(newest_ms, EARLIEST_MS) + 1000
        self._offset_ms = started_ms - elapsed_ms
        self.shift_ms = 0
        self.ahead_ms = 0 if is_synced else ahead_ms
        if self.trusted and not is_synced and newest_ms:
            self.ahead_ms = _ahead_after_pause(ahead_ms, system_ms - newest_ms)

    def now_ms(self, system_ms: int, elapsed_ms: int) -> int:
        ours_ms = elapsed_ms + self._offset_ms
        return system_ms if self.trusted and -STEP_MOST_MS <= system_ms - ours_ms <= STEP_MOST_MS else ours_ms

    def look(self, system_ms: int, elapsed_ms: int, is_synced: bool) -> None:
        step_ms = system_ms - elapsed_ms - self._offset_ms
        if not self.trusted:
            # our own time runs since the last stored one, so the true time is not earlier
            if is_synced or step_ms >= 0:
                self._take(step_ms)
                self.trusted, self.shift_ms = True, step_ms
        elif is_synced or abs(step_ms) <= STEP_MOST_MS:
            self._take(step_ms)
        elif self._lasts(system_ms, elapsed_ms):
            self._take(step_ms)
            self.ahead_ms = max(0, self.ahead_ms + step_ms)
        if is_synced:
            self.ahead_ms = 0

    def view(self, elapsed_ms: int) -> ClockView:
        keeps = not self.trusted and elapsed_ms - self._began_ms >= WAITS_MOST_S * 1000
        return ClockView(self.trusted, keeps, self.shift_ms)

    def _lasts(self, system_ms: int, elapsed_ms: int) -> bool:
        """A large step that nobody vouches for: set by hand, or broken. Never back beyond what was stored at start."""
        if self._doubted_since_ms < 0:
            self._doubted_since_ms = elapsed_ms
        lasted = elapsed_ms - self._doubted_since_ms >= BELIEVED_AFTER_S * 1000
        return lasted and system_ms >= self._floor_ms

    def _take(self, step_ms: int) -> None:
        self._offset_ms += step_ms
        self._doubted_since_ms = -1


def _ahead_after_pause(ahead_ms: int, step_ms: int) -> int:
    """``step_ms``: from what is stored to a start whose time nobody vouches for. It may be the pause, or not."""
    if step_ms < 0:
        return 0  # it was put right
    return max(ahead_ms, step_ms) if step_ms > STEP_MOST_MS else ahead_ms


CLOCK_VIEW = ViewKey[ClockView]("clock")
