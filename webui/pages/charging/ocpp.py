"""Stations that call in: where, which are there, what is typed into each, and which badges may charge."""

from __future__ import annotations

from collections.abc import Iterable

import bottle

from runtime.core.clock.timegrid import local
from runtime.core.ocpp.resource import ocpp_of
from runtime.core.site.diff import etag_of
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.station.ocpp import address_of, ocpp_state, shown_stations
from webui.pages.frame.shell import Shell


class OcppSetup:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/setup/ocpp", self.show)

    @needs(("system_configuration", "see"))
    def show(self) -> str:
        spec, host = ocpp_of(self._bridge.installation()), bottle.request.urlparts.hostname or "localhost"
        stations = shown_stations(self._bridge)
        return self._shell.page(
            "setup/ocpp.html",
            server=spec,
            etag=etag_of(spec),
            state=ocpp_state(self._bridge),
            stations=[(station, address_of(self._bridge, host, station.identity)) for station in stations],
            local_ms=lambda ts_ms: local(ts_ms // 1000, self._bridge.zone),
        )
