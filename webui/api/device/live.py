"""What the devices say now."""

from __future__ import annotations

from collections.abc import Iterable

import bottle

from actors.message.device import WatchDevices
from runtime.text.moment import iso
from webui.api.request import parameter
from webui.http.answer import JSON
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.livefeed import LiveFeed, device_json

# what a card in the list of devices shows
MAIN = (
    "active_power_w", "active_energy_import_wh", "water_dm3", "gas_dm3", "breaker_state", "contactor_state",
    "control_state", "charge_state", "charge_priority", "station_errors", "charge_errors", "battery_power_w",
    "dc_power_w",
)  # fmt: skip
WATCHED_S = 10.0  # a device that is asked for here is read each second for so long


class LiveApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._feeds = {"all": LiveFeed(bridge), "main": LiveFeed(bridge, only=MAIN)}

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/live", self.live)
        yield Route("GET", "/api/v1/devices/<id:int>/live", self.device)

    @needs(("panel_board", "see"))
    def live(self) -> bottle.HTTPResponse:
        request = bottle.request
        snapshot = self._feeds[parameter.one_of("quantities", self._feeds, "all")].snapshot()
        if request.query.get("since") == snapshot.v:
            return bottle.HTTPResponse(snapshot.unchanged, headers=JSON)
        headers = {**JSON, "Vary": "Accept-Encoding"}
        if "gzip" in request.get_header("Accept-Encoding", ""):
            return bottle.HTTPResponse(snapshot.packed, headers={**headers, "Content-Encoding": "gzip"})
        return bottle.HTTPResponse(snapshot.plain, headers=headers)

    @needs(("panel_board", "see"))
    def device(self, id: int) -> bottle.HTTPResponse:
        view = self._bridge.device(id)
        if view is None:
            raise not_found("device")
        self._bridge.post(f"gateway.{view.gateway}", WatchDevices((id,), WATCHED_S))
        zone = self._bridge.zone
        now = iso(self._bridge.clock.now_ts(), zone)
        return bottle.HTTPResponse(f'{{"now":"{now}",{device_json(view, zone)[1:]}', headers=JSON)
