"""The framer of devices that send lines of text."""

from __future__ import annotations

from collections.abc import Callable

from drivers.feed import Frame
from runtime.errors import BadAnswer


class LineFramer:
    """The ``Framer`` of devices that send lines of text, ended by a line feed with or without a carriage return.

    read     from a line without its end to a frame; raises ValueError, for people, when it is damaged
    longest  bytes; more without an end are damage, and dropped up to the next end
    """

    def __init__(self, read: Callable[[bytes], Frame], longest: int = 512) -> None:
        self._read, self._longest = read, longest
        self._begun = b""
        self._is_lost = True  # the first line may have begun before anybody listened

    def take(self, data: bytes) -> list[Frame | BadAnswer]:
        *lines, begun = (self._begun + data).split(b"\n")
        cut: list[Frame | BadAnswer] = []
        for line in lines:
            if not self._is_lost and line.strip():
                cut.append(self._frame(line.rstrip(b"\r")))
            self._is_lost = False
        if len(begun) > self._longest:
            if not self._is_lost:
                cut.append(BadAnswer("frame_damaged", f"a line of more than {self._longest} bytes"))
            begun, self._is_lost = b"", True
        self._begun = begun
        return cut

    def _frame(self, line: bytes) -> Frame | BadAnswer:
        try:
            return self._read(line)
        except ValueError as error:
            return BadAnswer("frame_damaged", str(error))
