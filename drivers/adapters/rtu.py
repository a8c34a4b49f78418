"""Modbus RTU on a serial port or through a TCP serial server; an answer never lands at the wrong request.

RTU frames carry no transaction: an answer that comes after its time-out fits any later request to that unit with the
same function and count. So after a failure the line is drained until it is silent, the unit is left alone for
``late_max_s``, and the next thing it is asked is a probe that differs in size both from what failed and from what is
wanted then. What still comes of that size later than that is suspect (``Doubts``); an answer that came a moment ago, to
the byte, is believed once a probe shows that nothing else was on its way.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import NoReturn, TypeVar

from drivers.adapters.frames import Transaction, is_sound, rtu_transaction
from drivers.adapters.refusal import explain_refusal
from drivers.adapters.rtuhearing import answer_size, explain_noise, find_frame, probe_for, sound_frames
from drivers.line import LATE_MAX_S
from drivers.steps import OPEN, READ, REST, BlockingWire, Steps, Wire, carry_out
from runtime.clock import Clock
from runtime.core.modbus.request import Request
from runtime.core.wire.doubt import Doubts
from runtime.core.wire.rest import Rest, Rests
from runtime.core.wire.twice import Twice
from runtime.errors import BadAnswer, DriverError, LinkDown, NoAnswer, Refused

TURNAROUND_S = 0.1  # after a broadcast, which nobody answers (Modbus over serial line V1.02, 2.4.1)
BABBLE_S = 1.0  # a line that does not fall silent within this is useless
QUIET_S = 0.02  # silence after which a garbled answer is known to be over
_LARGEST = 256
_BABBLE_BYTES = 16 * _LARGEST
_REMEMBERED = 4096
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A request of which an answer may still come."""

    request: Request
    until: float  # monotonic


