"""Link Functionality: which EMS module makes which other one act, as the interfaces tell it. Read only."""

from __future__ import annotations

from collections.abc import Iterable

from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.links import links
from webui.pages.frame.shell import Shell


class LinksPage:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/links", self.show)

    @needs(("system_configuration", "see"), ("panel_board", "see"))
    def show(self) -> str:
        return self._shell.page("links.html", links=list(links(self._bridge)))
