"""The scanner: looks who answers on a bus that is polled at the same time, unit after unit, through the bus itself.

It is the only actor that waits for another one, and for a bus only, which waits for nobody but its wire: each wait has
a deadline, and between two units it looks into its mailbox and leaves the bus alone for as long as the unit has taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar, assert_never

from actors.mailbox.base import COMMAND, Actor, Incarnation
from actors.mailbox.reply import answer, new_reply, refuse, wait_for
from actors.message.device import Begin, Perform
from actors.message.scan import SCAN_VIEWS, CancelScan, ScannedUnit, ScanView, StartScan
from drivers.tool.scan import Scan
from runtime.clock import Clock
from runtime.core.map.devicemap import DeviceMap
from runtime.core.modbus.request import Request
from runtime.errors import LinkDown, WattkeeperError

BUS_S = 10.0  # a bus may be this long at work before it comes to a question
LEAST_PAUSE_S = 0.02


@dataclass(frozen=True, slots=True)
class _Next:
    """Go on with the next unit. Scanner -> itself; of an earlier search it means nothing."""

    serial: int


Inbox = Begin | StartScan | CancelScan | _Next


class Scanner(Actor):
    """Named ``scanner``. One search at a time; publishes ``ScanView``.

    maps  what there is to recognise, asked for at each search
    """

    PRIORITY: ClassVar[MappingProxyType[type, int]] = MappingProxyType({StartScan: COMMAND, CancelScan: COMMAND})

    def __init__(self, incarnation: Incarnation, maps: Callable[[], Mapping[str, DeviceMap]]) -> None:
        super().__init__(incarnation)
        self._maps = maps
        self._view: ScanView | None = None
        self._scan: Scan | None = None
        self._serial = 0

    def on_receive(self, message: Inbox) -> None:
        match message:
            case StartScan():
                self._start(message)
            case CancelScan():
                if self._runs() and self._view and self._view.gateway == message.gateway:
                    self._close("cancelled")
            case _Next():
                if message.serial == self._serial and self._runs():
                    self._ask_next()
            case Begin():
                pass
            case _:
                assert_never(message)

    def on_end(self) -> None:
        if self._runs():
            self._close("failed", WattkeeperError("owner_restarted", "the search was interrupted"))

    def _runs(self) -> bool:
        return self._view is not None and self._view.state == "running"

    def _start(self, message: StartScan) -> None:
        if self._runs():
            refuse(message.reply, WattkeeperError("scan_busy", "another search is at work"))
            return
        line = _ThroughBus(f"bus.{message.gateway}", self.post, self.clock)
        self._scan = Scan(line, self.clock, self._maps(), is_serial=message.is_serial)
        self._serial += 1
        self._publish_view(ScanView(message.gateway, message.units, self.clock.now_ms()))
        answer(message.reply, True)
        self.post_self(_Next(self._serial))

    def _ask_next(self) -> None:
        view, scan = self._view, self._scan
        if view is None or scan is None:
            return
        if view.asked == len(view.units):
            self._close("done")
            return
        unit, began = view.units[view.asked], self.clock.monotonic()
        try:
            found = [
                ScannedUnit(each.unit, each.took_s, each.sure, each.models, each.chosen, str(each.identification))
                for each in scan.run((unit,))
            ]
        except WattkeeperError as error:
            self._close("failed", error)
            return
        self._publish_view(replace(view, asked=view.asked + 1, found=(*view.found, *found)))
        self.post_later(max(LEAST_PAUSE_S, self.clock.monotonic() - began), _Next(self._serial))

    def _close(self, state: str, error: WattkeeperError | None = None) -> None:
        self._scan = None
        if self._view is not None:
            code, message = (error.code, error.message) if error else ("", "")
            self._publish_view(replace(self._view, state=state, code=code, message=message))

    def _publish_view(self, view: ScanView) -> None:
        self._view = view
        self.publish(SCAN_VIEWS.of(view.gateway), view)


class _ThroughBus:
    """A line for the search: each transaction is one that the bus does for it, between its own."""

    is_open = True

    def __init__(self, bus: str, post: Callable[[str, object], bool], clock: Clock) -> None:
        self._bus, self._post, self._clock = bus, post, clock

    def open(self) -> None:
        """The bus opens its line itself."""

    def ready_at(self, _unit: int) -> float:
        """The bus keeps to it."""
        return 0.0

    def hang_up(self) -> None:
        """The line is the bus's."""

    close = hang_up

    def transact(self, request: Request, timeout_s: float) -> bytes:
        """Raises DriverError; LinkDown when there is no bus, or it does not come to it."""
        reply: Any = new_reply()
        deadline = self._clock.monotonic() + BUS_S
        if not self._post(self._bus, Perform(request, timeout_s, deadline, reply)):
            raise LinkDown("gateway_off", "the gateway is switched off, or just being started")
        try:
            payload: bytes = wait_for(reply, BUS_S + timeout_s)
        except WattkeeperError as error:
            if error.code in ("no_reply", "owner_restarted"):
                raise LinkDown(error.code, error.message) from None
            raise
        return payload
