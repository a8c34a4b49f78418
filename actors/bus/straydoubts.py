"""Says of which answers it is no longer sure that they are their requests', where answers do not name these."""

from __future__ import annotations

from collections.abc import Callable

from actors.message.device import PollBlock
from drivers.line import Doubting, Line


class StrayDoubts:
    """Part of a bus. ``report`` is given the block whose newest answer has become suspect after it was believed."""

    def __init__(self, report: Callable[[PollBlock], None]) -> None:
        self._report = report
        self._line: Doubting | None = None
        self._newest: dict[int, PollBlock] = {}  # unit -> what it answered last

    def watch(self, line: Line) -> None:
        """Answers are those of this line from now on."""
        self._line = line if isinstance(line, Doubting) else None

    def forget(self) -> None:
        """The plan changed: blocks before it mean nothing now."""
        self._newest.clear()

    def note_answer(self, block: PollBlock) -> bool:
        """Is this newest answer suspect?"""
        if self._line is None:
            return False
        self.look()
        self._newest[block.request.unit] = block
        return self._line.is_suspect

    def look(self) -> None:
        """Report what has become suspect since."""
        if self._line is not None:
            for unit in self._line.take_stray():
                block = self._newest.pop(unit, None)
                if block is not None:
                    self._report(block)
