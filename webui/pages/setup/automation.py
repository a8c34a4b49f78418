"""Rules that act: the list with how each stands, a dialogue that adds and edits, and when one would have acted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from actors.message.automation import AUTOMATIONS_VIEW, AutomationsView, RuleState
from runtime.core.alarm.kind import KINDS
from runtime.core.alert.outlet import OUTLET
from runtime.core.alert.outletkind import ADDRESSES
from runtime.core.automation.resource import AUTOMATION
from runtime.core.automation.spec import ACTIONS, DAYS, MESSAGE, SIGNS, SOURCES, AutomationSpec, switch_values
from runtime.core.clock.timegrid import local
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.diff import etag_of
from runtime.core.site.installation import DeviceSpec
from runtime.text.wording import REFUSALS
from runtime.text.words import Advice, alarm
from runtime.text.words import automation as words
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.commands import lock_of
from webui.pages.frame.shell import Shell

SEE = (("system_configuration", "see"), ("server_configuration", "see"))


class AutomationSetup:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/setup/automations", self.show)

    @needs(*SEE)
    def show(self) -> str:
        bridge, site = self._bridge, self._bridge.installation()
        states = bridge.views.get(AUTOMATIONS_VIEW, AutomationsView()).rules
        views = bridge.devices()
        compared = {view.id: [id for id in view.quantities if QUANTITIES[id].kind != "text"] for view in views}
        known = {id for quantities in compared.values() for id in quantities}
        known |= {spec.quantity for spec in site.of(AUTOMATION) if spec.quantity}
        kinds = bridge.outlets()
        return self._shell.page(
            "setup/automations.html",
            rows=[self._row(spec, states.get(spec.id, RuleState())) for spec in site.of(AUTOMATION)],
            devices=[(device.id, device.name) for device in site.devices],
            compared=compared,
            quantities={id: QUANTITIES[id] for id in sorted(known, key=lambda id: QUANTITIES[id].number)},
            outputs={device.id: self._outputs(device) for device in site.devices},
            tariffs=site.tariffs,
            kinds=list(KINDS),
            kind_words=alarm.KINDS,
            outlets=[(outlet.id, outlet.name) for outlet in site.of(OUTLET)],
            addressed=[o.id for o in site.of(OUTLET) if o.kind in kinds and kinds[o.kind].addressing == ADDRESSES],
            sources=SOURCES,
            actions=ACTIONS,
            signs=SIGNS,
            days=DAYS,
            words=words,
            advice=lambda code: REFUSALS.get(code, Advice(code, "")),
            local_ms=lambda ts_ms: local(ts_ms // 1000, bridge.zone),
        )

    def _outputs(self, device: DeviceSpec) -> list[tuple[str, str]]:
        """(id, what it is called here) of the commands of a device that switch something on and off."""
        decoder = self._bridge.map_of(device.id)
        commands = decoder.commands.values() if decoder is not None else ()
        return [(row.name, _called(row.name, device)) for row in commands if switch_values(row.choices)]

    def _row(self, spec: AutomationSpec, state: RuleState) -> dict[str, Any]:
        site = self._bridge.installation()
        target = site.device(spec.target) if spec.action != MESSAGE else None
        tariff = next((tariff.name for tariff in site.tariffs if tariff.id == spec.tariff), "")
        return {
            "spec": spec,
            "etag": etag_of(spec),
            "state": state,
            "device": site.device(spec.device),
            "tariff": tariff,
            "target": target,
            "output": _called(spec.command, target) if target is not None else spec.command,
            "outlet": site.find(OUTLET, spec.outlet) if spec.outlet else None,
            "locked": lock_of(self._bridge, target) if target is not None else "",
        }


def _called(command: str, device: DeviceSpec) -> str:
    """As whoever labelled the output calls it, else by its id."""
    return device.labels.get(command, "") or command
