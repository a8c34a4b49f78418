"""Modbus TCP over a socket of our own: each answer is checked for transaction, unit, function and count.

A time-out ends the connection: Modbus TCP has no checksum, so a late answer could fill up a broken one.
"""

from __future__ import annotations

import threading
from typing import NoReturn

from drivers.adapters.connection import Connection
from drivers.adapters.frames import MBAP_BYTES, Transaction, tcp_transaction
from drivers.adapters.refusal import explain_refusal
from runtime.clock import Clock
from runtime.core.modbus.request import Request
from runtime.errors import BadAnswer, LinkDown, NoAnswer

DOUBLED_KNOWN = 16  # doubled answers to so many earlier requests are dropped
LARGEST = 260  # bytes of the longest Modbus TCP frame
_REMEMBERED = 4096


class TcpLine:
    """One connection to a Modbus TCP gateway or device, one request at a time."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._peer = connection
        self._clock = clock
        self._in_use = threading.Lock()
        self._exchanges: dict[Request, Transaction] = {}
        self._transaction = 0
        self._served = 0  # answers on this connection

    @property
    def is_open(self) -> bool:
        return self._peer.is_open

    def open(self) -> None:
        with self._in_use:
            self._reopen()

    def _reopen(self) -> None:
        self._peer.open()
        self._served = 0

    def ready_at(self, unit: int) -> float:
        return 0.0  # a late answer comes on a connection that is no more

    def transact(self, request: Request, timeout_s: float) -> bytes:
        exchange = self._exchanges.get(request) or self._prepare(request)
        with self._in_use:
            if request.function > 4 and self._served:
                self._look_for_farewell()
            try:
                return self._ask(request, exchange, timeout_s)
            except LinkDown as error:
                if not self._served or request.function > 4:
                    raise self._explained(error) from error
            self._reopen()  # it closes idle connections, or each after its answer: a read may be asked again
            return self._ask(request, exchange, timeout_s)

    def hang_up(self) -> None:
        self._peer.hang_up()

    def close(self) -> None:
        self._peer.wake()
        if self._in_use.acquire(timeout=1.0):
            self._peer.hang_up()
            self._in_use.release()

    def _prepare(self, request: Request) -> Transaction:
        if len(self._exchanges) >= _REMEMBERED:
            self._exchanges.clear()
        exchange = self._exchanges[request] = tcp_transaction(request)
        return exchange

    def _look_for_farewell(self) -> None:
        """A write is sent once only, so find out first whether the other side has closed meanwhile."""
        try:
            self._peer.receive(LARGEST, 0)
        except LinkDown:
            self._reopen()

    def _ask(self, request: Request, exchange: Transaction, timeout_s: float) -> bytes:
        self._transaction = (self._transaction + 1) & 0xFFFF
        mark = self._transaction.to_bytes(2, "big")
        until = self._clock.monotonic() + timeout_s
        self._peer.send(mark + exchange.frame, timeout_s)
        reply = self._peer.receive(exchange.size, timeout_s)
        head = exchange.head
        edge = 2 + len(head)
        if reply[2:edge] != head or reply[:2] != mark or len(reply) != exchange.size:
            reply = self._sort_out(request, exchange, reply, until)
        self._served += 1
        return b"" if request.function > 4 else reply[edge:]

    def _sort_out(self, request: Request, exchange: Transaction, received: bytes, until: float) -> bytes:
        """The answer in several pieces, after doubled ones, or not what it should be."""
        for _ in range(2 * DOUBLED_KNOWN):
            frame, received = self._frame(request, received, until)
            behind = (self._transaction - int.from_bytes(frame[:2], "big")) & 0xFFFF
            if behind > DOUBLED_KNOWN:
                self._reject("bad_transaction", f"unit {request.unit}: an answer to a request that was never sent")
            if behind == 0:
                if received:  # bytes of another frame are lost with this buffer
                    self.hang_up()
                return self._checked(request, exchange, frame)
        return self._reject("bad_frame", f"{self._peer.name} floods the connection with answers to earlier requests")

    def _frame(self, request: Request, received: bytes, until: float) -> tuple[bytes, bytes]:
        """One whole frame and the bytes after it."""
        received = self._filled(request, received, MBAP_BYTES + 1, until)
        protocol, length = received[2:4], int.from_bytes(received[4:6], "big")
        if protocol != b"\0\0" or not 3 <= length <= LARGEST - 6:
            self._reject("bad_frame", f"{self._peer.name} sends what is no Modbus TCP: {received[:12].hex(' ')}")
        received = self._filled(request, received, 6 + length, until)
        return received[: 6 + length], received[6 + length :]

    def _filled(self, request: Request, received: bytes, size: int, until: float) -> bytes:
        while len(received) < size:
            more = self._peer.receive(size - len(received), until - self._clock.monotonic())
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
        if len(frame) != exchange.size or not frame.startswith(exchange.head, 2):
            wanted = f"{request.count} at {request.at}"
            self._reject("bad_count", f"unit {unit} was asked for {wanted} and answered {frame[7:].hex(' ')[:40]}")
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
