"""What a bus needs of a way to reach devices, whatever runs below it."""

from __future__ import annotations

from typing import Protocol, TypeVar, runtime_checkable

from runtime.core.source.query import Query
from runtime.core.wire.rest import Rests
from runtime.errors import NoAnswer

Q = TypeVar("Q", bound=Query, contravariant=True)

LATE_MAX_S = 2.0  # an answer that comes later than this after its time-out is not expected any more


class Line(Protocol[Q]):
    """One connection or port with one user, who asks ``Q``. Only ``close`` may be called from another thread."""

    @property
    def is_open(self) -> bool:
        """False also after the line hung up by itself because it was out of step; open it again."""

    def open(self) -> None:
        """Connect. Raises LinkDown, also after ``close``."""

    def transact(self, request: Q, timeout_s: float) -> bytes:
        """Ask and wait: what was asked for, b"" for a write.

        Never returns what does not fit the request, nor an answer to an earlier one. Raises DriverError.
        """

    def ready_at(self, unit: int) -> float:
        """Monotonic time before which ``unit`` may not be asked, as an answer of it may be under way; 0 = now."""

    def hang_up(self) -> None:
        """Give up the connection; ``open`` makes a new one."""

    def close(self) -> None:
        """Close for good. Safe from any thread; wakes a call that waits, which raises LinkDown."""


@runtime_checkable
class Doubting(Protocol):
    """A line whose answers do not name their request has this as well."""

    @property
    def is_suspect(self) -> bool:
        """May the last answer to ``transact`` be one to an earlier request? Then it is shown as suspect, no more."""

    def take_stray(self) -> set[int]:
        """Units whose last answer has become suspect since, each once: another one came that nobody asked for."""


@runtime_checkable
class Resting(Protocol):
    """A line that learns how long its units rest has this as well."""

    rests: Rests


def poll_gap_s(line: object) -> float:
    """Least time from the begin of one poll to the next, as the address sets it; commands do not wait. 0 = none."""
    return float(getattr(line, "poll_gap_s", 0.0))


def is_suspect(line: object) -> bool:
    """May its last answer be one to an earlier request?"""
    return isinstance(line, Doubting) and line.is_suspect


def refuse_suspect(line: object, request: Query, payload: bytes) -> bytes:
    """What a suspect answer is of no use for. Raises NoAnswer where it is one."""
    if payload and is_suspect(line):
        raise NoAnswer("no_answer", f"unit {request.unit} may have answered an earlier request; ask again in a while")
    return payload
