"""A transaction in steps, without waiting: whoever carries it out waits, in a thread of its own or for many at once.

A generator of ``Step`` is resumed with what came, b"" when nothing did in time or was to come; LinkDown is thrown
into it. What it sends goes straight to its wire, which takes it without waiting or notes that it did not.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Protocol, TypeVar

from runtime.clock import Clock
from runtime.errors import DriverError, InvariantBroken

READ, REST, OPEN = range(3)  # wait for bytes; wait for the time; connect anew
Step = tuple[int, float, int]  # one of these; until when (monotonic s); most bytes
R = TypeVar("R")
Q = TypeVar("Q", contravariant=True)
Steps = Generator[Step, bytes, R]


class Wire(Protocol):
    """Bytes in order, nothing else.

    character_s  time of one byte on the wire, 0 where somebody else keeps the time
    silence_s    least silence before a request
    repeat_s     the same before a request of the same shape as the last: a doubled answer must show before it
    """

    name: str
    character_s: float
    silence_s: float
    repeat_s: float

    @property
    def is_open(self) -> bool: ...
    def send(self, frame: bytes, within_s: float) -> None: ...
    def hang_up(self) -> None: ...
    def wake(self) -> None: ...


class BlockingWire(Wire, Protocol):
    """One whose user may wait."""

    def open(self) -> None: ...
    def receive(self, most: int, wait_s: float) -> bytes: ...


class NetworkWire(BlockingWire, Protocol):
    """One whose other side may close it."""

    def has_ended(self) -> bool:
        """Did it, while nothing was asked?"""


def carry_out(steps: Steps[R], wire: BlockingWire, clock: Clock, sleep: Callable[[float], None]) -> R:
    """Wait wherever the steps want to. Raises DriverError."""
    try:
        step = next(steps)
        while True:
            try:
                came = _wait(step, wire, clock, sleep)
            except DriverError as error:
                step = steps.throw(error)
            else:
                step = steps.send(came)
    except StopIteration as ended:
        result: R = ended.value
        return result


def without_waiting(steps: Steps[R]) -> R:
    """Carry out steps of which none wants to wait. Raises what they raise."""
    try:
        next(steps)
    except StopIteration as ended:
        result: R = ended.value
        return result
    raise InvariantBroken("actor_crashed", "steps want to wait where nobody carries them out")


class Stepping(Protocol[Q]):
    """A line whose transactions can be had in steps; as ``Line`` it carries them out itself."""

    @property
    def wire(self) -> Wire:
        """What the steps wait for."""

    def opening(self) -> Steps[None]: ...
    def steps(self, request: Q, timeout_s: float) -> Steps[bytes]: ...


def _wait(step: Step, wire: BlockingWire, clock: Clock, sleep: Callable[[float], None]) -> bytes:
    kind, until, most = step
    if kind == READ:
        return wire.receive(most, until - clock.monotonic())
    if kind == OPEN:
        wire.open()
    elif (wait_s := until - clock.monotonic()) > 0:
        sleep(wait_s)
    return b""
