"""The two configuration pages: a tile for each page behind them that the visitor may see."""

from __future__ import annotations

from collections.abc import Iterable

from runtime.text.wording import N_
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.pages.frame.navigation import SERVER, SETUP, allowed_entries
from webui.pages.frame.shell import Shell

SETUP_TITLE = N_("System configuration")
SERVER_TITLE = N_("Web server configuration")


class HubPages:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/setup", self.setup)
        yield Route("GET", "/server", self.server)

    @needs(("system_configuration", "see"))
    def setup(self) -> str:
        installation = self._bridge.installation()
        return self._shell.page(
            "hub.html", title=SETUP_TITLE, places=allowed_entries(SETUP), is_new=not installation.devices, setup=True
        )

    @needs(("server_configuration", "see"))
    def server(self) -> str:
        return self._shell.page(
            "hub.html", title=SERVER_TITLE, places=allowed_entries(SERVER), is_new=False, setup=False
        )
