"""Reports & data download: what is chosen, and what was made of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from runtime.core.clock.timegrid import local
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.pages.frame.shell import Shell


class DownloadPage:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/reports", self.show)

    @needs(("reports", "see"))
    def show(self) -> str:
        """The month so far is what most people want."""
        site = self._bridge.installation()
        today = local(self._bridge.clock.now_ts(), self._bridge.zone).date()
        last = today if today.day == 1 else today - timedelta(days=1)
        return self._shell.page(
            "reports.html",
            lists={
                "devices": [(each.id, each.name) for each in site.devices],
                "groups": [(each.id, each.name) for each in site.groups],
                "loads": [(each.id, each.name) for each in site.loads],
            },
            first=last.replace(day=1).isoformat(),
            last=last.isoformat(),
        )
