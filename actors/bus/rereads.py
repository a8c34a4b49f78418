"""Units that another master wrote to: whatever we read of them is read again, soon but not for each write."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from actors.message.device import BlocksDue, PassThrough, PollBlock

EACH_S = 5.0  # of one unit, so that who writes often does not take the wire from other devices


class Rereads:
    """Part of a bus. ``later`` delivers a message to it after so many seconds."""

    def __init__(self, later: Callable[[float, object], None]) -> None:
        self._later = later
        self._read_at: dict[int, float] = {}  # unit -> when it was or will be read again

    def note(self, message: PassThrough, blocks: Iterable[PollBlock], incarnation: int, now: float) -> None:
        """Whatever became of a write: it may have been carried out. The last of many is followed by a reading, too."""
        unit = message.request.unit
        read_at = self._read_at.get(unit, now - EACH_S)
        if not message.request.is_write or read_at > now:
            return
        due = tuple((block.device, block.block) for block in blocks if block.request.unit == unit)
        if due:
            self._read_at[unit] = max(now, read_at + EACH_S)
            self._later(self._read_at[unit] - now, BlocksDue(incarnation, due))
