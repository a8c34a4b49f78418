"""What a device calls itself by, over time: a number that changes is another device, one that comes back is two."""

from __future__ import annotations

from collections import deque

NAMING = ("serial_number", "device_code", "model_name")
BACK_S = 3600.0  # a name that comes back within this was there all the time
_KEPT = 4

Name = tuple[int | str | None, ...]


class Names:
    """Of one device. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._names: dict[int, deque[tuple[Name, float]]] = {}

    def note(self, number: int, name: Name, now: float) -> str:
        """Says "same", "changed", or "alternates" when two names take turns. ``number`` is the read that brought it."""
        names = self._names.setdefault(number, deque(maxlen=_KEPT))
        if None in name or (names and names[-1][0] == name):
            return "same"
        is_back = any(before == name and now - at <= BACK_S for before, at in names)
        is_first = not names
        names.append((name, now))
        return "alternates" if is_back else "same" if is_first else "changed"
