"""The set-up of one device: the wizard that adds it, and the form of what is there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bottle

from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.diff import etag_of
from runtime.core.site.installation import DeviceSpec
from runtime.core.site.metertree import ancestors, double_counts
from runtime.text.wording import label_parts
from runtime.text.words import catalogue, setup
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.fluid import fluid_of
from webui.pages.frame.shell import Shell
from webui.pages.setup.gateway import edition_use

FIRST_UNIT, LAST_UNIT = 1, 247


class DeviceSetup:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/setup/devices/new", self.new)
        yield Route("GET", "/setup/devices/<id:int>", self.one)

    @needs(("system_configuration", "act"))
    def new(self) -> str:
        """``gateway``, ``unit`` and ``model`` of the query are filled in already; ``change`` = of which device."""
        asked = bottle.request.query
        gateway = _number(asked.get("gateway", ""))
        return self._shell.page(
            "setup/newdevice.html",
            gateway=gateway,
            unit=_number(asked.get("unit", "")) or self._free_unit(gateway) or "",
            wanted=asked.get("model", "")[:80],
            changed=self._bridge.installation().device(_number(asked.get("change", ""))),
            edition=edition_use(self._bridge.installation()),
            spec=DeviceSpec(0, "", gateway, 0, ""),
            families=setup.FAMILIES,
            designations=catalogue.DESIGNATIONS,
            **self._choices(),
        )

    @needs(("system_configuration", "see"))
    def one(self, id: int) -> str:
        site = self._bridge.installation()
        spec, view = site.device(id), self._bridge.device(id)
        if spec is None or view is None:
            raise not_found("device")
        compiled = self._bridge.map_of(id)
        quantities = compiled.quantities if compiled else view.quantities
        return self._shell.page(
            "setup/device.html",
            spec=spec,
            view=view,
            etag=etag_of(spec),
            model=self._bridge.model_title(spec.model),
            labels={quantity: label_parts(QUANTITIES[quantity].label) for quantity in quantities},
            places=[quantity for quantity in quantities if quantity.startswith(("input_", "output_"))],
            is_new="new" in bottle.request.query,
            meters=self._meters(spec),
            counted_by=next((above for each, above in double_counts(site.devices) if each == spec), None),
            **self._choices(spec),
        )

    def _choices(self, spec: DeviceSpec | None = None) -> dict[str, Any]:
        """What a device can be given: pairs (id, name). What is disabled is left out unless it was given already."""
        site = self._bridge.installation()
        kept_load, kept_groups = (spec.load, spec.groups) if spec else (0, ())
        return {
            "gateways": [(each.id, f"{each.name} · {self._bridge.shown_address(each)}") for each in site.gateways],
            "loads": [(each.id, each.name) for each in site.loads if each.on or each.id == kept_load],
            "groups": [(each.id, each.name, "") for each in site.groups if each.on or each.id in kept_groups],
        }

    def _meters(self, spec: DeviceSpec) -> list[tuple[int, str]]:
        """What may be above it: devices of the same kind of consumption that are not below it."""
        devices = {each.id: each for each in self._bridge.installation().devices}
        fluids = {view.id: fluid_of(view.quantities) for view in self._bridge.devices()}
        return [
            (each.id, each.name)
            for each in devices.values()
            if fluids.get(each.id) == fluids.get(spec.id) and spec not in (each, *ancestors(each, devices))
        ]

    def _free_unit(self, gateway: int) -> int:
        """The lowest address that no device behind it has; 0 = none."""
        taken = {device.unit for device in self._bridge.installation().devices_of(gateway)}
        return next((unit for unit in range(FIRST_UNIT, LAST_UNIT + 1) if unit not in taken), 0)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
