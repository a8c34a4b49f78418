"""The set-up of the site as a whole: sample rate, import and export, history, the assistant."""

from __future__ import annotations

from collections.abc import Iterable

import bottle

from runtime.core.site.diff import etag_of, site_of
from runtime.core.site.settings import INTERVALS_S
from runtime.text.words import setup
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.pages.frame.shell import Shell
from webui.pages.setup.gateway import edition_use


class SiteSetup:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/setup/sample-rate", self.sample_rate)
        yield Route("GET", "/setup/transfer", self.transfer)
        yield Route("GET", "/setup/changes", self.changes)
        yield Route("GET", "/setup/scan", self.scan)

    @needs(("system_configuration", "see"))
    def sample_rate(self) -> str:
        site = self._bridge.installation()
        return self._shell.page(
            "setup/samplerate.html",
            interval_s=site.interval_s,
            minutes=[(interval_s, f"{interval_s // 60} min", "") for interval_s in INTERVALS_S],
            etag=etag_of(site_of(site)),
        )

    @needs(("system_configuration", "see"))
    def transfer(self) -> str:
        site = self._bridge.installation()
        listed = site.resources.edited
        counts = [(setup.PLURALS.get(each.word, each.plural), len(site.of(each))) for each in listed]
        return self._shell.page("setup/transfer.html", counts=counts, actions=setup.ACTIONS, kinds=setup.RESOURCES)

    @needs(("system_configuration", "see"))
    def changes(self) -> str:
        return self._shell.page("setup/changes.html", actions=setup.ACTIONS, kinds=setup.RESOURCES, fields=setup.FIELDS)

    @needs(("system_configuration", "act"))
    def scan(self) -> str:
        """``gateway`` of the query is chosen already; else the first that is not the machine's own port."""
        site = self._bridge.installation()
        gateways = [each for each in site.gateways if each.on and self._bridge.scheme(each).is_scanned]
        asked = bottle.request.query.get("gateway", "")
        usual = sorted(gateways, key=lambda gateway: gateway.local)
        wanted = next((gateway for gateway in gateways if str(gateway.id) == asked), usual[0] if usual else None)
        return self._shell.page(
            "setup/scan.html",
            gateways=[(gateway.id, f"{gateway.name} · {self._bridge.shown_address(gateway)}") for gateway in gateways],
            gateway=wanted.id if wanted else 0,
            names={device.id: device.name for device in site.devices},
            edition=edition_use(site),
        )
