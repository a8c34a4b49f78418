"""Modbus RTU on a serial port or through a TCP serial server; an answer never lands at the wrong request.

RTU frames carry no transaction: an answer that comes after its time-out fits any later request to that unit with the
same function and count. So after a failure the line is drained until it is silent, the unit is left alone for
``late_max_s``, and the next thing it is asked is a probe that differs in size both from what failed and from what is
wanted then. What still comes of that size later than that is suspect (``Doubts``); an answer that came a moment ago, to
the byte, is believed once a probe shows that nothing else was on its way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import NoReturn

from drivers.adapters.frames import Transaction, rtu_transaction
from drivers.adapters.rtuhearing import probe_for, sound_frames
from drivers.adapters.rtulistener import LARGEST, RtuListener
from drivers.adapters.stepline import StepLine
from drivers.line import LATE_MAX_S
from drivers.steps import OPEN, READ, REST, BlockingWire, Steps
from runtime.clock import Clock
from runtime.core.modbus.request import Request
from runtime.core.wire.doubt import Doubts
from runtime.core.wire.rest import Rest
from runtime.core.wire.twice import Twice
from runtime.errors import BadAnswer, DriverError, LinkDown, NoAnswer, Refused

TURNAROUND_S = 0.1  # after a broadcast, which nobody answers (Modbus over serial line V1.02, 2.4.1)


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A request of which an answer may still come."""

    request: Request
    until: float  # monotonic


