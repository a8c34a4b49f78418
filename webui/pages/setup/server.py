"""The settings of the server: its serial port, and what it is called and speaks."""

from __future__ import annotations

from collections.abc import Iterable

from runtime.core.edit.localport import BAUDRATES, STOPBITS, local_gateway, local_port
from runtime.core.site.diff import etag_of, site_of
from runtime.text.language import NAMES
from runtime.text.wording import N_
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.pages.frame.shell import Shell

SEE = (("server_configuration", "see"),)
PARITY_WORDS = (("E", N_("Even")), ("O", N_("Odd")), ("N", N_("None")))


class ServerSetup:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/server/modbus", self.modbus)
        yield Route("GET", "/server/general", self.general)

    @needs(*SEE)
    def modbus(self) -> str:
        site = self._bridge.installation()
        return self._shell.page(
            "server/modbus.html",
            port=local_port(site),
            gateway=local_gateway(site),
            edition=site.edition,
            baudrates=[(rate, str(rate)) for rate in BAUDRATES],
            parities=PARITY_WORDS,
            stopbits=[(bits, str(bits), "") for bits in STOPBITS],
            etag=etag_of(site_of(site)),
        )

    @needs(*SEE)
    def general(self) -> str:
        site = self._bridge.installation()
        return self._shell.page(
            "server/general.html", called=site.site, speaks=site.language, tongues=NAMES, etag=etag_of(site_of(site))
        )
