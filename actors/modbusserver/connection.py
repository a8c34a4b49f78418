"""One master's connection: requests in, answers out in the same order."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol, cast

from runtime.core.modbus.answer import WRITES, RegisterImage, answer_read, exception
from runtime.core.modbus.frame import FramedRequest, NotModbus, cut_requests, frame_answer

BUFFER_BYTES = 1024  # read at once: some 85 requests, then it is somebody else's turn
UNREAD_BYTES = 16 * 1024  # of answers that a master does not take; then it is not read any more
READ_BYTES = 12  # of a read in its frame
_SIX_FOLLOW = b"\0\0\0\x06"  # protocol and length in its head
MOST_WAITING = 64  # requests behind one that is passed through; then nothing is read for a while


class Shared(Protocol):
    """What all connections of a server have in common.

    is_slow  the rest of the process is busy: connections rest after their answers
    """

    is_slow: bool

    def image(self, unit: int) -> RegisterImage | None: ...

    def enter(self, connection: Connection, address: str) -> bool:
        """False = it may not, or there are too many."""

    def leave(self, connection: Connection) -> None: ...

    def now(self) -> float:
        """Monotonic seconds."""

    def rest_s(self, connection: Connection, answers: int) -> float:
        """How long it is not read after so many answers; 0 = it is read on."""

    def wake(self, connection: Connection, after_s: float) -> None:
        """Calls its ``end_rest`` then."""

    def note_write(self, connection: Connection, unit: int, function: int) -> None:
        """It wanted to write where nobody may."""

    def identify(self, unit: int, pdu: bytes) -> bytes:
        """The answer to function 43."""

    def pass_through(self, connection: Connection, unit: int, pdu: bytes, answered: Answered) -> bytes | None:
        """The answer where there is one at once; None = ``answered`` gets it, once."""


class Answered(Protocol):
    def __call__(self, pdu: bytes, /) -> None: ...


class Connection(asyncio.BufferedProtocol):
    """Made for each master that connects. ``buffer`` is shared: what is in it is taken out before another one reads.

    requests  how many were complete
    last_at   monotonic time of its last complete request, or of its coming
    begun_at  when the frame began that is not complete yet, None = there is none
    """

    def __init__(self, shared: Shared, buffer: bytearray, now: float) -> None:
        self._shared, self._buffer, self._view = shared, buffer, memoryview(buffer)
        self.address, self.requests = "", 0
        self.last_at, self.begun_at = now, cast("float | None", None)
        self._left = b""
        self._waiting: deque[FramedRequest] = deque()
        self._is_passing = self._is_full = self._is_resting = False
        self._transport: asyncio.Transport | None = None

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # ---- what asyncio reports

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(UNREAD_BYTES)
        name = transport.get_extra_info("peername")
        self.address = name[0] if name else ""
        if not self._shared.enter(self, self.address):
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._waiting.clear()
        self._transport = None
        self._shared.leave(self)

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        stream = bytes(self._view[:nbytes])
        if nbytes == READ_BYTES and not self._left and not self._is_passing and self._answer_one(stream):
            return
        try:
            requests, self._left = cut_requests(self._left + stream if self._left else stream)
        except NotModbus:
            self.close()
            return
        self._note(len(requests))
        if self._is_passing:
            self._waiting += requests
            self._throttle()
        elif requests:
            self._answer(requests)

    def _answer_one(self, frame: bytes) -> bool:
        """The usual case, a whole read of registers by itself, without detours; False = it is something else."""
        image = self._shared.image(frame[6])
        if image is None or frame[2:6] != _SIX_FOLLOW or frame[7] not in (3, 4):
            return False
        self.requests += 1
        self.last_at, self.begun_at = self._shared.now(), None
        pdu = answer_read(frame[7:], image)
        self._write(b"%b%b%b%b" % (frame[:4], (len(pdu) + 1).to_bytes(2, "big"), frame[6:7], pdu))
        if self._shared.is_slow:
            self._rest(1)
        return True

    def _note(self, complete: int) -> None:
        if complete:
            self.requests += complete
            self.last_at, self.begun_at = self._shared.now(), None
        elif self.begun_at is None:
            self.begun_at = self._shared.now()

    def eof_received(self) -> bool:
        """Half a connection is none."""
        return False

    def pause_writing(self) -> None:
        self._is_full = True
        self._throttle()

    def resume_writing(self) -> None:
        self._is_full = False
        self._throttle()

    # ---- answers

    def _answer(self, requests: list[FramedRequest] | deque[FramedRequest]) -> None:
        """As far as it goes at once; what comes behind a request that is passed through waits for it."""
        answers = []
        shared = self._shared
        for number, (transaction, unit, pdu) in enumerate(requests):
            image = shared.image(unit)
            if image is not None:
                answer: bytes | None = answer_read(pdu, image) if pdu[0] in (3, 4) else self._other(unit, pdu)
            else:
                answer = self._pass(transaction, unit, pdu)
            if answer is None:
                self._waiting.extend(list(requests)[number + 1 :])
                break
            answers.append(frame_answer(transaction, unit, answer))
        self._write(b"".join(answers))
        if self._shared.is_slow:
            self._rest(len(answers))
        self._throttle()

    def _other(self, unit: int, pdu: bytes) -> bytes:
        if pdu[0] in WRITES:
            self._shared.note_write(self, unit, pdu[0])
        if pdu[0] == 43:
            return self._shared.identify(unit, pdu)
        return exception(pdu[0] & 0x7F, 1)

    def _pass(self, transaction: int, unit: int, pdu: bytes) -> bytes | None:
        def answered(answer: bytes) -> None:
            self._write(frame_answer(transaction, unit, answer))
            self._is_passing = False
            waiting, self._waiting = self._waiting, deque()
            self._answer(waiting)

        self._is_passing = True
        answer = self._shared.pass_through(self, unit, pdu, answered)
        self._is_passing = answer is None
        return answer

    def _write(self, octets: bytes) -> None:
        if octets and self._transport is not None and not self._transport.is_closing():
            self._transport.write(octets)

    def _rest(self, answers: int) -> None:
        rest_s = self._shared.rest_s(self, answers)
        if rest_s and not self._is_resting and self._transport is not None and not self._transport.is_closing():
            self._is_resting = True
            self._transport.pause_reading()
            self._shared.wake(self, rest_s)

    def end_rest(self) -> None:
        self._is_resting = False
        self._throttle()

    def _throttle(self) -> None:
        """Nothing is read while the master does not take answers, too much of it waits, or it rests."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if self._is_full or self._is_resting or len(self._waiting) >= MOST_WAITING:
            transport.pause_reading()
        else:
            transport.resume_reading()