class RtuLine(StepLine[BlockingWire]):
    """One RTU bus and its only master.

    late_max_s  how long after a time-out an answer may still come
    echo        the adapter hears what it sends itself (two-wire adapters without echo suppression)
    reconnects  a failure also ends the connection (serial servers)
    """

    def __init__(
        self,
        wire: BlockingWire,
        clock: Clock,
        *,
        late_max_s: float = LATE_MAX_S,
        echo: bool = False,
        reconnects: bool = False,
        rest_s: float = 0.0,
        rests: Mapping[int, float] = MappingProxyType({}),
        poll_gap_s: float = 0.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(wire, clock, rest_s=rest_s, rests=rests, poll_gap_s=poll_gap_s, sleep=sleep)
        self._late_max_s = late_max_s
        self._reconnects = reconnects
        self._listener = RtuListener(wire, clock, self._pass_over, echo=echo)
        self._doubts: dict[int, _Doubt] = {}
        self._last_head = b""
        self._asked: dict[int, Request] = {}  # unit -> the newest read
        self._owed = Doubts(late_max_s)
        self._twice = Twice()
        self._passed: list[bytes] = []  # sound frames that were passed over
        self.is_suspect = False

    def opening(self) -> Steps[None]:
        """``open`` in steps."""
        yield OPEN, 0.0, 0
        self._listener.quiet_since = self._clock.monotonic()

    def ready_at(self, unit: int) -> float:
        doubt = self._doubts.get(unit)
        return 0.0 if doubt is None else doubt.until

    def steps(self, request: Request, timeout_s: float) -> Steps[bytes]:
        """``transact`` in steps."""
        exchange = rtu_transaction(request)
        if not self._wire.is_open:
            raise LinkDown("link_lost", f"{self._wire.name} is not open")
        if request.unit in self._doubts:
            yield from self._clear_up(self._doubts[request.unit], request, timeout_s)
        return (yield from self._believed(request, exchange, timeout_s))

    def take_stray(self) -> set[int]:
        return self._owed.take_stray()

    # ---- whose answer it is

    def _believed(self, request: Request, exchange: Transaction, timeout_s: float) -> Steps[bytes]:
        """Ask, and see whether the answer is that of this request."""
        reply = yield from self._ask(request, exchange, timeout_s)
        if request.is_write:
            if reply:  # nobody answers a broadcast
                self._owed.echoed(reply)
            return b""
        if (yield from self._is_repeated(request, exchange, reply, timeout_s)):
            self._twice.proven(request.unit, self._clock.monotonic())
            reply = yield from self._ask(request, exchange, timeout_s)
            if (yield from self._is_repeated(request, exchange, reply, timeout_s)):
                detail = f"unit {request.unit} answers twice: look for a repeater or a second master on its way"
                yield from self._fail(request, exchange, BadAnswer("bad_transaction", detail), 0.0)
        now = self._clock.monotonic()
        self.is_suspect = self._owed.is_suspect(exchange.head, now)
        self._owed.accepted(request, exchange.head, reply, now)
        return reply[len(exchange.head) : -2]

    def _is_repeated(self, request: Request, exchange: Transaction, reply: bytes, timeout_s: float) -> Steps[bool]:
        """It is another one's to the byte. The right one, if it is none, comes before the answer to a probe."""
        if not self._owed.repeats(request, exchange.head, reply, self._clock.monotonic()):
            return False
        self._passed = []
        yield from self._probe(request, request, timeout_s)
        return any(frame != reply for frame in self._passed if frame.startswith(exchange.head))

    def _probe(self, failed: Request, wanted: Request, timeout_s: float) -> Steps[None]:
        expected = self._owed.expected(wanted.unit, self._clock.monotonic())
        probe = probe_for(failed, wanted, expected)
        exchange = rtu_transaction(probe)
        with suppress(Refused):  # the unit is there, and the size of the probe keeps its late answers away
            reply = yield from self._ask(probe, exchange, timeout_s)
            self._owed.accepted(probe, exchange.head, reply, self._clock.monotonic())

    def _pass_over(self, heard: bytes) -> None:
        """Frames that nobody asked for: their units are asked something of another size next."""
        for shape, frame in sound_frames(heard):
            self._passed.append(frame)
            unit = frame[0]
            self._twice.came_again(unit, self._clock.monotonic())
            if self._owed.strayed(shape, frame) and unit in self._asked:
                self._doubts.setdefault(unit, _Doubt(self._asked[unit], 0.0))

    # ---- after a failure

    def _clear_up(self, doubt: _Doubt, wanted: Request, timeout_s: float) -> Steps[None]:
        """Find out whether the unit is in step again. Raises NoAnswer when it is too early or the unit is silent."""
        left_s = doubt.until - self._clock.monotonic()
        if left_s > 0:
            detail = (
                f"unit {wanted.unit} may still be answering an earlier request; it is asked again in {left_s:.1f} s"
            )
            raise NoAnswer("no_answer", detail)
        yield from self._probe(doubt.request, wanted, timeout_s)
        del self._doubts[wanted.unit]

    def _fail(self, request: Request, exchange: Transaction, error: DriverError, late_s: float) -> Steps[NoReturn]:
        if late_s:
            self._owed.missed(exchange.head, self._clock.monotonic())
        try:
            if self._reconnects:
                self._wire.hang_up()
            else:
                yield from self._listener.drain()
        finally:
            self._doubts[request.unit] = _Doubt(request, self._clock.monotonic() + late_s)
        raise error

    # ---- one exchange

    def _ask(self, request: Request, exchange: Transaction, timeout_s: float) -> Steps[bytes]:
        """The whole frame that answers, b"" after a broadcast."""
        rest = self.rests.of(request.unit)
        yield from self._await_silence(request, exchange.head, rest)
        after_s = self._clock.monotonic() - rest.answered_at
        if request.function <= 4:
            self._asked[request.unit] = request
        sent_s = len(exchange.frame) * self._wire.character_s
        self._wire.send(exchange.frame, sent_s + timeout_s)
        if request.unit == 0:
            yield REST, self._clock.monotonic() + sent_s + TURNAROUND_S, 0
            return b""
        most = exchange.size or LARGEST
        until = self._clock.monotonic() + sent_s + timeout_s + most * self._wire.character_s
        try:
            reply = yield from self._listener.listen(request, exchange, until)
        except (BadAnswer, NoAnswer) as error:
            if error.code == "no_answer":
                rest.failed(after_s)
            garbled = error.code == "bad_crc"  # that was the answer: only a probe is needed
            yield from self._fail(request, exchange, error, 0.0 if garbled else self._late_max_s)
        except LinkDown:
            now = self._clock.monotonic()
            self._owed.missed(exchange.head, now)
            self._doubts[request.unit] = _Doubt(request, now + self._late_max_s)
            raise
        except Refused:
            rest.answered_at = self._listener.quiet_since
            rest.answered(after_s)
            self._distrust_refusal(request)
            raise
        rest.answered_at = self._listener.quiet_since
        self._twice.answered(request.unit, request, exchange.head, self._listener.quiet_since)
        rest.answered(after_s)
        return reply

    def _distrust_refusal(self, request: Request) -> None:
        """Raises NoAnswer where it may be meant for a request whose answer was missed."""
        if self._owed.is_missed(request.unit, request.function, self._clock.monotonic()):
            detail = f"unit {request.unit} refused this or an earlier request; it is asked again"
            raise NoAnswer("no_answer", detail)

    def _await_silence(self, request: Request, head: bytes, rest: Rest) -> Steps[None]:
        unit, now = request.unit, self._clock.monotonic()
        silence_s = self._wire.repeat_s if head == self._last_head else self._wire.silence_s
        rested_at = rest.answered_at + rest.wait_s
        not_twice_at = self._twice.ready_at(unit, request, head, now)
        wait_s = max(self._listener.quiet_since + max(silence_s, self._rest_s), rested_at, not_twice_at) - now
        self._last_head = head
        if wait_s > 0:
            yield REST, now + wait_s, 0
        if heard := (yield READ, 0.0, 4096):
            yield from self._listener.drain(heard)
        else:
            self._twice.heard_nothing(unit, now + max(0.0, wait_s))
