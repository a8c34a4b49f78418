"""Looking for devices behind a gateway: started, followed, ended; what was found, and what of it is configured."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bottle

from actors.message.scan import SCANNER, CancelScan, ScannedUnit, ScanView, StartScan
from runtime.core.modbus.unitlist import parse_units
from runtime.core.site.installation import DeviceSpec, GatewaySpec
from runtime.errors import WattkeeperError
from runtime.text.moment import iso_ms
from webui.api.request.content import json_object
from webui.api.request.parameter import refuse
from webui.http.answer import json_answer
from webui.http.errors import RequestRefused, not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge

SEE = (("system_configuration", "see"),)
ACT = (("system_configuration", "act"),)
ALL = "1-247"
WITHIN_S = 5.0


class ScanApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def routes(self) -> Iterable[Route]:
        path = "/api/v1/gateways/<id:int>/scan"
        yield Route("GET", path, self.scan)
        yield Route("POST", path, self.start)
        yield Route("DELETE", path, self.cancel)

    @needs(*SEE)
    def scan(self, id: int) -> bottle.HTTPResponse:
        self._gateway(id)
        return json_answer(self._describe(id))

    @needs(*ACT)
    def start(self, id: int) -> bottle.HTTPResponse:
        """In the background, between polling. Devices that answer anyway are not asked again."""
        gateway = self._gateway(id)
        units = self._units()
        if not gateway.on:
            raise RequestRefused(409, "gateway_off", "The gateway is switched off.")
        scheme = self._bridge.scheme(gateway)
        if not scheme.is_scanned:
            message = f"Nobody can be asked behind {scheme.title}: its devices speak by themselves."
            raise RequestRefused(409, "scan_unfit", message)
        known = {self._address(device) for device in self._answering(id)}
        asked = tuple(unit for unit in units if unit not in known)
        try:
            self._bridge.ask(SCANNER, lambda reply: StartScan(id, asked, scheme.is_serial, reply), WITHIN_S)
        except WattkeeperError as error:
            raise RequestRefused(409 if error.code == "scan_busy" else 503, error.code, error.message) from None
        return json_answer(self._describe(id), 202)

    @needs(*ACT)
    def cancel(self, id: int) -> bottle.HTTPResponse:
        """After the unit that is being asked."""
        self._gateway(id)
        self._bridge.post(SCANNER, CancelScan(id))
        return json_answer(self._describe(id), 202)

    def _units(self) -> tuple[int, ...]:
        values = json_object()
        told = values.pop("units", ALL) or ALL
        try:
            if values or not isinstance(told, str) or len(told) > 500:
                raise ValueError("units must be a text like 1-20,31.")
            return parse_units(told)
        except ValueError as error:
            raise refuse("units", str(error), "units_wrong") from None

    def _gateway(self, id: int) -> GatewaySpec:
        spec = self._bridge.installation().gateway(id)
        if spec is None:
            raise not_found("gateway")
        return spec

    def _answering(self, gateway: int) -> list[DeviceSpec]:
        """Devices that are configured and answer as what they are."""
        behind = self._bridge.installation().devices_of(gateway)
        return [device for device in behind if device.on and self._bridge.view_of(device).state == "on"]

    def _address(self, device: DeviceSpec) -> int:
        """Where it answers on the wire, also behind an EMS interface; 0 = nowhere."""
        compiled = self._bridge.map_of(device.id)
        try:
            return compiled.address_of(device) if compiled else device.unit
        except ValueError:
            return 0

    def _describe(self, id: int) -> dict[str, Any]:
        view = self._bridge.scan(id)
        if view is None:
            return {"state": "none", "units": 0, "asked": 0, "started": None, "error": None, "found": []}
        return {
            "state": view.state,
            "units": len(view.units),
            "asked": view.asked,
            "started": iso_ms(view.started_ms, self._bridge.zone),
            "error": {"code": view.code, "message": view.message} if view.code else None,
            "found": self._describe_units(view),
        }

    def _describe_units(self, view: ScanView) -> list[dict[str, Any]]:
        """By unit; ``device`` is the one that is configured there."""
        asked = {found.unit for found in view.found}
        rows = [self._unit(found, view.gateway) for found in view.found]
        for device in self._answering(view.gateway):
            unit = self._address(device)
            if unit not in asked and unit not in view.units:
                asked.add(unit)
                rows.append(self._unit(ScannedUnit(unit, 0.0, True, (device.model,), device.model), view.gateway))
        return sorted(rows, key=lambda row: int(row["unit"]))

    def _unit(self, found: ScannedUnit, gateway: int) -> dict[str, Any]:
        maps = self._bridge.offer().maps
        behind = self._bridge.installation().devices_of(gateway)
        models = [maps[id] for id in found.models if id in maps]
        return {
            "unit": found.unit,
            "took_ms": round(found.took_s * 1000, 1),
            "sure": found.sure,
            "chosen": found.chosen or None,
            "identification": found.identification or None,
            "models": [{"id": each.id, "title": each.title, "trust": each.trust} for each in models],
            "device": next((device.id for device in behind if self._address(device) == found.unit), None),
        }
