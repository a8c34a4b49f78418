"""What the Modbus lines share: one request at a time, in steps that the line carries out itself or a wire loop does."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Generic, TypeVar

from drivers.steps import BlockingWire, Steps, Wire, carry_out
from runtime.clock import Clock
from runtime.core.modbus.request import Request
from runtime.core.wire.rest import Rests

R = TypeVar("R")
W = TypeVar("W", bound=BlockingWire)


class StepLine(ABC, Generic[W]):
    """A line over ``wire`` with one user; see ``Line`` and ``Stepping`` for what it promises.

    rest_s      least time from any answer to the next request; rests: the same of single units, where more is needed
    poll_gap_s  least time from the begin of one poll to the next
    sleep       how it waits for the time where it carries the steps out itself
    """

    def __init__(
        self,
        wire: W,
        clock: Clock,
        *,
        rest_s: float = 0.0,
        rests: Mapping[int, float] = MappingProxyType({}),
        poll_gap_s: float = 0.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._wire = wire
        self._clock = clock
        self._rest_s = rest_s
        self.poll_gap_s = poll_gap_s
        self.rests = Rests(rests)
        self._sleep = sleep
        self._in_use = threading.Lock()

    @property
    def is_open(self) -> bool:
        return self._wire.is_open

    @property
    def wire(self) -> Wire:
        return self._wire

    def open(self) -> None:
        with self._in_use:
            self._carry_out(self.opening())

    def transact(self, request: Request, timeout_s: float) -> bytes:
        with self._in_use:
            return self._carry_out(self.steps(request, timeout_s))

    @abstractmethod
    def opening(self) -> Steps[None]:
        """``open`` in steps."""

    @abstractmethod
    def steps(self, request: Request, timeout_s: float) -> Steps[bytes]:
        """``transact`` in steps."""

    def hang_up(self) -> None:
        self._wire.hang_up()

    def close(self) -> None:
        self._wire.wake()
        if self._in_use.acquire(timeout=1.0):
            self._wire.hang_up()
            self._in_use.release()

    def _carry_out(self, steps: Steps[R]) -> R:
        return carry_out(steps, self._wire, self._clock, self._sleep)
