"""Requests for units on the bus: on their way to it, and their answers back to the event loop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from functools import partial

from actors.mailbox.reply import Forwarded
from actors.message.device import PassThrough
from actors.modbusserver.connection import Answered
from runtime.core.device.permit import permit_for_master
from runtime.core.modbus.answer import DEVICE_BUSY, PATH_UNAVAILABLE, TARGET_SILENT, WRITES, exception
from runtime.core.modbus.passedread import PASSED_WRITES, passed_answer, passed_refusal, passed_request, passed_write
from runtime.core.modbus.request import Request
from runtime.core.modbus.serverresource import ModbusServerSpec, passed_units, permitted_units
from runtime.core.modbusserver.ratelimit import RateLimit

TIMEOUT_S = 1.0  # of the device
WITHIN_S = 5.0  # in the queue of the bus and on it
GRACE_S = 2.0  # then the bus is not waited for any more


class Passing:
    """Lives on the event loop. ``post`` gives an actor a message; False = nobody of that name is there."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        spec: ModbusServerSpec,
        post: Callable[[str, object], bool],
        monotonic: Callable[[], float],
        on_refused: Callable[[str, int, int], None],
        on_written: Callable[[str, Request, int], None],
    ) -> None:
        """``on_refused`` gets master, unit and function; ``on_written`` what went to the bus and its exception or 0."""
        self._loop, self._post, self._monotonic = loop, post, monotonic
        self._on_refused, self._on_written = on_refused, on_written
        self._bus, self._units, self._permitted = f"bus.{spec.gateway}", passed_units(spec), permitted_units(spec)
        self._limit = RateLimit(spec.rate_per_s)

    def pass_through(self, master: str, unit: int, pdu: bytes, answered: Answered) -> bytes | None:
        """The answer where there is one at once; None = ``answered`` gets it, once."""
        function = pdu[0] & 0x7F
        request = self._request(unit, pdu)
        if isinstance(request, int):
            if pdu[0] in WRITES:
                self._on_refused(master, unit, pdu[0])
            return exception(function, request)
        now = self._monotonic()
        if not self._limit.allows(master, now):
            return exception(function, DEVICE_BUSY)
        once = _Once(answered)

        def take(answer: bytes) -> None:
            if request.is_write:
                self._on_written(master, request, answer[1] if answer[0] & 0x80 else 0)
            self._soon(once, answer)

        box = Forwarded(
            lambda payload: take(passed_answer(pdu, payload)), lambda error: take(passed_refusal(function, error))
        )
        permit = permit_for_master(unit, self._permitted)
        if not self._post(self._bus, PassThrough(master, request, TIMEOUT_S, now + WITHIN_S, box, permit)):
            return exception(function, PATH_UNAVAILABLE)
        once.timer = self._loop.call_later(WITHIN_S + GRACE_S, partial(once, exception(function, TARGET_SILENT)))
        return None

    def _request(self, unit: int, pdu: bytes) -> Request | int:
        """Or the code of an exception."""
        if unit not in self._units:
            return TARGET_SILENT
        is_write = unit in self._permitted and pdu[0] in PASSED_WRITES
        return passed_write(unit, pdu) if is_write else passed_request(unit, pdu)

    def _soon(self, once: _Once, pdu: bytes) -> None:
        """From the thread of the bus."""
        with contextlib.suppress(RuntimeError):  # that life of the loop is over, and its connections with it
            self._loop.call_soon_threadsafe(once, pdu)


class _Once:
    """What comes first is the answer."""

    def __init__(self, answered: Answered) -> None:
        self._answered: Answered | None = answered
        self.timer: asyncio.TimerHandle | None = None

    def __call__(self, pdu: bytes) -> None:
        answered, self._answered = self._answered, None
        if self.timer is not None:
            self.timer.cancel()
        if answered is not None:
            answered(pdu)
