"""Gateways: whether each works, how long a round takes and what went wrong how often."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bottle

from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.pages.frame.shell import Shell


class GatewaysPage:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/gateways", self.show)
        yield Route("GET", "/live/gateways", self.show_gateways)

    @needs(("panel_board", "see"), ("system_configuration", "see"))
    def show(self) -> str:
        return self._shell.page("gateways.html", **self._values())

    @needs(("panel_board", "see"), ("system_configuration", "see"))
    def show_gateways(self) -> bottle.HTTPResponse:
        """What of the page changes by itself."""
        return self._shell.part("gateways.html", "live", **self._values())

    def _values(self) -> dict[str, Any]:
        return {
            "gateways": [(view, self._bridge.bus(view.id)) for view in self._bridge.gateways()],
            "names": {device.id: device.name for device in self._bridge.installation().devices},
        }
