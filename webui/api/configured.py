"""What is configured, with the state of each: devices, gateways, loads, groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bottle

from runtime.core.installation import DeviceSpec, GatewaySpec, GroupSpec, LoadSpec
from runtime.core.view import Trouble
from webui.api.answer import json_answer
from webui.bridge import Bridge
from webui.errors import not_found
from webui.moment import iso_ms
from webui.permission import Route, needs

SEE = (("panel_board", "see"), ("system_configuration", "see"))
SEE_NAMES = (*SEE, ("consumptions", "see"))


class ConfiguredApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/devices", self.devices)
        yield Route("GET", "/api/v1/devices/<id:int>", self.device)
        yield Route("GET", "/api/v1/gateways", self.gateways)
        yield Route("GET", "/api/v1/gateways/<id:int>", self.gateway)
        yield Route("GET", "/api/v1/loads", self.loads)
        yield Route("GET", "/api/v1/groups", self.groups)

    @needs(*SEE_NAMES)
    def devices(self) -> bottle.HTTPResponse:
        return json_answer([self._device(spec) for spec in self._bridge.installation().devices])

    @needs(*SEE_NAMES)
    def device(self, id: int) -> bottle.HTTPResponse:
        spec = self._bridge.installation().device(id)
        if spec is None:
            raise not_found("device")
        return json_answer(self._device(spec))

    @needs(*SEE)
    def gateways(self) -> bottle.HTTPResponse:
        return json_answer([self._gateway(spec) for spec in self._bridge.installation().gateways])

    @needs(*SEE)
    def gateway(self, id: int) -> bottle.HTTPResponse:
        spec = self._bridge.installation().gateway(id)
        if spec is None:
            raise not_found("gateway")
        return json_answer(self._gateway(spec))

    @needs(*SEE_NAMES)
    def loads(self) -> bottle.HTTPResponse:
        return json_answer([_load(spec) for spec in self._bridge.installation().loads])

    @needs(*SEE_NAMES)
    def groups(self) -> bottle.HTTPResponse:
        return json_answer([_group(spec) for spec in self._bridge.installation().groups])

    def _device(self, spec: DeviceSpec) -> dict[str, Any]:
        view = self._bridge.device(spec.id)
        assert view is not None
        return {
            "id": spec.id,
            "name": spec.name,
            "gateway": spec.gateway,
            "unit": spec.unit,
            "model": spec.model,
            "on": spec.on,
            "load": spec.load or None,
            "groups": list(spec.groups),
            "excluded": spec.excluded,
            "supply": spec.supply,
            "parameters": dict(spec.parameters),
            "state": view.state,
            "error": self._error(view.trouble),
            "trust": view.trust,
            "quantities": list(view.quantities),
        }

    def _gateway(self, spec: GatewaySpec) -> dict[str, Any]:
        view, bus = self._bridge.gateway(spec.id), self._bridge.bus(spec.id)
        assert view is not None
        return {
            "id": spec.id,
            "name": spec.name,
            "url": spec.url,
            "description": spec.description,
            "on": spec.on,
            "state": view.state,
            "error": self._error(view.trouble or bus.trouble),
            "devices": list(view.devices),
            "connected": bus.connected,
            "round_s": round(view.round_s or bus.round_s, 3),
            "utilisation_pct": round(bus.utilisation_pct, 1),
            "polls": bus.polls,
            "errors": dict(bus.errors),
            "ages": [
                {
                    "device": age.device,
                    "promised_s": round(age.promised_s, 2),
                    "measured_s": None if age.measured_s is None else round(age.measured_s, 2),
                }
                for age in bus.ages
            ],
        }

    def _error(self, trouble: Trouble | None) -> dict[str, str] | None:
        if trouble is None:
            return None
        since = iso_ms(trouble.since_ms, self._bridge.zone)
        return {"code": trouble.code, "message": trouble.message, "since": since}


def _load(spec: LoadSpec) -> dict[str, Any]:
    return {"id": spec.id, "name": spec.name, "on": spec.on}


def _group(spec: GroupSpec) -> dict[str, Any]:
    return {"id": spec.id, "name": spec.name, "description": spec.description, "on": spec.on}
