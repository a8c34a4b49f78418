"""How this server is reached: HTTPS, and the certificate that browsers are shown."""

from __future__ import annotations

from collections.abc import Iterable

import bottle

from runtime.core.clock.timegrid import local
from webui.front.tls.certificate import DAY_S, RENEW_S
from webui.http.caller import caller
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.pages.frame.shell import Shell

SEE = (("server_configuration", "see"),)
ACT = (("server_configuration", "act"),)


class SecurityPage:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/server/security", self.security)

    @needs(*SEE)
    def security(self) -> str:
        kept, zone = self._bridge.certificates, self._bridge.zone
        told = kept and kept.describe()
        return self._shell.page(
            "security.html",
            certificate=told,
            begins=told and local(told.from_ts, zone),
            ends=told and local(told.to_ts, zone),
            days_left=told and (told.to_ts - self._bridge.clock.now_ts()) // DAY_S,
            few_days=RENEW_S // DAY_S,
            secure=bottle.request.environ["wsgi.url_scheme"] == "https",
            may_act=caller().may(*ACT),
        )
