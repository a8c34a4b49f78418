"""Writes on a bus's line, each with its permit and read back at once: the last place before the wire."""

from __future__ import annotations

from collections.abc import Callable

from actors.bus.exchange import Blocking, Exchange
from actors.message.device import WriteNow, Written
from drivers.line import Line, refuse_suspect
from drivers.steps import Steps, without_waiting
from runtime.clock import Clock
from runtime.core.source.query import Query
from runtime.errors import DriverError, Refused

Note = Callable[[Query, float, bytes | None, str, str], None]  # request, began, payload, code, detail


class Writer:
    """Carries out one ``WriteNow``. A write is sent once only; what became of it tells the reading.

    note      keeps each transaction for whoever looks at the line
    exchange  asks the line in steps; None = it is asked and waited for
    """

    def __init__(self, line: Line, clock: Clock, note: Note, exchange: Exchange | None = None) -> None:
        self._line = line
        self._exchange = exchange or Blocking(line)
        self._clock = clock
        self._note = note

    def perform(self, message: WriteNow) -> Written:
        """Raises LinkDown when the line cannot be opened: nothing was sent."""
        return without_waiting(self.steps(message))

    def steps(self, message: WriteNow) -> Steps[Written]:
        """The same in steps."""
        refusal = self._refusal(message)
        if refusal is not None:
            return self._written(message, 0, (), *refusal, refused=True)
        if not self._line.is_open:
            yield from self._exchange.opening()
        sent, code, detail, refused = yield from self._write(message)
        return self._written(message, sent, (yield from self._read(message)), code, detail, refused=refused)

    def _refusal(self, message: WriteNow) -> tuple[str, str] | None:
        if any(request.is_write for request in message.reads):
            return "write_not_permitted", "a write among what should be read"
        if not message.writes:
            return None
        if self._clock.monotonic() >= message.deadline:
            return "command_late", "the line did not get to it in time, so nothing was written"
        now_ts, permit = self._clock.now_ts(), message.permit
        if permit is None or not all(permit.allows(request, now_ts) for request in message.writes):
            return "write_not_permitted", "nothing is written to this unit without a permit"
        return None

    def _write(self, message: WriteNow) -> Steps[tuple[int, str, str, bool]]:
        """Returns how many were sent, and why it ended early. What follows a write that failed is not sent."""
        for sent, request in enumerate(message.writes):
            began = self._clock.monotonic()
            if began >= message.deadline:
                return sent, "command_late", "time was up before all of it was written", sent == 0
            try:
                payload = yield from self._exchange.transact(request, message.timeout_s)
            except DriverError as error:
                self._note(request, began, None, error.code, error.message)
                return sent + 1, error.code, error.message, isinstance(error, Refused)
            except ValueError as error:
                return sent, "request_invalid", str(error), True
            self._note(request, began, payload, "", "")
        return len(message.writes), "", "", False

    def _read(self, message: WriteNow) -> Steps[tuple[bytes | None, ...]]:
        payloads = []
        for request in message.reads:
            payloads.append((yield from self._read_one(request, message.timeout_s)))
        return tuple(payloads)

    def _read_one(self, request: Query, timeout_s: float) -> Steps[bytes | None]:
        began = self._clock.monotonic()
        try:
            if not self._line.is_open:
                yield from self._exchange.opening()
            payload = yield from self._exchange.transact(request, timeout_s)
            refuse_suspect(self._line, request, payload)
        except DriverError as error:
            self._note(request, began, None, error.code, error.message)
            return None
        self._note(request, began, payload, "", "")
        return payload

    def _written(
        self,
        message: WriteNow,
        sent: int,
        payloads: tuple[bytes | None, ...],
        code: str = "",
        detail: str = "",
        *,
        refused: bool = False,
    ) -> Written:
        return Written(message.serial, message.incarnation, self._clock.now_ms(), sent, payloads, code, detail, refused)
