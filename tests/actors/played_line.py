"""A line that plays a bus with told time: what each unit answers, and how long that takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from runtime.core.modbus.request import Request
from runtime.errors import DriverError, LinkDown, NoAnswer
from tests.actors.stage import ManualClock

Answer = bytes | DriverError


def registers(request: Request) -> bytes:
    return b"".join((request.unit * 256 + i & 0xFFFF).to_bytes(2, "big") for i in range(request.count))


@dataclass
class PlayedLine:
    """Stands for any line. ``answers`` overrides what a unit says; ``down`` makes opening fail."""

    clock: ManualClock
    takes_s: float = 0.05
    answers: dict[int, Callable[[Request], Answer]] = field(default_factory=dict)
    down: DriverError | None = None
    late: dict[int, float] = field(default_factory=dict)  # unit -> monotonic time when it is ready
    asked: list[Request] = field(default_factory=list)
    timeouts_s: list[float] = field(default_factory=list)
    opened: int = 0
    is_open: bool = False

    def open(self) -> None:
        if self.down is not None:
            raise self.down
        self.is_open = True
        self.opened += 1

    def transact(self, request: Request, timeout_s: float) -> bytes:
        self.asked.append(request)
        self.timeouts_s.append(timeout_s)
        answer = self.answers.get(request.unit, registers)(request)
        self.clock.advance(timeout_s if isinstance(answer, NoAnswer) else self.takes_s)
        if isinstance(answer, LinkDown):
            self.is_open = False
        if isinstance(answer, DriverError):
            raise answer
        return answer

    def ready_at(self, unit: int) -> float:
        return self.late.get(unit, 0.0)

    def hang_up(self) -> None:
        self.is_open = False

    def close(self) -> None:
        self.is_open = False
