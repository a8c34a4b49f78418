"""LINK-3: three levels of servers, each a process of its own, sum to the Wh; ``make soak`` has forty of them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest

from runtime.core.edit.installationfile import dump
from tests.freeport import free_port
from tests.soak import FULL
from tests.spec.test_servers_under_servers import ALL, Node, _site_of, part_of
from tests.spec.workshop import STILL, Workshop, workshop

START_TS = 1_773_222_900
MIDDLE, EACH = (3, 12) if FULL else (2, 2)  # of the second level; of the third level below each of them
AT_ONCE = 4  # that are started or asked
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


class Company:
    """A head office over works, each of them over sheds that read the two meters of the hall."""

    def __init__(self, folder: Path, shop: Workshop) -> None:
        self.shop, self._folder = shop, folder
        shed = dump(part_of(_site_of(shop), "Hall", ("Saws", "Lamps")))
        self.sheds = [[self._node(f"Shed {n}.{m}", shed) for m in range(EACH)] for n in range(MIDDLE)]
        self.works = [self._node(f"Works {n}", _reading(sheds, f"Shed {n}.")) for n, sheds in enumerate(self.sheds)]
        self.head = self._node("Head office", _reading(self.works, "Works "))
        self.nodes = [*(shed for sheds in self.sheds for shed in sheds), *self.works, self.head]

    def _node(self, name: str, text: str) -> Node:
        head = "" if "[site]" in text else SITE.format(name=name)
        return Node(self._folder / name, head + text, free_port(), self.shop, "calm")

    def start(self) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(Node.start, self.nodes))

    def turns(self, times: int, of_s: int) -> None:
        """Turn the clock on by steps; each device of each server is read after each."""
        for _ in range(times):
            before = [_read_at(node) for node in self.nodes]
            self.shop.clock.turn(of_s)
            for node, seen in zip(self.nodes, before, strict=True):
                self.shop.eventually(lambda node=node, seen=seen: _is_later(_read_at(node), seen))

    def settle(self) -> dict[str, int]:
        """Nothing is drawn any more, all agree: what each server gives for all its loads, in Wh."""
        self.shop.outside.stand_still(True)
        self.turns(4, 60)
        self.turns(5, 300)
        for below, node in [*zip(self.sheds, self.works, strict=True), (self.works, self.head)]:
            self.shop.eventually(lambda below=below, node=node: _shown(node) == [_given(each) for each in below])
        given = {"head": _given(self.head), "works": sum(map(_given, self.works))}
        given["sheds"] = sum(_given(shed) for sheds in self.sheds for shed in sheds)
        self.shop.outside.stand_still(False)
        return given


def _reading(below: list[Node], name: str) -> str:
    return "".join(READS.format(name=f"{name}{n}", port=node.port) for n, node in enumerate(below))


def _live(node: Node) -> list[Any]:
    try:
        return list(node.get("/live")["devices"])
    except (URLError, OSError):  # it is just starting
        return []


def _read_at(node: Node) -> list[str]:
    return [
        reading["ts"] or "" for each in _live(node) for reading in each["readings"].values() if reading["unit"] == "Wh"
    ]


def _is_later(now: list[str], before: list[str]) -> bool:
    return bool(now) and all(now) and all(new != old for new, old in zip(now, before, strict=False))


def _shown(node: Node) -> list[float | None]:
    """What it read of those below it, in the order of its gateways."""
    return [each["readings"].get("active_energy_import_wh", {}).get("value") for each in _live(node)]


def _given(node: Node) -> int:
    return node.shown_wh(ALL)


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with workshop(tmp_path, ts=START_TS, speed=STILL) as shop:
        company = Company(tmp_path, shop)
        try:
            company.start()
            yield company
        finally:
            for node in company.nodes:
                node.kill()


@pytest.mark.soak
@pytest.mark.timeout(1_800)
def test_a_tree_of_three_levels_sums_to_the_wh(company: Company) -> None:
    company.turns(3, 300)
    before = company.settle()
    company.turns(6, 300)
    after = company.settle()
    counted = {level: after[level] - before[level] for level in after}
    assert counted["head"] == counted["works"] == counted["sheds"]
    assert counted["head"] > 1_000 * MIDDLE * EACH