class RtuLine:
    """One RTU bus and its only master.

    late_max_s  how long after a time-out an answer may still come
    echo        the adapter hears what it sends itself (two-wire adapters without echo suppression)
    reconnects  a failure also ends the connection (serial servers)
    rest_s      least time from any answer to the next request; rests: the same of single units, where more is needed
    poll_gap_s  least time from the begin of one poll to the next
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
        self._wire = wire
        self._clock = clock
        self._late_max_s = late_max_s
        self._echo = echo
        self._reconnects = reconnects
        self._sleep = sleep
        self._in_use = threading.Lock()
        self._exchanges: dict[Request, Transaction] = {}
        self._doubts: dict[int, _Doubt] = {}
        self._quiet_since = 0.0
        self._last_head = b""
        self._rest_s = rest_s
        self.poll_gap_s = poll_gap_s
        self.rests = Rests(rests)
        self._asked: dict[int, Request] = {}  # unit -> the newest read
        self._owed = Doubts(late_max_s)
        self._twice = Twice()
        self._passed: list[bytes] = []  # sound frames that were passed over
        self.is_suspect = False

    @property
    def is_open(self) -> bool:
        return self._wire.is_open

    @property
    def wire(self) -> Wire:
        return self._wire

    def open(self) -> None:
        with self._in_use:
            self._carry_out(self.opening())

    def opening(self) -> Steps[None]:
        """``open`` in steps."""
        yield OPEN, 0.0, 0
        self._quiet_since = self._clock.monotonic()

    def ready_at(self, unit: int) -> float:
        doubt = self._doubts.get(unit)
        return 0.0 if doubt is None else doubt.until

    def transact(self, request: Request, timeout_s: float) -> bytes:
        with self._in_use:
            return self._carry_out(self.steps(request, timeout_s))

    def steps(self, request: Request, timeout_s: float) -> Steps[bytes]:
        """``transact`` in steps."""
        exchange = self._exchanges.get(request) or self._prepare(request)
        if not self._wire.is_open:
            raise LinkDown("link_lost", f"{self._wire.name} is not open")
        if request.unit in self._doubts:
            yield from self._clear_up(self._doubts[request.unit], request, timeout_s)
        return (yield from self._believed(request, exchange, timeout_s))

    def _carry_out(self, steps: Steps[R]) -> R:
        return carry_out(steps, self._wire, self._clock, self._sleep)

    def take_stray(self) -> set[int]:
        return self._owed.take_stray()

    def hang_up(self) -> None:
        self._wire.hang_up()

    def close(self) -> None:
        self._wire.wake()
        if self._in_use.acquire(timeout=1.0):
            self._wire.hang_up()
            self._in_use.release()

    def _prepare(self, request: Request) -> Transaction:
        if len(self._exchanges) >= _REMEMBERED:
            self._exchanges.clear()
        exchange = self._exchanges[request] = rtu_transaction(request)
        return exchange

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
        exchange = self._exchanges.get(probe) or self._prepare(probe)
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
                yield from self._drain()
        finally:
            self._doubts[request.unit] = _Doubt(request, self._clock.monotonic() + late_s)
        raise error

    def _drain(self, heard: bytes = b"") -> Steps[None]:
        """Wait until the line is silent; what it said is for nobody."""
        silence_s = max(3 * self._wire.silence_s, QUIET_S)
        until = self._clock.monotonic() + BABBLE_S
        while more := (yield READ, self._clock.monotonic() + silence_s, 4096):
            heard = (heard + more)[-_BABBLE_BYTES:]
            if self._clock.monotonic() > until:
                self._wire.hang_up()
                raise LinkDown(
                    "link_babbles", f"{self._wire.name} never falls silent: check wiring, termination, baud rate"
                )
        self._pass_over(heard)
        self._quiet_since = self._clock.monotonic()

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
        most = exchange.size or _LARGEST
        until = self._clock.monotonic() + sent_s + timeout_s + most * self._wire.character_s
        try:
            reply = yield from self._listen(request, exchange, until)
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
            rest.answered_at = self._quiet_since
            rest.answered(after_s)
            self._distrust_refusal(request)
            raise
        rest.answered_at = self._quiet_since
        self._twice.answered(request.unit, request, exchange.head, self._quiet_since)
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
        wait_s = max(self._quiet_since + max(silence_s, self._rest_s), rested_at, not_twice_at) - now
        self._last_head = head
        if wait_s > 0:
            yield REST, now + wait_s, 0
        if heard := (yield READ, 0.0, 4096):
            yield from self._drain(heard)
        else:
            self._twice.heard_nothing(unit, now + max(0.0, wait_s))

    def _listen(self, request: Request, exchange: Transaction, until: float) -> Steps[bytes]:
        """Bytes until the answer is whole. What is not part of it (noise, late answers of others) is passed over."""
        heard = (yield from self._hear_echo(exchange, until)) if self._echo else b""
        while len(heard) <= _LARGEST * 4:
            heard += yield from self._more(request, exchange, heard, until)
            if heard.startswith(exchange.head):
                if len(heard) < exchange.size:
                    continue
                if len(heard) == exchange.size and is_sound(heard):
                    return heard
            answer = find_frame(heard, exchange.head, exchange.size)
            if answer:
                self._pass_over(heard.replace(answer, b"", 1))
                return answer
            refusal = find_frame(heard, bytes([request.unit, request.function | 0x80]), 5)
            if refusal:
                self._pass_over(heard.replace(refusal, b"", 1))
                raise explain_refusal(request, refusal[2])
        raise BadAnswer("bad_frame", f"unit {request.unit}: {len(heard)} bytes without an answer among them")

    def _more(self, request: Request, exchange: Transaction, heard: bytes, until: float) -> Steps[bytes]:
        missing = answer_size(exchange, heard) - len(heard)
        garbled = missing <= 0 and heard.startswith(exchange.head)
        if heard and missing > 0:
            yield from self._doze(missing if len(heard) > 1 and heard[1] == request.function else 5 - len(heard))
        waited = min(until, self._clock.monotonic() + QUIET_S) if garbled else until
        more = yield READ, waited, missing if missing > 0 else _LARGEST
        self._quiet_since = self._clock.monotonic()
        if more:
            return more
        if heard:
            self._pass_over(heard)
            raise explain_noise(request, exchange, heard)
        raise NoAnswer("no_answer", f"unit {request.unit} did not answer in time: check its power, wiring and address")

    def _doze(self, missing: int) -> Steps[None]:
        """Sleep while bytes are known to be on the wire: one wake-up instead of one for every few of them."""
        if missing > 2:
            yield REST, self._clock.monotonic() + min((missing - 1) * self._wire.character_s, 0.1), 0

    def _hear_echo(self, exchange: Transaction, until: float) -> Steps[bytes]:
        echo = b""
        while len(echo) < len(exchange.frame):
            more = yield READ, until, len(exchange.frame) - len(echo)
            if not more:
                raise BadAnswer(
                    "bad_frame", f"{self._wire.name} does not echo what is sent: remove echo=1 from its address"
                )
            echo += more
        if echo != exchange.frame:
            raise BadAnswer(
                "bad_frame", f"{self._wire.name} echoes other bytes than were sent: two masters on one bus?"
            )
        return b""
