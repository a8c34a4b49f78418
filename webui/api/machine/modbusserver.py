"""The Modbus TCP server: where it listens, who reads it, and what each Remote ID stands for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bottle

from runtime.core.modbusserver.allocation import ALLOCATION_VIEW
from runtime.core.modbusserver.remoteid import ENERGY_UNIT
from runtime.core.modbusserver.serverview import MasterState
from runtime.text.moment import iso_ms
from webui.http.answer import json_answer
from webui.http.errors import RequestRefused
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.modbus.served import modbus_state, offered_objects
from webui.model.modbus.tablecsv import table_csv

FILE = "modbus-registers.csv"
SEE = (("server_configuration", "see"), ("system_configuration", "see"))


class ModbusServerApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/modbus-server", self.state)
        yield Route("GET", "/api/v1/modbus-server/objects", self.objects)
        yield Route("GET", "/api/v1/modbus-server/table", self.table)

    @needs(*SEE)
    def state(self) -> bottle.HTTPResponse:
        view = modbus_state(self._bridge)
        trouble = view.trouble
        return json_answer(
            {
                "listens": bool(view.port),
                "host": view.host if view.port else None,
                "port": view.port or None,
                "connections": view.connections,
                "refused": view.refused,
                "error": None if trouble is None else {"code": trouble.code, "message": trouble.message},
                "masters": [self._master(master) for master in view.masters],
            }
        )

    @needs(*SEE)
    def objects(self) -> bottle.HTTPResponse:
        """What a master can pick: unit 247, and the Remote ID as the address of its first word."""
        objects = [
            {"remote_id": each.remote_id, "kind": each.kind, "id": each.id or None, "name": each.name}
            for each in offered_objects(self._bridge)
        ]
        return json_answer({"unit": ENERGY_UNIT, "objects": objects})

    @needs(*SEE)
    def table(self) -> bottle.HTTPResponse:
        """The registers of unit 246 as CSV; who has none yet is not in it."""
        allocation = self._bridge.views.get(ALLOCATION_VIEW)
        if allocation is None:
            raise RequestRefused(409, "modbus_server_off", "The Modbus server is switched off.")
        names = {device.id: device.name for device in self._bridge.installation().devices}
        headers = {"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": f'attachment; filename="{FILE}"'}
        return bottle.HTTPResponse(table_csv(allocation, names), headers=headers)

    def _master(self, master: MasterState) -> dict[str, Any]:
        last = iso_ms(master.last_ms, self._bridge.zone) if master.last_ms else None
        return {
            "address": master.address,
            "connections": master.connections,
            "requests": master.requests,
            "last": last,
        }
