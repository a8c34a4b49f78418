"""Servers under servers: the tree of those that read one another, and what one of them offers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bottle

from runtime.core.modbusserver.remoteid import ENERGY_UNIT
from runtime.core.servertree.node import NEVER_S, ServerNode
from runtime.errors import Refused, WattkeeperError
from webui.http.answer import json_answer
from webui.http.errors import RequestRefused, not_found
from webui.http.permission import Route, needs
from webui.model.actorclient import ActorClient
from webui.model.bridge import Bridge
from webui.model.modbus.servers import objects_of, server_tree

UNKNOWN_ADDRESS = (1, 2, 3)


class ServersApi:
    def __init__(self, bridge: Bridge, client: ActorClient | None = None) -> None:
        self._bridge = bridge
        self._client = client or ActorClient(bridge)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/servers", self.tree)
        yield Route("GET", "/api/v1/gateways/<id:int>/remote-objects", self.objects)

    @needs(("server_configuration", "see"), ("system_configuration", "see"))
    def tree(self) -> bottle.HTTPResponse:
        return json_answer(_describe(server_tree(self._bridge)))

    @needs(("system_configuration", "act"))
    def objects(self, id: int) -> bottle.HTTPResponse:
        """As the other server lists them; 409 where it is none of ours, 503 where it cannot be reached."""
        if self._bridge.installation().gateway(id) is None:
            raise not_found("gateway")
        with self._client.waiting():
            try:
                offered = objects_of(self._bridge, self._client, id)
            except Refused as error:
                code = "server_foreign" if error.exception in UNKNOWN_ADDRESS else error.code
                raise RequestRefused(409, code, error.message) from None
            except RequestRefused:
                raise
            except WattkeeperError as error:
                raise RequestRefused(503, error.code, error.message) from None
        objects = [
            {"remote_id": each.remote_id, "kind": each.kind, "id": each.id or None, "name": each.name}
            for each in offered
        ]
        return json_answer({"unit": ENERGY_UNIT, "objects": objects})


def _describe(node: ServerNode) -> dict[str, Any]:
    return {
        "name": node.name,
        "gateway": node.gateway or None,
        "state": node.state,
        "age_s": None if node.age_s == NEVER_S else node.age_s,
        "servers": [_describe(part) for part in node.parts],
    }
