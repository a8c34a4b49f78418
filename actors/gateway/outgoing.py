"""What the parts of a gateway hand to it, to be sent or published: they do nothing outside themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from actors.message.device import BlocksDue, EventReported, PlanChanged, SampleClosed, WriteNow
from actors.message.history import ReplaceMeter
from runtime.core.device.command import Memory
from runtime.core.device.livedevice import Heard
from runtime.core.source.query import Query


@dataclass(frozen=True, slots=True)
class Later:
    """Tell the gateway itself after a while."""

    delay_s: float
    message: object


@dataclass(frozen=True, slots=True)
class Question:
    """Read where a device may name itself; answered with ``IdentityRead``, before ``deadline`` (monotonic)."""

    device: int
    request: Query
    timeout_s: float
    deadline: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Fill the reply boxes of those who asked; an error is raised on their side."""

    replies: Sequence[Any]
    value: object


ToBus = PlanChanged | BlocksDue | WriteNow
ToRecorder = EventReported | SampleClosed | ReplaceMeter
Outgoing = ToBus | ToRecorder | Later | Question | Answer | Heard | Memory
