"""Whose answer a frame is that carries no transaction: RTU, or a gateway that does not repeat the one it was given.

Kept of each shape of answer (unit, function, size): how many of that shape never came and may yet come; and the newest
ones, since one that is sent again is the same to the byte.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

REPEAT_S = 0.5  # an answer is sent again within this
DISTRUSTED = 5  # times the expected lateness during which an answer of the missing one's shape is suspect
_KEPT = 64  # answers of one shape, then the old ones are forgotten
_SHAPES = 1024  # the same of shapes


@dataclass(slots=True)
class _Missing:
    """Answers of one shape that never came; after ``until`` (monotonic) nobody expects them."""

    count: int
    until: float


_NONE: Mapping[bytes, tuple[float, Hashable]] = MappingProxyType({})


class Doubts:
    """Of one line. ``shape`` is what an answer begins with and tells its size, ``request`` any hashable; times are
    monotonic seconds.

    late_max_s  how long after its time-out an answer may come; a device that takes longer is distrusted, not trusted
    """

    def __init__(self, late_max_s: float) -> None:
        self._distrusted_s = DISTRUSTED * late_max_s
        self._missing: dict[bytes, _Missing] = {}
        self._answers: dict[bytes, dict[bytes, tuple[float, Hashable]]] = {}  # by shape and bytes
        self._newest: dict[Hashable, bytes] = {}  # of each request
        self._last: dict[int, bytes] = {}  # unit -> the answer that was accepted last
        self._stray: set[int] = set()

    def missed(self, shape: bytes, now: float) -> None:
        """The answer to a request never came."""
        if len(self._missing) >= _SHAPES:
            self._missing = {shape: missing for shape, missing in self._missing.items() if missing.until > now}
        missing = self._missing.setdefault(shape, _Missing(0, 0.0))
        missing.count += 1
        missing.until = now + self._distrusted_s

    def is_suspect(self, shape: bytes, now: float) -> bool:
        """May an answer of this shape be one that was missed?"""
        missing = self._missing.get(shape)
        if missing is None:
            return False
        if now < missing.until:
            return True
        del self._missing[shape]
        return False

    def expected(self, unit: int, now: float) -> set[bytes]:
        """Shapes of answers of a unit that may still come, or come again: a probe must have another."""
        missing = {shape for shape in self._missing if shape[0] == unit and self._missing[shape].until > now}
        newest = {
            shape
            for shape, answers in self._answers.items()
            if shape[0] == unit and any(now - at < REPEAT_S for at, _ in answers.values())
        }
        return missing | newest

    def repeats(self, request: Hashable, shape: bytes, answer: bytes, now: float) -> bool:
        """Was it, to the byte, the answer to another request a moment ago, and not what this one was answered last?"""
        known = self._answers.get(shape, _NONE).get(answer)
        return known is not None and now - known[0] < REPEAT_S and self._newest.get(request) != answer

    def accepted(self, request: Hashable, shape: bytes, answer: bytes, now: float) -> None:
        """This is the answer to the request."""
        answers = self._answers.get(shape)
        if answers is None:
            answers = self._answers[shape] = {}
        elif len(answers) >= _KEPT:
            recent = {answer: known for answer, known in answers.items() if now - known[0] < REPEAT_S}
            answers = self._answers[shape] = {} if len(recent) >= _KEPT else recent
        answers[answer] = (now, request)
        self._newest[request] = self._last[shape[0]] = answer
        if len(self._newest) > _SHAPES:
            self._newest.clear()

    def echoed(self, answer: bytes) -> None:
        """This is the answer to a write, which says what was written and where."""
        self._last[answer[0]] = answer

    def is_missed(self, unit: int, function: int, now: float) -> bool:
        """May an exception of this unit and function belong to a request whose answer was missed?"""
        head = bytes((unit, function))
        return any(shape.startswith(head) and missing.until > now for shape, missing in self._missing.items())

    def strayed(self, shape: bytes, frame: bytes) -> bool:
        """A sound frame came that nobody asked for. Returns whether it puts its unit in doubt: it is neither an answer
        that was missed nor the last one once more.
        """
        unit = frame[0]
        missing = self._missing.get(shape)
        if missing is not None:
            missing.count -= 1
            if missing.count <= 0:
                del self._missing[shape]
            return False
        if unit not in self._last or self._last[unit] == frame:
            return False
        self._stray.add(unit)
        return True

    def take_stray(self) -> set[int]:
        """Units whose last answer is suspect since then; each is given once."""
        stray = self._stray
        if stray:
            self._stray = set()
        return stray
