"""The set-up of the site as a whole: sample rate, import and export, history of changes."""

from __future__ import annotations

from collections.abc import Iterable

from runtime.core.changes import etag_of, site_of
from runtime.core.installationrows import INTERVALS_S
from webui.bridge import Bridge
from webui.pages.shell import Shell
from webui.permission import Route, needs
from webui.words import setup


class SiteSetup:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/setup/sample-rate", self.sample_rate)
        yield Route("GET", "/setup/transfer", self.transfer)
        yield Route("GET", "/setup/changes", self.changes)

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
        counts = {kind: len(getattr(site, kind)) for kind in ("gateways", "devices", "loads", "groups", "boards")}
        return self._shell.page("setup/transfer.html", counts=counts, actions=setup.ACTIONS, kinds=setup.KINDS)

    @needs(("system_configuration", "see"))
    def changes(self) -> str:
        return self._shell.page("setup/changes.html", actions=setup.ACTIONS, kinds=setup.KINDS, fields=setup.FIELDS)
