"""System view: this server, those that it reads, and those below them. Read only."""

from __future__ import annotations

from collections.abc import Iterable

from runtime.core.servertree.node import NEVER_S
from runtime.text.wording import N_
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.modbus.servers import server_tree
from webui.pages.frame.shell import Shell

STATE_WORDS = {
    "on": N_("is read"),
    "away": N_("does not answer"),
    "loop": N_("reads this server itself: refused"),
    "foreign": N_("is read, and says nothing of others below it"),
    "unknown": N_("not asked yet"),
}
LOOKS = {
    "on": "on",
    "foreign": "on",
    "unknown": "unknown",
    "away": "communication_error",
    "loop": "configuration_error",
}


class ServersPage:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/servers", self.show)

    @needs(("server_configuration", "see"), ("system_configuration", "see"))
    def show(self) -> str:
        root = server_tree(self._bridge)
        return self._shell.page("servers.html", root=root, words=STATE_WORDS, looks=LOOKS, never_s=NEVER_S)
