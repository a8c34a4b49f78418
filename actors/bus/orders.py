"""What others want of a bus's line, one transaction ahead of the plan: reads, and writes with their permit."""

from __future__ import annotations

from collections.abc import Callable

from actors.bus.buslog import BusLog
from actors.bus.exchange import Exchange
from actors.bus.link import Link
from actors.bus.writer import Writer
from actors.mailbox.reply import answer, refuse
from actors.message.device import PassThrough, Perform, WriteNow, Written
from drivers.line import refuse_suspect
from drivers.steps import Steps
from runtime.clock import Clock
from runtime.core.view import Trouble
from runtime.errors import DriverError, NoAnswer, WattkeeperError


class Orders:
    """Part of a bus. A unit of which an answer may be under way is waited for.

    later   delivers a message to the bus after so many seconds
    report  takes what the gateway gets
    """

    def __init__(
        self,
        clock: Clock,
        link: Link,
        log: BusLog,
        later: Callable[[float, object], None],
        report: Callable[[Written], object],
    ) -> None:
        self._clock, self._link, self._log, self._later, self._report = clock, link, log, later, report

    def perform(self, exchange: Exchange | None, message: Perform | PassThrough) -> Steps[None]:
        """Answers or refuses its reply box, unless it comes again later."""
        request, now = message.request, self._clock.monotonic()
        if request.is_write and not self._may_write(message):
            refuse(message.reply, WattkeeperError("write_not_permitted", "whoever writes needs a permit"))
            return
        if exchange is None or now >= message.deadline:
            error = NoAnswer("no_answer", "the line did not get to it in time")
            refuse(message.reply, self._link.error() or error)
            return
        ready_at = exchange.line.ready_at(request.unit)
        if now < ready_at < message.deadline:
            self._later(ready_at - now, message)
            return
        yield from self._ask(exchange, message, now)

    def _may_write(self, message: Perform | PassThrough) -> bool:
        permit = message.permit if isinstance(message, PassThrough) else None
        return permit is not None and permit.allows(message.request, self._clock.now_ts())

    def _ask(self, exchange: Exchange, message: Perform | PassThrough, began: float) -> Steps[None]:
        request, line = message.request, exchange.line
        try:
            if not line.is_open:
                yield from exchange.opening()
                self._link.note(None)
            payload = yield from exchange.transact(request, min(message.timeout_s, message.deadline - began))
            refuse_suspect(line, request, payload)
        except DriverError as error:
            self._log.spoke(request, began, None, error.code, error.message)
            refuse(message.reply, error)
        except ValueError as error:
            refuse(message.reply, WattkeeperError("request_invalid", str(error)))
        else:
            self._log.spoke(request, began, payload)
            answer(message.reply, payload)

    def write(self, exchange: Exchange | None, message: WriteNow) -> Steps[None]:
        """Reports ``Written`` to the gateway, unless it comes again later."""
        if exchange is None:
            self._report_unwritten(message, self._link.trouble)
            return
        line, now = exchange.line, self._clock.monotonic()
        ready_at = max((line.ready_at(request.unit) for request in message.writes + message.reads), default=0.0)
        if now < ready_at:
            if ready_at < message.deadline:
                self._later(ready_at - now, message)
            else:
                self._report_unwritten(message, Trouble("command_late", "the device does not answer", 0))
            return
        try:
            written = yield from Writer(line, self._clock, self._log.spoke, exchange).steps(message)
        except DriverError as error:
            self._link.note(error)
            self._report_unwritten(message, self._link.trouble)
            return
        if line.is_open:
            self._link.note(None)
        self._report(written)

    def _report_unwritten(self, message: WriteNow, trouble: Trouble | None) -> None:
        code, detail = (trouble.code, trouble.message) if trouble else ("gateway_off", "there is no line yet")
        now_ms = self._clock.now_ms()
        self._report(Written(message.serial, message.incarnation, now_ms, 0, (), code, detail, refused=True))
