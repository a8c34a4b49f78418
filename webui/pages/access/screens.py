"""Public screens: the list of display links, and the page that a screen itself stays on while it shows others."""

from __future__ import annotations

from collections.abc import Iterable

from runtime.core.access.screen import LEAST_TURN_S, MOST_TURN_S
from runtime.core.clock.timegrid import local
from runtime.text.words import N_
from webui.access.client import AccessClient
from webui.http.permission import PUBLIC, Route, needs
from webui.model.bridge import Bridge
from webui.pages.frame.shell import Shell

OFFERED = (
    ("/", N_("Home")),
    ("/devices", N_("My panel board")),
    ("/consumptions", N_("Grand total")),
    ("/consumptions/overall", N_("Overall")),
    ("/consumptions/partials", N_("Partials")),
    ("/charging", N_("Green’Up")),
    ("/alarms", N_("Alarms")),
)


class ScreenPages:
    def __init__(self, gate: AccessClient, bridge: Bridge, shell: Shell) -> None:
        self._gate, self._bridge, self._shell = gate, bridge, shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/screens", self.screens)
        yield Route("GET", "/screen", self.screen)

    @needs(("server_configuration", "see"))
    def screens(self) -> str:
        zone = self._bridge.zone
        rows = [(each, local(each.made_ts, zone)) for each in self._gate.access.tokens.values() if each.screen]
        turn = (LEAST_TURN_S, MOST_TURN_S)
        offered = [(path, self._shell.say(name), "") for path, name in OFFERED]
        return self._shell.page("screens.html", rows=rows, offered=offered, names=dict(OFFERED), turn=turn)

    @needs(PUBLIC)
    def screen(self) -> str:
        """Nothing of the site stands in it: who has no link learns no more than at the login."""
        return self._shell.page("screen.html")
