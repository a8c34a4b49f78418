"""LINK-3: three levels of servers, real processes: seen from the top, picked from a list, and no loop counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.freeport import free_port
from tests.spec.test_servers_under_servers import ALL, Node
from tests.spec.workshop import STILL, Workshop, workshop

START_TS = 1_773_222_900
SITE = '[site]\nname = "{name}"\nzone = "Europe/Paris"\ninterval_s = 600\n'
READS = """
[[gateway]]
name = "{name}"
url = "slave://127.0.0.1:{port}"
[[device]]
name = "All of {name}"
gateway = "{name}"
unit = 247
model = "wsmeasure"
parameters = {{remote_id = "all"}}
"""


class Chain:
    """Head office reads Works, Works reads Yard, and Yard nobody yet."""

    def __init__(self, folder: Path, shop: Workshop) -> None:
        self.shop = shop
        ports = {name: free_port() for name in ("Head office", "Works", "Yard")}
        reads = {"Head office": "Works", "Works": "Yard"}
        self.nodes = {
            name: Node(folder / name, SITE.format(name=name) + _read(reads.get(name), ports), port, shop)
            for name, port in ports.items()
        }
        self.head, self.works, self.yard = self.nodes.values()

    def tree(self) -> list[tuple[str, str]]:
        """What the head office shows, from the top."""
        return list(_walk(self.head.get("/servers")))


def _read(name: str | None, ports: dict[str, int]) -> str:
    return READS.format(name=name, port=ports[name]) if name else ""


def _walk(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield node["name"], node["state"]
    for part in node["servers"]:
        yield from _walk(part)


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    with workshop(tmp_path, ts=START_TS, speed=STILL) as shop:
        chain = Chain(tmp_path, shop)
        try:
            for node in chain.nodes.values():
                node.start()
            yield chain
        finally:
            for node in chain.nodes.values():
                node.kill()


@pytest.mark.timeout(400)
def test_the_tree_is_seen_from_the_top_and_a_loop_is_refused_with_its_path(chain: Chain) -> None:
    eventually = chain.shop.eventually
    eventually(lambda: chain.head.live() and chain.yard.live() is not None and _is_whole(chain, "on"))
    offered = chain.head.get("/gateways/1/remote-objects")["objects"]
    assert [(each["remote_id"], each["name"]) for each in offered][:2] == [(ALL, ""), (10_001, "All of Yard")]

    back = {"name": "Head office", "url": f"slave://127.0.0.1:{chain.head.port}"}
    gateway = chain.yard.ask("/gateways", "POST", back)["id"]
    loop = {"name": "Back", "gateway": gateway, "unit": 247, "model": "wsmeasure", "parameters": {"remote_id": ALL}}
    chain.yard.ask("/devices", "POST", loop)
    path = "Yard → Head office → Works → Yard"
    eventually(lambda: [each["detail"] for each in _loops(chain.yard)] == [path])
    eventually(lambda: chain.yard.state_of("Back") == "configuration_error")
    device = next(each for each in chain.yard.get("/devices") if each["name"] == "Back")
    assert (device["error"]["code"], device["error"]["message"]) == ("server_loop", path)
    eventually(lambda: ("Head office", "loop") in chain.tree())
    assert chain.head.state_of("All of Works") == "on"
    assert not _loops(chain.head) and not _loops(chain.works)

    chain.yard.ask(f"/gateways/{gateway}", "PATCH", {"on": False})
    eventually(lambda: _is_whole(chain, "on"))
    chain.works.kill()
    eventually(lambda: _is_whole(chain, "away"))


def _is_whole(chain: Chain, works: str) -> bool:
    return chain.tree() == [("Head office", "on"), ("Works", works), ("Yard", "on")]


def _loops(node: Node) -> list[Any]:
    return [each for each in node.get("/events?limit=50") if each["code"] == "server_loop"]
