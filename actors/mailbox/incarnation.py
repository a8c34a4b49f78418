"""What an actor gets at birth, and the two things it says to its supervisor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from actors.mailbox.directory import Directory
from runtime.clock import Clock
from runtime.viewboard import Views


@dataclass(frozen=True, slots=True)
class ChildExit:
    """An incarnation is over; everything it owned is released. Actor -> its supervisor, exactly once.

    reason  "normal" (asked to stop, or stopped by itself) or "crashed"
    error   type and text of what crashed it, "" otherwise
    """

    name: str
    incarnation: int
    reason: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class BeatAnswered:
    """The beat came through the mailbox. Actor -> its supervisor. ``depth`` = messages that still wait."""

    name: str
    incarnation: int
    depth: int


@dataclass(frozen=True, slots=True)
class Beat:
    """Say that you are alive. Supervisor -> each child, through its mailbox; the base answers."""


def _to_nobody(_message: ChildExit | BeatAnswered) -> None:
    """For an actor that runs without a supervisor."""


@dataclass(frozen=True, slots=True)
class Incarnation:
    """One run of one name; the number grows with each restart, so that what an older one says can be told apart."""

    name: str
    number: int
    directory: Directory
    clock: Clock
    views: Views
    report: Callable[[ChildExit | BeatAnswered], None] = _to_nobody
