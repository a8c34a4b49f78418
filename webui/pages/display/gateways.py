"""Gateways: whether each works, how long a round takes and what went wrong how often."""

from __future__ import annotations

from collections.abc import Iterable

from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.pages.frame.shell import Shell


class GatewaysPage:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/gateways", self.show)

    @needs(("panel_board", "see"), ("system_configuration", "see"))
    def show(self) -> str:
        gateways = [(view, self._bridge.bus(view.id)) for view in self._bridge.gateways()]
        names = {device.id: device.name for device in self._bridge.installation().devices}
        return self._shell.page("gateways.html", gateways=gateways, names=names)
