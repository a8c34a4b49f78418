"""The settings of the server: its serial port, and what it is called and speaks."""

from __future__ import annotations

from collections.abc import Iterable

from runtime.core.clock.timegrid import local
from runtime.core.edit.localport import BAUDRATES, STOPBITS, local_gateway, local_port
from runtime.core.modbus.serverresource import server_of
from runtime.core.site.diff import etag_of, site_of
from runtime.text.language import NAMES
from runtime.text.wording import N_
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.modbus.served import modbus_state, offered_objects
from webui.pages.frame.shell import Shell

SEE = (("server_configuration", "see"),)
PARITY_WORDS = (("E", N_("Even")), ("O", N_("Odd")), ("N", N_("None")))

KIND_WORDS = {
    "device": N_("Device"),
    "load": N_("Load"),
    "group": N_("Measure group"),
    "all": N_("All electrical loads"),
}


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
            connections_per_host=site.connections_per_host,
            baudrates=[(rate, str(rate)) for rate in BAUDRATES],
            parities=PARITY_WORDS,
            stopbits=[(bits, str(bits), "") for bits in STOPBITS],
            etag=etag_of(site_of(site)),
            server=server_of(site),
            gateways=[(each.id, each.name) for each in site.gateways],
            server_etag=etag_of(server_of(site)),
            state=modbus_state(self._bridge),
            objects=offered_objects(self._bridge),
            kinds=KIND_WORDS,
            local_ms=lambda ts_ms: local(ts_ms // 1000, self._bridge.zone),
        )

    @needs(*SEE)
    def general(self) -> str:
        site = self._bridge.installation()
        return self._shell.page(
            "server/general.html", called=site.site, speaks=site.language, tongues=NAMES, etag=etag_of(site_of(site))
        )
