"""Thresholds of measures: the list, and a dialogue that adds and edits."""

from __future__ import annotations

from collections.abc import Iterable

from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.diff import etag_of
from runtime.core.threshold.threshold import THRESHOLD
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.pages.frame.shell import Shell


class ThresholdSetup:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/setup/thresholds", self.show)

    @needs(("system_configuration", "see"), ("alarms", "see"))
    def show(self) -> str:
        site = self._bridge.installation()
        views = self._bridge.devices()
        measured = {view.model: [id for id in view.quantities if QUANTITIES[id].kind == "gauge"] for view in views}
        known = {id for quantities in measured.values() for id in quantities}
        known |= {spec.quantity for spec in site.of(THRESHOLD)}
        return self._shell.page(
            "setup/thresholds.html",
            rows=[(spec, etag_of(spec), site.device(spec.device)) for spec in site.of(THRESHOLD)],
            devices=[(device.id, device.name) for device in site.devices],
            models={view.id: view.model for view in views},
            measured=measured,
            quantities={id: QUANTITIES[id] for id in sorted(known, key=lambda id: QUANTITIES[id].number)},
        )
