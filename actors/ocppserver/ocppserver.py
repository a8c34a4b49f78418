"""The owner of the OCPP server: listens, wakes the bus of a station that called in, and reports who came and went."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from actors.mailbox.base import Actor, Incarnation
from actors.message.device import Begin, CallerCame, EventReported
from drivers.callers import Callers
from drivers.ocpp.listener import listen
from drivers.ocpp.presence import states_of
from runtime.core.ocpp.identity import stations_of
from runtime.core.ocpp.resource import OcppServerSpec
from runtime.core.ocpp.view import OCPP_VIEW, CallerState, OcppView
from runtime.core.site.installation import INSTALLATION_VIEW
from runtime.core.view import Trouble
from runtime.errors import DriverError, LinkDown
from runtime.loop.loop import ProcessLoop

if TYPE_CHECKING:
    from drivers.ocpp.central import OcppService

log = logging.getLogger("wattkeeper.ocpp")

SERVICE = "ocpp"
LOOK_S = 0.5
LISTEN_AGAIN_S = 30.0
EVENT_EACH_S = 600.0  # of one address
MOST_NOTED = 256  # addresses


@dataclass(frozen=True, slots=True)
class _Look:
    """See who is there. OCPP server -> itself."""


@dataclass(frozen=True, slots=True)
class _Listen:
    """Try the port again. OCPP server -> itself."""


@dataclass(frozen=True, slots=True)
class _Refused:
    """Somebody could not come in. Event loop -> the actor."""

    address: str
    status: int


Inbox = Begin | _Look | _Listen | _Refused


class OcppServer(Actor):
    """Named ``ocppserver``; lives while the server is switched on. Publishes ``OcppView``.

    callers      where lines find the stations
    password_of  that of a station, "" = none was set
    tls          the context of the pages, None = they have none
    """

    def __init__(
        self, incarnation: Incarnation, spec: OcppServerSpec, loop: ProcessLoop, callers: Callers,
        password_of: Callable[[str], str], tls: Callable[[], ssl.SSLContext | None],
    ) -> None:  # fmt: skip
        super().__init__(incarnation)
        self._spec, self._loop, self._callers, self._tls = spec, loop, callers, tls
        self._password_of = password_of
        self._listener: socket.socket | None = None
        self._trouble: Trouble | None = None
        self._gateways: Mapping[str, int] = {}
        self._version = -1
        self._seen: dict[str, CallerState] = {}
        self._refused = 0
        self._noted_at: dict[str, float] = {}

    def on_receive(self, message: Inbox) -> None:
        match message:
            case _Look():
                self._look()
                self.post_later(LOOK_S, message)
            case _Listen():
                self._listen()
            case _Refused():
                self._note_refused(message)
            case Begin():
                self._look()
                self._listen()
                self.post_later(LOOK_S, _Look())
            case _:
                assert_never(message)

    def on_end(self) -> None:
        self._loop.remove(SERVICE)
        if self._listener is not None:
            self._listener.close()
        self.publish(OCPP_VIEW, OcppView())

    # ---- the port

    def _listen(self) -> None:
        try:
            if self._spec.tls and self._tls() is None:
                raise LinkDown("ocpp_without_tls", "OCPP server: there is no certificate, as the pages have none")
            self._listener = listen(self._spec.host, self._spec.port)
        except DriverError as error:
            if self._trouble is None:
                log.error("%s", error.message)
                self._report(error.code, error.message)
                self._trouble = Trouble(error.code, error.message, self.clock.now_ms())
            self.post_later(LISTEN_AGAIN_S, _Listen())
        else:
            self._trouble = None
            self._loop.add(SERVICE, self._make_service)
        self._show(self._seen)

    def _make_service(self, loop: asyncio.AbstractEventLoop) -> OcppService:
        """In the thread of the event loop, anew in each of its lives."""
        from drivers.ocpp.central import OcppService  # its libraries take 7 MB, and most sites have no such station

        assert self._listener is not None
        tls = self._tls() if self._spec.tls else None
        return OcppService(
            loop, self._listener.dup(), tls, self._spec, self.clock, self._callers, self._password_for,
            lambda address, status: self.post_self(_Refused(address, status)),
        )  # fmt: skip

    def _password_for(self, identity: str) -> str:
        """Of a station that is configured and switched on. In the thread of the event loop."""
        site = self.incarnation.views.get(INSTALLATION_VIEW)
        known = site is not None and identity in stations_of(site.gateways)
        return self._password_of(identity) if known else ""

    # ---- stations

    def _look(self) -> None:
        site = self.incarnation.views.get(INSTALLATION_VIEW)
        if site is not None and site.version != self._version:
            self._version, self._gateways = site.version, stations_of(site.gateways)
        there = {state.identity: state for state in states_of(self._callers)}
        for identity, state in there.items():
            self._follow(identity, self._seen.get(identity), state)
        for identity in self._seen.keys() - there.keys():
            self._report("ocpp_station_left", identity)
        self._seen = there
        self._show(there)

    def _follow(self, identity: str, before: CallerState | None, now: CallerState) -> None:
        gateway = self._gateways.get(identity)
        was_there = before is not None and before.is_ready and before.since_ms == now.since_ms
        if gateway is not None and now.is_ready and not was_there:
            self.post(f"bus.{gateway}", CallerCame())
        if before is None:
            self._report("ocpp_station_came", f"{identity}: OCPP {now.version} from {now.address}")
        for connector, fault in now.faults:
            if before is None or (connector, fault) not in before.faults:
                self._report("ocpp_station_fault", f"{identity}, connector {connector}: {fault}")

    def _show(self, there: Mapping[str, CallerState]) -> None:
        spec, port = self._spec, 0 if self._listener is None else self._listener.getsockname()[1]
        view = OcppView(spec.host, port, spec.tls, tuple(there.values()), self._refused, self._trouble)
        self.publish(OCPP_VIEW, view)

    # ---- events

    def _note_refused(self, refused: _Refused) -> None:
        """One event of an address in a while, however often it tries."""
        self._refused += 1
        now, noted_at = self.clock.monotonic(), self._noted_at.get(refused.address)
        if noted_at is not None and now - noted_at < EVENT_EACH_S:
            return
        if len(self._noted_at) >= MOST_NOTED:
            self._noted_at.clear()
        self._noted_at[refused.address] = now
        self._report("ocpp_client_refused", f"{refused.address}: {refused.status}")

    def _report(self, code: str, detail: str) -> None:
        self.post("recorder", EventReported(self.clock.now_ms(), "server", code, detail))
