"""Meters of one's own: filled in row by row, checked while one types, tried on a device, used once saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

import bottle

from actors.message.device import EventReported
from runtime.core.decode.compiled import Block, DeviceSettings, compile_map
from runtime.core.map.ownmap import PREFIX, RowFault, check_map, form_of, id_of, table_of, with_rest
from runtime.core.modbus.request import Request
from runtime.core.site.installation import GatewaySpec
from runtime.core.text.edge import text_fault
from runtime.errors import WattkeeperError
from runtime.plugin.ownmaps import OwnMaps
from webui.api.device.test import WITHIN_S, describe_error, readings_of, timeout_of
from webui.api.request.content import json_object
from webui.api.request.parameter import refuse
from webui.http.answer import json_answer
from webui.http.caller import caller
from webui.http.errors import RequestRefused, not_found
from webui.http.permission import Route, needs
from webui.model.actorclient import ActorClient
from webui.model.bridge import Bridge

SEE = (("system_configuration", "see"),)
ACT = (("system_configuration", "act"),)
MOST_BYTES = 262_144
LONGEST = 120


class OwnMapApi:
    def __init__(self, bridge: Bridge, asking: ActorClient | None = None) -> None:
        self._bridge = bridge
        self._asking = asking or ActorClient(bridge)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/maps", self.maps)
        yield Route("POST", "/api/v1/maps", self.add)
        yield Route("POST", "/api/v1/maps/check", self.check)
        yield Route("POST", "/api/v1/maps/test", self.test)
        yield Route("GET", "/api/v1/maps/<id>", self.one)
        yield Route("PUT", "/api/v1/maps/<id>", self.replace)
        yield Route("DELETE", "/api/v1/maps/<id>", self.remove)

    @needs(*SEE)
    def maps(self) -> bottle.HTTPResponse:
        own = self._bridge.own_maps
        return json_answer([self._listed(id, table) for id, table in own.all().items()] if own else [])

    @needs(*SEE)
    def one(self, id: str) -> bottle.HTTPResponse:
        table = self._table(id)
        return json_answer({**self._listed(id, table), **form_of(table)})

    @needs(*ACT)
    def check(self) -> bottle.HTTPResponse:
        """What is wrong, each fault with its row, or how many requests it takes."""
        found, faults = check_map(table_of(f"{PREFIX}new", _form()))
        reads = [] if found is None else [_read(block) for block in compile_map(found).blocks]
        return json_answer({"ok": found is not None, "faults": _faults(faults), "reads": reads})

    @needs(*ACT)
    def test(self) -> bottle.HTTPResponse:
        """What a device tells by these rows, now. ``gateway`` and ``unit`` beside them."""
        form = _form()
        gateway = self._bridge.installation().gateway(form.pop("gateway", 0) or 0)
        unit = form.pop("unit", None)
        if gateway is None:
            raise refuse("gateway", "There is no such gateway.")
        if isinstance(unit, bool) or not isinstance(unit, int) or not 0 <= unit <= 255:
            raise refuse("unit", "unit must be a whole number from 0 to 255.", "out_of_range")
        found, faults = check_map(table_of(f"{PREFIX}new", form))
        if found is None:
            return json_answer({"ok": False, "faults": _faults(faults)})
        with self._asking.waiting():
            try:
                readings = readings_of(compile_map(found), DeviceSettings(), unit, partial(self._ask, gateway))
            except WattkeeperError as error:
                return json_answer({"ok": False, "error": describe_error(error)})
        return json_answer({"ok": True, "readings": readings})

    def _ask(self, gateway: GatewaySpec, request: Request) -> bytes:
        deadline = self._bridge.clock.monotonic() + WITHIN_S
        return self._asking.transact(gateway.id, request, timeout_of(gateway), deadline)

    @needs(*ACT)
    def add(self) -> bottle.HTTPResponse:
        form = _form()
        taken = {*self._bridge.offer().maps, *self._own().all()}
        return self._saved(id_of(str(form.get("title") or ""), taken), form, 201)

    @needs(*ACT)
    def replace(self, id: str) -> bottle.HTTPResponse:
        return self._saved(id, _form(), 200, self._table(id))

    @needs(*ACT)
    def remove(self, id: str) -> bottle.HTTPResponse:
        table = self._table(id)
        if used := self._used_by(id):
            names = ", ".join(device["name"] for device in used)
            raise RequestRefused(409, "map_in_use", f"It is the model of {names}.", more={"devices": used})
        self._own().remove(id)
        self._note("map_removed", str(table.get("title", id)))
        return bottle.HTTPResponse(status=204)

    def _saved(
        self, id: str, form: dict[str, Any], status: int, before: Mapping[str, Any] | None = None
    ) -> bottle.HTTPResponse:
        """``before`` is what it replaces: what no form shows of it stays."""
        table = table_of(id, form)
        if before is not None:
            table = with_rest(table, before)
        found, faults = check_map(table)
        if found is None:
            first = faults[0]
            more = {"faults": _faults(faults)}
            raise RequestRefused(400, "map_invalid", first.message, _form_position(first), first.hint, more=more)
        self._own().save(id, table)
        self._note("map_saved", found.title)
        return json_answer({**self._listed(id, table), **form_of(table)}, status=status)

    def _note(self, code: str, title: str) -> None:
        detail = f"{title} ({caller().name})"
        self._bridge.post("recorder", EventReported(self._bridge.clock.now_ms(), "server", code, detail))

    def _own(self) -> OwnMaps:
        if self._bridge.own_maps is None:
            raise RequestRefused(503, "starting", "The server is just being started.")
        return self._bridge.own_maps

    def _table(self, id: str) -> Mapping[str, Any]:
        table = self._own().all().get(id)
        if table is None:
            raise not_found("map")
        return table

    def _listed(self, id: str, table: Mapping[str, Any]) -> dict[str, Any]:
        rows = table.get("field")
        return {
            "id": id,
            "title": str(table.get("title", id)),
            "quantities": len(rows) if isinstance(rows, list) else 0,
            "usable": id in self._bridge.offer().maps,
            "devices": self._used_by(id),
        }

    def _used_by(self, id: str) -> list[dict[str, Any]]:
        devices = self._bridge.installation().devices
        return [{"id": device.id, "name": device.name} for device in devices if device.model == id]


def _form() -> dict[str, Any]:
    form = json_object(MOST_BYTES)
    for key in ("title", "source"):
        value = form.get(key, "")
        if not isinstance(value, str) or text_fault(value, LONGEST):
            raise refuse(key, f"{key} must be a text of at most {LONGEST} characters in one line.")
    return form


def _faults(faults: Sequence[RowFault]) -> list[dict[str, Any]]:
    return [asdict(fault) for fault in faults]


def _form_position(fault: RowFault) -> str:
    return f"rows[{fault.row}].{fault.field}".rstrip(".") if fault.row else fault.field


def _read(block: Block) -> dict[str, int]:
    return {"function": block.function, "register": block.at, "count": block.words}
