"""Who waits at a listener for a frame: a test of a device, or of its gateway."""

from __future__ import annotations

from collections.abc import Callable

from actors.mailbox.reply import answer, refuse
from actors.message.device import Perform
from drivers.feed import Frame
from runtime.core.source.query import Expected, Query
from runtime.errors import NoAnswer, WattkeeperError


class Waiting:
    """Times are monotonic seconds."""

    def __init__(self) -> None:
        self._asked: list[tuple[Perform, float]] = []  # and until when

    def __bool__(self) -> bool:
        return bool(self._asked)

    def add(self, message: Perform, now: float) -> None:
        """It waits as long as its frames may take to come, and not beyond its deadline."""
        wait_s = max(message.timeout_s, message.request.period_s)
        self._asked.append((message, min(message.deadline, now + wait_s)))

    def answer(self, frame: Frame) -> None:
        self._end(lambda message, _until: _is_wanted(message.request, frame), frame.payload)

    def refuse_late(self, now: float) -> None:
        self._end(lambda _message, until: now >= until, None)

    def refuse_all(self, error: WattkeeperError | None) -> None:
        """``error`` is why; None = nothing is heard."""
        self._end(lambda _message, _until: True, error)

    def _end(self, ends: Callable[[Perform, float], bool], said: bytes | WattkeeperError | None) -> None:
        for message, until in self._asked:
            if not ends(message, until):
                continue
            if isinstance(said, bytes):
                answer(message.reply, said)
            else:
                refuse(message.reply, said or nothing_heard(message.request))
        self._asked = [each for each in self._asked if not ends(*each)]


def nothing_heard(wanted: Query) -> NoAnswer:
    return NoAnswer("frame_silent", f"nothing was heard from address {wanted.unit}")


def _is_wanted(wanted: Query, frame: Frame) -> bool:
    return isinstance(wanted, Expected) and (wanted.unit, wanted.name) == (frame.unit, frame.name)
