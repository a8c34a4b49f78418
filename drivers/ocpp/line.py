"""What a bus asks of a station that called in: reads of its registers, and writes that become calls of OCPP."""

from __future__ import annotations

from typing import Any

from drivers.callers import Callers
from runtime.clock import Clock
from runtime.core.modbus.request import READ_FUNCTIONS, Request
from runtime.core.ocpp.identity import SCHEME, identity_of
from runtime.core.ocpp.image import CHARGE, FALLBACK, LIMIT, STATION, WATCHDOG, WORDS
from runtime.errors import ConfigError, Fault, LinkDown, NoAnswer, Refused

_ORDERS = {LIMIT: "limit", FALLBACK: "fallback", WATCHDOG: "watchdog", CHARGE: "charge", STATION: "station"}
_UNITS_MA = {LIMIT: 100, FALLBACK: 100}  # of one count
_NO_FUNCTION, _NO_REGISTER = 1, 2


def ocpp_line(url: str, clock: Clock, callers: Callers | None = None) -> OcppLine:
    """The line to one station. Without ``callers`` nobody is ever there. Raises ConfigError."""
    identity = identity_of(url)
    if not identity:
        hint = f"expected {SCHEME}://NAME, the name of letters, digits, dots, hyphens and underscores"
        raise ConfigError([Fault(url, "", "names no charging station", hint, "url_invalid")])
    return OcppLine(identity, clock, callers or Callers())


class OcppLine:
    """The ``Line`` of one station; its connection is made by the station, and stays when the bus hangs up."""

    def __init__(self, identity: str, clock: Clock, callers: Callers) -> None:
        self._identity, self._clock, self._callers = identity, clock, callers
        self._is_closed = False
        self._pending: Any = None  # what the bus waits for

    @property
    def is_open(self) -> bool:
        """The station is connected, and is heard."""
        session = self._callers.find(self._identity)
        return not self._is_closed and session is not None and session.is_ready

    def open(self) -> None:
        if self._is_closed:
            raise LinkDown("link_closed", "the line was closed")
        if not self.is_open:
            raise LinkDown("station_away", f"the station {self._identity} has not called in, or is not heard")

    def transact(self, request: Request, timeout_s: float) -> bytes:
        self.open()
        session = self._callers.find(self._identity)
        if session is None:
            raise LinkDown("link_lost", f"the station {self._identity} hung up")
        if request.is_write:
            self._write(session, request, timeout_s)
            return b""
        return self._read(session, request)

    def ready_at(self, unit: int) -> float:
        return 0.0

    def hang_up(self) -> None:
        """The station keeps its connection: nobody could open it from here."""

    def close(self) -> None:
        self._is_closed = True
        pending = self._pending
        if pending is not None:
            pending.cancel()

    def _read(self, session: Any, request: Request) -> bytes:
        if request.function != READ_FUNCTIONS["holding"]:
            raise Refused(_NO_FUNCTION, "a station has holding registers only")
        if request.at + request.count > WORDS:
            raise Refused(_NO_REGISTER, f"it has {WORDS} registers")
        image: bytes | None = session.image(request.unit)
        if image is None:
            raise NoAnswer("no_answer", f"nothing is heard of connector {request.unit}")
        return image[2 * request.at : 2 * (request.at + request.count)]

    def _write(self, session: Any, request: Request, timeout_s: float) -> None:
        order = _ORDERS.get(request.at)
        if order is None or len(request.payload) != 2:
            raise Refused(_NO_REGISTER, f"nothing is written to register {request.at}")
        value = int.from_bytes(request.payload, "big") * _UNITS_MA.get(request.at, 1)
        self._pending = session.begin_order(request.unit, order, value)
        try:
            session.await_order(self._pending, timeout_s)
        finally:
            self._pending = None
