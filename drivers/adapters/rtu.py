"""Modbus RTU on a serial port or through a TCP serial server; an answer never lands at the wrong request.

RTU frames carry no transaction: an answer that comes after its time-out fits any later request to that unit with the
same function and count. So after a failure the line is drained until it is silent, the unit is left alone for
``late_max_s``, and the next thing it is asked is a probe that differs in size both from what failed and from what is
wanted then.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn, Protocol

from drivers.adapters.frames import Transaction, is_sound, rtu_transaction
from drivers.adapters.refusal import explain_refusal
from drivers.adapters.rtuhearing import explain_noise, find_frame, probe_for
from drivers.line import LATE_MAX_S
from runtime.clock import Clock
from runtime.core.modbus.request import Request
from runtime.core.poll.timeout import GAP_MOST_S, Gap
from runtime.errors import BadAnswer, DriverError, LinkDown, NoAnswer, Refused

TURNAROUND_S = 0.1  # after a broadcast, which nobody answers (Modbus over serial line V1.02, 2.4.1)
BABBLE_S = 1.0  # a line that does not fall silent within this is useless
QUIET_S = 0.02  # silence after which a garbled answer is known to be over
_LARGEST = 256
_REMEMBERED = 4096


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
    def open(self) -> None: ...
    def send(self, frame: bytes, within_s: float) -> None: ...
    def receive(self, most: int, wait_s: float) -> bytes: ...
    def hang_up(self) -> None: ...
    def wake(self) -> None: ...


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
    """

    def __init__(
        self,
        wire: Wire,
        clock: Clock,
        *,
        late_max_s: float = LATE_MAX_S,
        echo: bool = False,
        reconnects: bool = False,
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
        self._gaps: dict[int, Gap] = {}

    @property
    def is_open(self) -> bool:
        return self._wire.is_open

    def open(self) -> None:
        with self._in_use:
            self._wire.open()
            self._quiet_since = self._clock.monotonic()

    def ready_at(self, unit: int) -> float:
        doubt = self._doubts.get(unit)
        return 0.0 if doubt is None else doubt.until

    def transact(self, request: Request, timeout_s: float) -> bytes:
        exchange = self._exchanges.get(request) or self._prepare(request)
        with self._in_use:
            if not self._wire.is_open:
                raise LinkDown("link_lost", f"{self._wire.name} is not open")
            if request.unit in self._doubts:
                self._clear_up(self._doubts[request.unit], request, timeout_s)
            return self._ask(request, exchange, timeout_s)

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

    # ---- after a failure

    def _clear_up(self, doubt: _Doubt, wanted: Request, timeout_s: float) -> None:
        """Find out whether the unit is in step again. Raises NoAnswer when it is too early or the unit is silent."""
        left_s = doubt.until - self._clock.monotonic()
        if left_s > 0:
            detail = (
                f"unit {wanted.unit} may still be answering an earlier request; it is asked again in {left_s:.1f} s"
            )
            raise NoAnswer("no_answer", detail)
        probe = probe_for(doubt.request, wanted)
        with suppress(Refused):  # the unit is there, and the size of the probe keeps its late answers away
            self._ask(probe, self._exchanges.get(probe) or self._prepare(probe), timeout_s)
        del self._doubts[wanted.unit]

    def _fail(self, request: Request, error: DriverError, late_s: float) -> NoReturn:
        try:
            if self._reconnects:
                self._wire.hang_up()
            else:
                self._drain()
        finally:
            self._doubts[request.unit] = _Doubt(request, self._clock.monotonic() + late_s)
        raise error

    def _drain(self) -> None:
        """Wait until the line is silent and forget what it said."""
        silence_s = max(3 * self._wire.silence_s, QUIET_S)
        until = self._clock.monotonic() + BABBLE_S
        while self._wire.receive(4096, silence_s):
            if self._clock.monotonic() > until:
                self._wire.hang_up()
                raise LinkDown(
                    "link_babbles", f"{self._wire.name} never falls silent: check wiring, termination, baud rate"
                )
        self._quiet_since = self._clock.monotonic()

    # ---- one exchange

    def _ask(self, request: Request, exchange: Transaction, timeout_s: float) -> bytes:
        gap = self._gaps.setdefault(request.unit, Gap())
        self._await_silence(exchange.head, gap.extra_s)
        pressed = self._clock.monotonic() - self._quiet_since < GAP_MOST_S
        sent_s = len(exchange.frame) * self._wire.character_s
        self._wire.send(exchange.frame, sent_s + timeout_s)
        if request.unit == 0:
            self._sleep(sent_s + TURNAROUND_S)
            return b""
        until = self._clock.monotonic() + sent_s + timeout_s + exchange.size * self._wire.character_s
        try:
            reply = self._listen(request, exchange, until)
            gap.answered()
        except (BadAnswer, NoAnswer) as error:
            if pressed:
                gap.failed()
            garbled = error.code == "bad_crc"  # that was the answer: only a probe is needed
            self._fail(request, error, 0.0 if garbled else self._late_max_s)
        except LinkDown:
            self._doubts[request.unit] = _Doubt(request, self._clock.monotonic() + self._late_max_s)
            raise
        return b"" if request.function > 4 else reply[len(exchange.head) : -2]

    def _await_silence(self, head: bytes, extra_s: float) -> None:
        silence_s = (self._wire.repeat_s if head == self._last_head else self._wire.silence_s) + extra_s
        wait_s = self._quiet_since + silence_s - self._clock.monotonic()
        self._last_head = head
        if wait_s > 0:
            self._sleep(wait_s)
        if self._wire.receive(4096, 0.0):
            self._drain()

    def _listen(self, request: Request, exchange: Transaction, until: float) -> bytes:
        """Bytes until the answer is whole. What is not part of it (noise, late answers of others) is passed over."""
        heard = self._hear_echo(exchange, until) if self._echo else b""
        while len(heard) <= _LARGEST * 4:
            heard += self._more(request, exchange, heard, until)
            if heard.startswith(exchange.head):
                if len(heard) < exchange.size:
                    continue
                if len(heard) == exchange.size and is_sound(heard):
                    return heard
            answer = find_frame(heard, exchange.head, exchange.size)
            if answer:
                return answer
            refusal = find_frame(heard, bytes([request.unit, request.function | 0x80]), 5)
            if refusal:
                raise explain_refusal(request, refusal[2])
        raise BadAnswer("bad_frame", f"unit {request.unit}: {len(heard)} bytes without an answer among them")

    def _more(self, request: Request, exchange: Transaction, heard: bytes, until: float) -> bytes:
        missing = exchange.size - len(heard)
        garbled = missing <= 0 and heard.startswith(exchange.head)
        if heard and missing > 0:
            self._doze(missing if len(heard) > 1 and heard[1] == request.function else 5 - len(heard))
        left_s = until - self._clock.monotonic()
        more = self._wire.receive(missing if missing > 0 else _LARGEST, min(left_s, QUIET_S) if garbled else left_s)
        self._quiet_since = self._clock.monotonic()
        if more:
            return more
        if heard:
            raise explain_noise(request, exchange, heard)
        raise NoAnswer("no_answer", f"unit {request.unit} did not answer in time: check its power, wiring and address")

    def _doze(self, missing: int) -> None:
        """Sleep while bytes are known to be on the wire: one wake-up instead of one for every few of them."""
        if missing > 2:
            self._sleep(min((missing - 1) * self._wire.character_s, 0.1))

    def _hear_echo(self, exchange: Transaction, until: float) -> bytes:
        echo = b""
        while len(echo) < len(exchange.frame):
            more = self._wire.receive(len(exchange.frame) - len(echo), until - self._clock.monotonic())
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
