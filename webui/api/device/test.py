"""Does it work? One gateway or one device, asked now, ahead of polling."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import bottle

from runtime.core.decode.decoder import Decoder, settings_of
from runtime.core.device.onereading import OneReading
from runtime.core.map.normalise import DeviceSettings
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.installation import DeviceSpec, GatewaySpec
from runtime.core.source.query import Query
from runtime.errors import WattkeeperError
from runtime.text.figures import json_number
from webui.http.answer import json_answer
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.actorclient import ActorClient
from webui.model.bridge import Bridge

TIMEOUT_S = 1.0
WITHIN_S = 10.0


class DeviceTestApi:
    def __init__(self, bridge: Bridge, asking: ActorClient | None = None) -> None:
        self._bridge = bridge
        self._asking = asking or ActorClient(bridge)

    def routes(self) -> Iterable[Route]:
        yield Route("POST", "/api/v1/gateways/<id:int>/test", self.gateway)
        yield Route("POST", "/api/v1/devices/<id:int>/test", self.device)

    @needs(("panel_board", "act"), ("system_configuration", "act"))
    def device(self, id: int) -> bottle.HTTPResponse:
        """All that the device tells now, or the first thing that went wrong; registers it does not have are None."""
        spec = self._bridge.installation().device(id)
        if spec is None:
            raise not_found("device")
        with self._asking.waiting():
            try:
                return json_answer({"ok": True, "readings": self._readings(spec, self._deadline())})
            except WattkeeperError as error:
                return json_answer({"ok": False, "error": describe_error(error)})

    @needs(("panel_board", "act"), ("system_configuration", "act"))
    def gateway(self, id: int) -> bottle.HTTPResponse:
        """One read of each device; it works when one of them answers, or when it can be reached and has none."""
        spec = self._bridge.installation().gateway(id)
        if spec is None:
            raise not_found("gateway")
        devices = [device for device in self._bridge.installation().devices_of(id) if device.on]
        with self._asking.waiting():
            deadline = self._deadline()
            tried = [self._tried(spec, device, deadline) for device in devices]
            failed = [each["error"] for each in tried if each["error"]]
            error = (
                self._unreachable(spec, deadline) if not devices else failed[0] if len(failed) == len(tried) else None
            )
        ok = {"ok": False, "error": error} if error else {"ok": True, "readings": {}}
        return json_answer({**ok, "devices": tried})

    def _deadline(self) -> float:
        return self._bridge.clock.monotonic() + WITHIN_S

    def _readings(self, spec: DeviceSpec, deadline: float) -> dict[str, Any]:
        compiled = self._bridge.map_of(spec.id)
        if compiled is None:
            raise WattkeeperError("model_unknown", f"no driver knows the model {spec.model}")
        ask = partial(self._ask, spec.gateway, deadline)
        return readings_of(compiled, settings_of(spec), compiled.address_of(spec), ask)

    def _ask(self, gateway: int, deadline: float, request: Query) -> bytes:
        timeout_s = timeout_of(self._bridge.installation().gateway(gateway))
        return self._asking.transact(gateway, request, timeout_s, deadline)

    def _tried(self, gateway: GatewaySpec, device: DeviceSpec, deadline: float) -> dict[str, Any]:
        compiled = self._bridge.map_of(device.id)
        if compiled and compiled.blocks:
            request = compiled.request(0, compiled.address_of(device))
        else:
            request = self._bridge.scheme(gateway).greet(device.unit)
        began = self._bridge.clock.monotonic()
        error = None
        try:
            self._asking.transact(gateway.id, request, timeout_of(gateway), deadline)
        except WattkeeperError as failure:
            error = describe_error(failure)
        took_ms = round((self._bridge.clock.monotonic() - began) * 1000, 1)
        return {"device": device.id, "ok": error is None, "took_ms": took_ms, "error": error}

    def _unreachable(self, gateway: GatewaySpec, deadline: float) -> dict[str, str] | None:
        """Why a gateway without devices cannot be reached; that nobody answers there is no fault of it."""
        try:
            self._asking.transact(gateway.id, self._bridge.scheme(gateway).greet(1), timeout_of(gateway), deadline)
        except WattkeeperError as error:
            return describe_error(error) if error.code.startswith(("link_", "port_", "gateway_")) else None
        return None


def readings_of(
    compiled: Decoder, settings: DeviceSettings, unit: int, ask: Callable[[Query], bytes]
) -> dict[str, Any]:
    """All that a device tells; registers it does not have are None. Raises what ``ask`` does, when it refuses all."""
    values = OneReading(compiled, settings, unit, ask).run()
    return {id: _reading(id, n) for id, n in zip(compiled.quantities, values.values_n, strict=True)}


def timeout_of(gateway: GatewaySpec | None) -> float:
    return gateway.timeout_ms / 1000 if gateway and gateway.timeout_ms else TIMEOUT_S


def describe_error(error: WattkeeperError) -> dict[str, str]:
    return {"code": error.code, "message": error.message}


def _reading(id: str, n: int | str | None) -> dict[str, Any]:
    row = QUANTITIES[id]
    return {"value": json_number(n, row.exp10) if isinstance(n, int) else n, "unit": row.unit}
