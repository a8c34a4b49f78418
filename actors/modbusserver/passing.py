"""Requests for units on the bus: on their way to it, and their answers back to the event loop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from functools import partial

from actors.mailbox.reply import Forwarded
from actors.message.device import PassThrough
from actors.modbusserver.connection import Answered
from runtime.core.modbus.answer import DEVICE_BUSY, PATH_UNAVAILABLE, TARGET_SILENT, exception
from runtime.core.modbus.passedread import passed_answer, passed_refusal, passed_request
from runtime.core.modbus.serverresource import ModbusServerSpec, passed_units
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
    ) -> None:
        self._loop, self._post, self._monotonic = loop, post, monotonic
        self._bus, self._units = f"bus.{spec.gateway}", passed_units(spec)
        self._limit = RateLimit(spec.rate_per_s)

    def pass_through(self, master: str, unit: int, pdu: bytes, answered: Answered) -> bytes | None:
        """The answer where there is one at once; None = ``answered`` gets it, once."""
        function = pdu[0] & 0x7F
        if unit not in self._units:
            return exception(function, TARGET_SILENT)
        request = passed_request(unit, pdu)
        if isinstance(request, int):
            return exception(function, request)
        now = self._monotonic()
        if not self._limit.allows(master, now):
            return exception(function, DEVICE_BUSY)
        once = _Once(answered)
        box = Forwarded(
            lambda payload: self._soon(once, passed_answer(function, payload)),
            lambda error: self._soon(once, passed_refusal(function, error)),
        )
        if not self._post(self._bus, PassThrough(master, request, TIMEOUT_S, now + WITHIN_S, box)):
            return exception(function, PATH_UNAVAILABLE)
        once.timer = self._loop.call_later(WITHIN_S + GRACE_S, partial(once, exception(function, TARGET_SILENT)))
        return None

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
