"""The OCPP server: where it listens, which stations are there, and a new password for one (shown once, never again)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

import bottle

from actors.message.device import EventReported, KeepRecords
from runtime.core.ocpp.identity import secret_owner
from runtime.core.ocpp.view import CallerState
from runtime.secret.secrets import KIND
from runtime.text.moment import iso_ms
from webui.api.request.recorder import Recording
from webui.http.answer import json_answer
from webui.http.caller import caller
from webui.http.errors import RequestRefused
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.station.ocpp import ShownStation, address_of, ocpp_state, shown_stations

SEE = (("server_configuration", "see"), ("system_configuration", "see"))
ACT = (("system_configuration", "act"),)
PASSWORD_BYTES = 16  # as 32 digits and letters: 16 to 40 characters fit into a station


class OcppApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._recording = Recording(bridge)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/ocpp", self.state)
        yield Route("POST", "/api/v1/ocpp/stations/<identity>/password", self.new_password)

    @needs(*SEE)
    def state(self) -> bottle.HTTPResponse:
        view = ocpp_state(self._bridge)
        trouble = view.trouble
        return json_answer(
            {
                "listens": bool(view.port),
                "host": view.host if view.port else None,
                "port": view.port or None,
                "tls": view.tls,
                "refused": view.refused,
                "error": None if trouble is None else {"code": trouble.code, "message": trouble.message},
                "stations": [self._describe(station) for station in shown_stations(self._bridge)],
            }
        )

    @needs(*ACT)
    def new_password(self, identity: str) -> bottle.HTTPResponse:
        """The one before opens nothing any more; a connection that it opened stays until it ends."""
        if identity not in {station.identity for station in shown_stations(self._bridge)}:
            raise RequestRefused(404, "ocpp_station_unknown", "No gateway leads to a charging station of this name.")
        password, owner, sealing = secrets.token_hex(PASSWORD_BYTES), secret_owner(identity), self._bridge.secrets
        assert sealing is not None
        event = EventReported(
            self._bridge.clock.now_ms(), "server", "ocpp_password_set", f"{identity} by {caller().name}"
        )
        records = ((KIND, owner, sealing.record(owner, {"password": password})),)
        self._recording.do(lambda reply: KeepRecords(records, (event,), reply))
        host = bottle.request.urlparts.hostname or "localhost"
        url = address_of(self._bridge, host, identity)
        return json_answer({"station": identity, "url": url, "password": password}, 201)

    def _describe(self, station: ShownStation) -> dict[str, Any]:
        connected = None if station.state is None else self._connection(station.state)
        return {
            "station": station.identity,
            "gateway": station.gateway,
            "has_password": station.has_password,
            "connected": connected,
        }

    def _connection(self, state: CallerState) -> dict[str, Any]:
        zone, facts = self._bridge.zone, state.facts
        return {
            "version": state.version,
            "address": state.address,
            "since": iso_ms(state.since_ms, zone),
            "heard": iso_ms(state.heard_ms, zone),
            "vendor": facts.vendor or None,
            "model": facts.model or None,
            "serial": facts.serial or None,
            "firmware": facts.firmware or None,
            "faults": [{"connector": connector, "text": text} for connector, text in state.faults],
        }
