"""What happens again and again is told a few times, then counted: a contact that flaps fills no history."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

TOLD_MOST = 6  # of one kind within WINDOW_S
WINDOW_S = 600.0
KINDS_MOST = 4096  # remembered at a time; those that fell quiet are forgotten first

Kind = tuple[str, str]  # (subject, code)


class Verdict(Enum):
    """What to do with one more: tell it, tell that it flaps from now on, or only count it."""

    TELL = "tell"
    FLAPS = "flaps"
    COUNT = "count"


@dataclass(slots=True)
class _Kind:
    told: deque[float] = field(default_factory=lambda: deque(maxlen=TOLD_MOST))
    counted: int = 0  # since it flaps, 0 = it does not
    last: float = 0.0


class Flapping:
    """Judges events by their kind. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._kinds: dict[Kind, _Kind] = {}  # the one that is quiet for longest is first

    def judge(self, kind: Kind, now: float) -> Verdict:
        known = self._kinds.pop(kind, None) or _Kind()
        if len(self._kinds) >= KINDS_MOST:
            del self._kinds[next(iter(self._kinds))]
        self._kinds[kind] = known
        known.last = now
        if known.counted:
            known.counted += 1
            return Verdict.COUNT
        if len(known.told) == TOLD_MOST and now - known.told[0] < WINDOW_S:
            known.counted = 1
            return Verdict.FLAPS
        known.told.append(now)
        return Verdict.TELL

    def calmed(self, now: float) -> Sequence[tuple[Kind, int]]:
        """Kinds that flapped and did not for a whole window: (kind, how often it was only counted)."""
        calm = [(kind, known) for kind, known in self._kinds.items() if now - known.last >= WINDOW_S]
        for kind, _ in calm:
            del self._kinds[kind]
        return [(kind, known.counted) for kind, known in calm if known.counted]
