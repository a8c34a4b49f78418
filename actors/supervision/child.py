"""The nursery's vocabulary: what it remembers of one child, and what it asks the supervisor to do."""

from __future__ import annotations

import math
from dataclasses import dataclass

from actors.supervision.childspec import ChildSpec
from runtime.core.restarts import Record
from runtime.core.view import ChildState


@dataclass(frozen=True, slots=True)
class Launch:
    spec: ChildSpec
    incarnation: int


@dataclass(frozen=True, slots=True)
class Handle:
    """Do something to one incarnation: "ask_stop", "close_held", "fence" or "beat"."""

    what: str
    name: str
    incarnation: int


@dataclass(frozen=True, slots=True)
class Note:
    """Something that belongs into the event list."""

    name: str
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Fatal:
    """The process cannot go on."""

    code: str
    detail: str


Command = Launch | Handle | Note | Fatal


@dataclass(slots=True)
class Child:
    """One child as the nursery keeps it: states as in ChildState, and "closing" for the second half of "stopping"."""

    spec: ChildSpec
    state: str = "waiting"
    incarnation: int = 0
    record: Record = Record()
    due: float = math.inf
    turn: int = 0  # a deadline on the heap counts only while its turn is this one
    asked_at: float | None = None  # of the first unanswered beat
    answered_at: float = 0.0
    depth: int = 0
    restarts: int = 0
    error: str = ""
    leaving: bool = False
    successor: ChildSpec | None = None

    def as_seen(self) -> ChildState:
        return ChildState(
            name=self.spec.name,
            state="stopping" if self.state == "closing" else self.state,
            core=self.spec.core,
            incarnation=self.incarnation,
            restarts=self.restarts,
            crashes=len(self.record.crashes),
            depth=self.depth,
            answered_at=self.answered_at,
            next_at=self.due if self.state in ("waiting", "quarantined") else 0.0,
            error=self.error,
        )
