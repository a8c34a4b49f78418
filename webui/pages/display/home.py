"""The home page: a tile for each page, with the one figure that matters there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from runtime.core.clock.timegrid import local
from runtime.text.figures import json_number
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.pages.frame.navigation import NAVIGATION, allowed_entries
from webui.pages.frame.shell import Shell

WITH_FIGURE = ("/", "/devices", "/consumptions", "/gateways", "/system")  # have a tile with more on it


class HomePage:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/", self.show)

    @needs(("home", "see"))
    def show(self) -> str:
        bridge = self._bridge
        today = local(bridge.clock.now_ts(), bridge.zone).date()
        consumption = bridge.history.consumption(
            bridge.installation(), of="total", fluid="electricity", period="day", date=today, zone=bridge.zone
        )
        total_n, before_n = consumption.total_n, consumption.previous.total_n
        return self._shell.page(
            "home.html",
            device_states=Counter(view.state for view in bridge.devices()),
            gateway_states=Counter(view.state for view in bridge.gateways()),
            today_wh=None if total_n is None else json_number(total_n, -3),
            yesterday_wh=None if before_n is None else json_number(before_n, -3),
            today_p=consumption.cost_p,
            yesterday_p=consumption.previous.cost_p,
            recorder=bridge.recorder(),
            has_way=any(not gateway.local for gateway in bridge.installation().gateways),
            has_local=any(gateway.local for gateway in bridge.installation().gateways),
            others=[place for place in allowed_entries(NAVIGATION) if place.path not in WITH_FIGURE],
        )
