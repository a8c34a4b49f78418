"""Other servers as pages and the API show them: who reads whom, and what a server below offers to be read."""

from __future__ import annotations

from runtime.core.modbusserver.remoteid import RemoteObject
from runtime.core.servertree.node import SERVER_TREE_VIEW, ServerNode
from runtime.core.servertree.reading import TableReading
from runtime.core.servertree.table import NoTable, decode_objects
from webui.http.errors import RequestRefused
from webui.model.actorclient import ActorClient
from webui.model.bridge import Bridge

TIMEOUT_S, WITHIN_S = 1.0, 10.0
TRIES = 2  # where the table changes while it is read


def server_tree(bridge: Bridge) -> ServerNode:
    """This server with all below it; alone before anybody was asked."""
    return bridge.views.get(SERVER_TREE_VIEW, ServerNode(0, bridge.installation().site))


def objects_of(bridge: Bridge, client: ActorClient, gateway: int) -> tuple[RemoteObject, ...]:
    """What the server behind a gateway offers by Remote ID, asked now.

    Raises WattkeeperError as the wire does, RequestRefused where it is none of ours.
    """
    deadline = bridge.clock.monotonic() + WITHIN_S
    for _ in range(TRIES):
        reading = TableReading("objects")
        try:
            while (request := reading.request) is not None:
                reading.take(client.transact(gateway, request, TIMEOUT_S, deadline))
            return decode_objects(reading.text)
        except NoTable:
            continue
    raise RequestRefused(409, "server_foreign", "This server does not say what it offers.")
