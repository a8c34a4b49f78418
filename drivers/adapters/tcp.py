"""Modbus TCP over a socket of our own: each answer is checked for transaction, unit, function and count.

A time-out ends the connection: Modbus TCP has no checksum, so a late answer could fill up a broken one. For the same
reason bytes after an answer must be its double or padding, and no answer may end in another one's frame.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NoReturn

from drivers.adapters.frames import MBAP_BYTES, Transaction, tcp_transaction
from drivers.adapters.refusal import explain_refusal, wanted_by
from drivers.adapters.stepline import StepLine
from drivers.steps import OPEN, READ, REST, NetworkWire, Steps
from runtime.clock import Clock
from runtime.core.modbus.request import Request
from runtime.core.wire.doubt import Doubts
from runtime.errors import BadAnswer, LinkDown, NoAnswer

DOUBLED_KNOWN = 16  # doubled answers to so many earlier requests are dropped
LARGEST = 260  # bytes of the longest Modbus TCP frame
FIRST = 0x100  # transaction: far from the small numbers of gateways that do not repeat it
PADDING = 8  # so many zeros may follow an answer
FAREWELL_S = 0.02  # what closes each connection after its answer does so within this
STRANGERS = 2  # answers with foreign transactions in a row that are a habit
_MOST = 2 * LARGEST
_REMEMBERED = 4096


class TcpLine(StepLine[NetworkWire]):
    """One connection to a Modbus TCP gateway or device, one request at a time.

    echoes  answers repeat the transaction of their request, as the standard wants it; else the frame alone must fit
    """

    def __init__(
        self,
        connection: NetworkWire,
        clock: Clock,
        *,
        echoes: bool = True,
        rest_s: float = 0.0,
        rests: Mapping[int, float] = MappingProxyType({}),
        poll_gap_s: float = 0.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(connection, clock, rest_s=rest_s, rests=rests, poll_gap_s=poll_gap_s, sleep=sleep)
        self._echoes = echoes
        self._quiet_since = -math.inf
        self._lengths: set[tuple[int, bytes]] = set()  # of whole answers, and as their heads tell it
        self._left = b""  # after the last answer: the beginning of its double
        self._strangers = 0
        self._newest = Doubts(0.0)
        self._known: dict[Request, Transaction] = {}  # answered before: not what makes the other side hang up
        self._transaction = FIRST
        self._served = 0  # answers on this connection
        self._stays = False  # a connection served more than one request

    def opening(self) -> Steps[None]:
        """``open`` in steps."""
        yield OPEN, 0.0, 0
        self._served = 0
        self._left = b""

    def ready_at(self, unit: int) -> float:
        return 0.0  # a late answer comes on a connection that is no more

    def steps(self, request: Request, timeout_s: float) -> Steps[bytes]:
        """``transact`` in steps."""
        exchange = self._known.get(request)
        is_known = exchange is not None
        if exchange is None:
            exchange = self._prepare(request)
        if self._served and not (is_known and self._stays and not self._wire.has_ended()):
            yield from self._look_for_farewell()
        try:
            payload = yield from self._ask(request, exchange, timeout_s)
        except LinkDown as error:
            if not self._served or not is_known:
                raise self._explained(error) from error
        else:
            if not is_known and not request.is_write:
                self._note(request, exchange)
            return payload
        yield from self.opening()  # what it answered before it may be asked again
        return (yield from self._ask(request, exchange, timeout_s))

    def _prepare(self, request: Request) -> Transaction:
        exchange = tcp_transaction(request)
        if exchange.mark is not None:
            self._lengths.add(exchange.mark)
        return exchange

    def _note(self, request: Request, exchange: Transaction) -> None:
        """It was answered."""
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[request] = exchange

    def _look_for_farewell(self) -> Steps[None]:
        """It closes idle connections, or each after its answer: then connect anew before it is asked.

        A write is sent once only, and so is what may make it hang up.
        """
        try:
            self._left += yield READ, 0.0 if self._stays else self._clock.monotonic() + FAREWELL_S, _MOST
        except LinkDown:
            yield from self.opening()

    def _ask(self, request: Request, exchange: Transaction, timeout_s: float) -> Steps[bytes]:
        """Wait until the unit has rested, ask, take the answer, and learn how long it rests."""
        rest, began = self.rests.of(request.unit), self._clock.monotonic()
        wait_s = max(self._quiet_since + self._rest_s, rest.answered_at + rest.wait_s) - began
        if wait_s > 0:
            began += wait_s
            yield REST, began, 0
        until = began + timeout_s
        try:
            if not self._echoes:
                yield from self._start_clean()
            mark = self._send(exchange, timeout_s)
            reply = yield READ, until, _MOST
            if self._left or len(reply) != exchange.size or not reply.startswith(mark + exchange.head):
                reply = yield from self._sort_out(request, exchange, self._left + reply, until)
            payload = self._accepted(request, exchange, reply)
        except (NoAnswer, LinkDown):
            rest.failed(began - rest.answered_at)
            raise
        finally:
            self._quiet_since = self._clock.monotonic()
        rest.answered(began - rest.answered_at)
        rest.answered_at = self._quiet_since
        return payload

    def _send(self, exchange: Transaction, timeout_s: float) -> bytes:
        """The transaction it is sent with."""
        self._transaction = (self._transaction + 1) & 0xFFFF
        mark = self._transaction.to_bytes(2, "big")
        self._wire.send(mark + exchange.frame, timeout_s)
        return mark

    def _accepted(self, request: Request, exchange: Transaction, reply: bytes) -> bytes:
        """What was asked for. Raises BadAnswer for what cannot be told from another one's answer."""
        if self._ends_in_another(reply):
            self._reject(
                "bad_frame", f"{self._wire.name} breaks off an answer and begins another: {reply.hex(' ')[:60]}"
            )
        if not self._echoes and request.function <= 4:
            self._reject_double(request, exchange.head[4:], reply[2:])
        self._served += 1
        self._stays = self._stays or self._served > 1
        self._strangers = 0
        if not exchange.size:
            return exchange.payload_of(reply)
        return b"" if request.is_write else reply[2 + len(exchange.head) :]

    def _reject_double(self, request: Request, shape: bytes, answer: bytes) -> None:
        """Without transactions its bytes alone show that an answer is another one's; a connection's first is not."""
        now = self._clock.monotonic()
        if self._served and self._newest.repeats(request, shape, answer, now):
            self._reject("bad_transaction", f"unit {request.unit}: an answer to an earlier request")
        self._newest.accepted(request, shape, answer, now)

    def _start_clean(self) -> Steps[None]:
        """Where answers carry no transaction, whatever comes before the request makes the connection useless."""
        if self._left or (yield READ, 0.0, _MOST):
            yield from self.opening()

    def _sort_out(self, request: Request, exchange: Transaction, received: bytes, until: float) -> Steps[bytes]:
        """The answer in several pieces, after doubled ones, or not what it should be."""
        self._left = b""
        for _ in range(2 * DOUBLED_KNOWN):
            frame, received = yield from self._frame(request, received, until)
            behind = (self._transaction - int.from_bytes(frame[:2], "big")) & 0xFFFF if self._echoes else 0
            if behind > DOUBLED_KNOWN:
                self._reject_stranger(request, exchange, frame)
            if behind == 0:
                self._keep_left(frame, received)
                return self._checked(request, exchange, frame)
        return self._reject("bad_frame", f"{self._wire.name} floods the connection with answers to earlier requests")

    def _reject_stranger(self, request: Request, exchange: Transaction, frame: bytes) -> NoReturn:
        """Once it is a mishap; a gateway that never repeats the transaction is another thing."""
        self._strangers += frame.startswith(exchange.head, 2) and len(frame) == exchange.size
        if self._strangers >= STRANGERS and not self._served:
            detail = (
                f"{self._wire.name} does not repeat the transaction it is given ({frame[:2].hex()} instead of"
                f" {self._transaction:04x}): add transactions=any to its address if nobody else asks there"
            )
            self._reject("transaction_ignored", detail)
        self._reject("bad_transaction", f"unit {request.unit}: an answer to a request that was never sent")

    def _keep_left(self, frame: bytes, left: bytes) -> None:
        """Bytes after an answer: padding, its double, an earlier one's, or the end of one that filled this one up."""
        if len(left) <= PADDING and not left.strip(b"\0"):
            return
        if frame.startswith(left[:8]) or (len(left) >= 8 and self._is_head(left, 0)):
            self._left = left
            return
        heads = frame + left[:8]
        if any(self._is_head(heads, at) for at in range(MBAP_BYTES, len(frame))):
            self._reject("bad_frame", f"{self._wire.name} breaks off an answer and begins another")
        self.hang_up()  # bytes of another frame may be lost

    def _is_head(self, received: bytes, at: int) -> bool:
        """Does a frame of this or an earlier request begin there?"""
        behind = (self._transaction - int.from_bytes(received[at : at + 2], "big")) & 0xFFFF
        length = int.from_bytes(received[at + 4 : at + 6], "big")
        return behind <= DOUBLED_KNOWN and received[at + 2 : at + 4] == b"\0\0" and 3 <= length <= LARGEST - 6

    def _ends_in_another(self, reply: bytes) -> bool:
        """A frame that was cut off may have been filled up to the byte by the double of a shorter one."""
        size = len(reply)
        for shorter, length in self._lengths:
            if shorter < size and reply.startswith(length, size - shorter + 4) and self._is_head(reply, size - shorter):
                return True
        return False

    def _frame(self, request: Request, received: bytes, until: float) -> Steps[tuple[bytes, bytes]]:
        """One whole frame and the bytes after it."""
        received = yield from self._filled(request, received, MBAP_BYTES + 1, until)
        protocol, length = received[2:4], int.from_bytes(received[4:6], "big")
        if protocol != b"\0\0" or not 3 <= length <= LARGEST - 6:
            self._reject("bad_frame", f"{self._wire.name} sends what is no Modbus TCP: {received[:12].hex(' ')}")
        received = yield from self._filled(request, received, 6 + length, until)
        return received[: 6 + length], received[6 + length :]

    def _filled(self, request: Request, received: bytes, size: int, until: float) -> Steps[bytes]:
        while len(received) < size:
            more = yield READ, until, _MOST
            if not more:
                self._give_up(request, len(received))
            received += more
        return received

    def _give_up(self, request: Request, got: int) -> NoReturn:
        if got:
            self._reject("bad_frame", f"unit {request.unit}: the answer broke off after {got} bytes")
        self.hang_up()
        raise NoAnswer("no_answer", f"unit {request.unit} did not answer in time: check its power, wiring and address")

    def _checked(self, request: Request, exchange: Transaction, frame: bytes) -> bytes:
        unit, function = frame[6], frame[7]
        if unit != request.unit:
            self._reject("bad_unit", f"unit {request.unit} was asked and unit {unit} answered")
        if function == request.function | 0x80 and len(frame) == MBAP_BYTES + 2:
            self._served += 1
            raise explain_refusal(request, frame[8])
        if function != request.function:
            self._reject("bad_function", f"unit {unit} was asked function {request.function} and answered {function}")
        padding = frame[exchange.size :] if exchange.size else b""
        if padding and len(padding) <= PADDING and not padding.strip(b"\0") and frame[6:].startswith(exchange.head[4:]):
            return frame[: exchange.size]
        if not exchange.fits(frame):
            self._reject(
                "bad_count", f"unit {unit} was asked for {wanted_by(request)} and answered {frame[7:].hex(' ')[:40]}"
            )
        return frame

    def _reject(self, code: str, detail: str) -> NoReturn:
        self.hang_up()  # out of step: begin anew
        raise BadAnswer(code, detail)

    def _explained(self, error: LinkDown) -> LinkDown:
        if error.code == "link_lost" and not self._served:
            return LinkDown(
                error.code,
                f"{error.message} without an answer: it may allow one connection only, see who else reads it",
            )
        return error
