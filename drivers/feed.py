"""What a listener needs of a source whose devices speak by themselves, whatever runs below it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from runtime.errors import BadAnswer


@dataclass(frozen=True, slots=True)
class Frame:
    """One thing that a device said, checked by whatever its protocol has to check it by.

    unit     address of the device
    name     tells its kinds of frames apart, "" where all are alike
    payload  what its decoder takes
    """

    unit: int
    name: str
    payload: bytes


class Framer(Protocol):
    """Cuts what arrives into frames, for one connection. Bytes in, frames out; no I/O, no clock."""

    def take(self, data: bytes) -> Iterable[Frame | BadAnswer]:
        """The frames that ``data`` completes, in order; an error for each that is damaged, which is never a frame.

        What it keeps of an unfinished frame is bounded.
        """


class Feed(Protocol):
    """One connection or port with one user, who hears. Only ``close`` may be called from another thread."""

    @property
    def is_open(self) -> bool:
        """False also after it hung up by itself; open it again."""

    def open(self) -> None:
        """Connect. Raises LinkDown, also after ``close``."""

    def hear(self, timeout_s: float) -> Frame | None:
        """The next frame; None when none came in time. Raises BadAnswer for a damaged one, LinkDown when it hung up."""

    def hang_up(self) -> None:
        """Give up the connection; ``open`` makes a new one."""

    def close(self) -> None:
        """Close for good. Safe from any thread; wakes a call that waits, which raises LinkDown."""
