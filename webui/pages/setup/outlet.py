"""E-mail and notification: where messages are delivered and how that stands; alert settings: what goes to whom."""

from __future__ import annotations

from collections.abc import Iterable

from runtime.code.outlet import CODES
from runtime.core.alert.alert import ALERT
from runtime.core.alert.classes import CLASSES, SEVERITIES
from runtime.core.alert.outlet import OUTLET
from runtime.core.alert.outletkind import ADDRESSES
from runtime.core.clock.timegrid import local
from runtime.core.site.diff import etag_of
from runtime.text.wording import REFUSALS
from runtime.text.words import Advice, alarm
from runtime.text.words import outlet as words
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.report.outbox import outlet_states
from webui.pages.frame.shell import Shell

SEE = (("server_configuration", "see"), ("system_configuration", "see"))


class OutletSetup:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/server/outlets", self.outlets)
        yield Route("GET", "/server/alerts", self.alerts)

    @needs(*SEE)
    def outlets(self) -> str:
        bridge = self._bridge
        return self._shell.page(
            "server/outlets.html",
            states=outlet_states(bridge),
            etag_of=etag_of,
            kinds=bridge.outlets(),
            kind_words=words.KINDS,
            choices=words.ENCRYPTIONS,
            codes=[code.id for code in CODES if code.refusal],
            advice=lambda code: REFUSALS.get(code, Advice(code, "")),
            local_ms=lambda ts_ms: local(ts_ms // 1000, bridge.zone),
        )

    @needs(*SEE)
    def alerts(self) -> str:
        site, kinds = self._bridge.installation(), self._bridge.outlets()
        outlets = {outlet.id: outlet for outlet in site.of(OUTLET)}
        return self._shell.page(
            "server/alerts.html",
            classes=[(group, [alert for alert in site.of(ALERT) if alert.group == group]) for group in CLASSES],
            class_words=alarm.CLASSES,
            severities=SEVERITIES,
            severity_words=alarm.SEVERITIES,
            outlets=outlets,
            offered=[(outlet.id, outlet.name) for outlet in outlets.values()],
            addressed=[
                outlet.id
                for outlet in outlets.values()
                if outlet.kind in kinds and kinds[outlet.kind].addressing == ADDRESSES
            ],
            etag_of=etag_of,
        )
