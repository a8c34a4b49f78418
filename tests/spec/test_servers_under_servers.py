"""LINK-2, LINK-3: a master and two slaves, all of them real processes, through kill -9 of either.

What the master reads is what the slave gives, and a slave that comes back gives no less than before.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from pymodbus.client import ModbusTcpClient

from runtime.clock import SystemClock
from runtime.core.edit.installationfile import dump, load
from runtime.core.site.installation import Installation
from runtime.plugin.plugins import load_plugins
from runtime.plugin.sitecheck import Checker
from runtime.settings import default_plugins
from runtime.store.env import open_store
from runtime.store.object.site import installation_of, save_installation
from tests.freeport import free_port
from tests.key import asked, key_to
from tests.spec.workshop import ENERGY, STILL, Workshop, workshop

START_TS = 1_773_222_900  # 2026-03-11 10:55 in Paris
INTERVAL_MIN = 10
MOST_OFF_WH = 10  # the meters go on, and the master reads a moment later
ALL = 29_999
SERVED = '[[modbus_server]]\non = true\nhost = "127.0.0.1"\nport = {port}\n'
MASTER = """
[site]
name = "Head office"
zone = "Europe/Paris"
interval_s = 600
[[gateway]]
name = "North"
url = "slave://127.0.0.1:{north}"
[[gateway]]
name = "South"
url = "slave://127.0.0.1:{south}"
[[device]]
name = "Saws of North"
gateway = "North"
unit = 247
model = "wsmeasure"
parameters = {{remote_id = {saws}}}
[[device]]
name = "All of North"
gateway = "North"
unit = 247
model = "wsmeasure"
parameters = {{remote_id = "all"}}
[[device]]
name = "Lamps of South"
gateway = "South"
unit = 247
model = "wsmeasure"
parameters = {{remote_id = {lamps}}}
"""


class Node:
    """A server in a process of its own, on a folder that was furnished from a file."""

    def __init__(self, folder: Path, text: str, port: int, shop: Workshop, *pace: str) -> None:
        """``port``: of its Modbus server; ``pace`` as ``tests.spec.serving`` takes it."""
        self._folder, self._shop, self.port, self._pace = folder, shop, port, pace
        checker = Checker(load_plugins(default_plugins()), SystemClock())
        store = open_store(folder)
        site = load(text + SERVED.format(port=port), "site.toml", Installation(), checker.known)
        save_installation(store, checker.marked(site))
        store.close()
        self._key = key_to(folder)
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    def start(self) -> None:
        clock = self._shop.clock
        told = [str(each) for each in (clock.file, clock.ts, clock.speed, clock.began)]
        command = [sys.executable, "-m", "tests.spec.serving", str(self._folder), *told, *self._pace]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        self.url = self._process.stdout.readline().strip()

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None and self._process.stdout is not None:
            self._process.kill()
            self._process.wait()
            self._process.stdout.close()
        self._process = None

    @property
    def is_alive(self) -> bool:
        return self._process is not None

    def get(self, path: str) -> Any:
        return self.ask(path)

    def ask(self, path: str, method: str = "GET", body: Any = None) -> Any:
        sent = None if body is None else json.dumps(body).encode()
        with urlopen(asked(self.url + "/api/v1" + path, self._key, method, sent), timeout=60) as answer:
            return json.loads(answer.read())

    def live(self) -> dict[str, tuple[float | None, str]]:
        """Device -> its index in Wh and when that was read."""
        try:
            devices = self.get("/live")["devices"]
        except (URLError, OSError):  # it is just starting
            return {}
        shown = {each["name"]: each["readings"].get(ENERGY, {}) for each in devices}
        return {name: (each.get("value"), each.get("ts") or "") for name, each in shown.items()}

    def state_of(self, device: str) -> str:
        return str(next(each["state"] for each in self.get("/live")["devices"] if each["name"] == device))

    def booked_wh(self, device: str) -> float:
        """What its bins have of all times."""
        number = next(each["id"] for each in self.get("/devices") if each["name"] == device)
        path = f"/consumption?of=device:{number}&fluid=electricity&period=decade&date=2026-03-11"
        return float(self.get(path)["total"] or 0)

    def shown_wh(self, remote_id: int) -> int:
        """What a master reads of its ledger, by unit 247."""
        client = ModbusTcpClient("127.0.0.1", port=self.port)
        try:
            answer = client.read_holding_registers(remote_id, count=4, device_id=247)
        finally:
            client.close()
        return (
            -1 if answer.isError() else int.from_bytes(b"".join(word.to_bytes(2, "big") for word in answer.registers))
        )


class Tree:
    """Two slaves that read the simulated meters, and the master that reads the slaves."""

    def __init__(self, folder: Path, shop: Workshop) -> None:
        self.shop = shop
        north, south, head = free_port(), free_port(), free_port()
        whole = _site_of(shop)
        lamps_only = part_of(whole, "Hall", ("Lamps",))
        saws, lamps = 10_000 + shop.id_of("Saws"), 10_000 + shop.id_of("Lamps")
        self.north = Node(folder / "north", dump(whole), north, shop)
        self.south = Node(folder / "south", dump(lamps_only), south, shop)
        master = MASTER.format(north=north, south=south, saws=saws, lamps=lamps)
        self.master = Node(folder / "master", master, head, shop)
        self.nodes = (self.north, self.south, self.master)

    def turns(self, times: int, of_s: int = 60) -> None:
        """Turn the clock on by steps; the slaves that live read their meters after each."""
        for _ in range(times):
            before = {node: node.live() for node in self.slaves}
            self.shop.clock.turn(of_s)
            for node, seen in before.items():
                self.shop.eventually(partial(_is_read_anew, node, seen))

    def rest(self) -> None:
        """Long enough for readings that follow a silence or a jump, and for the interval after them."""
        self.turns(4)
        self.turns(5, of_s=INTERVAL_MIN * 30)

    @property
    def slaves(self) -> list[Node]:
        return [node for node in (self.north, self.south) if node.is_alive]

    def shows_the_same(self, ours: str, node: Node, theirs: int) -> bool:
        return self.master.live().get(ours, (None, ""))[0] == node.shown_wh(theirs)

    def shows(self, ours: str, node: Node, theirs: int) -> bool:
        """Whether the master shows the energy that the slave gives."""
        given, shown = node.shown_wh(theirs), self.master.live().get(ours, (None, ""))[0]
        return given >= 0 and shown is not None and abs(shown - given) <= MOST_OFF_WH


LINKS = ("Saws of North", "All of North", "Lamps of South")


class Statement:
    """What slaves give and what the master has booked of it, in Wh, at a moment when nothing is drawn."""

    def __init__(self, tree: Tree) -> None:
        tree.shop.outside.stand_still(True)
        saws, lamps = (10_000 + tree.shop.id_of(name) for name in ("Saws", "Lamps"))
        at = ((tree.north, saws), (tree.north, ALL), (tree.south, lamps))
        tree.rest()  # what was in doubt is decided, and booked here and there
        for name, (node, remote_id) in zip(LINKS, at, strict=True):
            tree.shop.eventually(partial(tree.shows_the_same, name, node, remote_id))
        tree.rest()
        self.given = [node.shown_wh(remote_id) for node, remote_id in at]
        self.booked = [tree.master.booked_wh(name) for name in LINKS]
        tree.shop.outside.stand_still(False)


@pytest.mark.timeout(580)
def test_the_master_books_to_the_wh_what_its_slaves_count_through_a_day_away_and_an_exchange(tree: Tree) -> None:
    """North is killed and away for a day, then one of its meters is silent for an hour, then exchanged."""
    tree.turns(INTERVAL_MIN + 2)
    before = Statement(tree)
    tree.north.kill()
    tree.turns(6, of_s=4 * 3_600)
    tree.north.start()
    tree.shop.eventually(lambda: {tree.master.state_of(name) for name in LINKS} == {"on"})
    tree.turns(5)
    tree.shop.outside.fault("Hall", "silent")
    tree.shop.eventually(lambda: tree.north.state_of("Saws") == "communication_error")
    tree.shop.eventually(lambda: tree.master.state_of("Saws of North") == "communication_error")
    assert tree.master.state_of("All of North") == "on"
    tree.shop.clock.turn(3_600)
    tree.shop.outside.fault("Hall", "normal")
    tree.turns(5)
    tree.shop.outside.happens("Saws", set={ENERGY: 1_000})
    tree.turns(5)
    tree.master.kill()
    tree.turns(2)
    tree.master.start()
    after = Statement(tree)
    given = [now - then for then, now in zip(before.given, after.given, strict=True)]
    booked = [now - then for then, now in zip(before.booked, after.booked, strict=True)]
    assert booked == given
    assert min(given) > 10_000


def _is_read_anew(node: Node, before: dict[str, tuple[float | None, str]]) -> bool:
    now = node.live()
    return bool(now) and all(ts and ts != before.get(name, (None, ""))[1] for name, (_, ts) in now.items())


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    with workshop(tmp_path, ts=START_TS, speed=STILL) as shop:
        made = Tree(tmp_path, shop)
        try:
            for node in made.nodes:
                node.start()
            yield made
        finally:
            for node in made.nodes:
                node.kill()


@pytest.mark.timeout(580)
def test_the_master_shows_what_its_slaves_count_through_kill_9_of_either(tree: Tree) -> None:
    saws, lamps = (10_000 + tree.shop.id_of(name) for name in ("Saws", "Lamps"))
    links = (
        ("Saws of North", tree.north, saws),
        ("All of North", tree.north, ALL),
        ("Lamps of South", tree.south, lamps),
    )

    def all_agree() -> None:
        for link in links:
            tree.shop.eventually(partial(tree.shows, *link))

    tree.turns(8)  # past the end of an interval, so that the slaves have ledgers
    all_agree()
    before = [node.shown_wh(remote_id) for _, node, remote_id in links]
    assert min(before) > 0
    tree.south.kill()
    tree.turns(1)
    tree.shop.eventually(lambda: tree.master.state_of("Lamps of South") == "communication_error")
    assert tree.master.state_of("Saws of North") == "on"
    tree.south.start()
    tree.master.kill()
    tree.turns(1)
    tree.master.start()
    all_agree()
    after = [node.shown_wh(remote_id) for _, node, remote_id in links]
    assert all(now > then for then, now in zip(before, after, strict=True))


def part_of(site: Installation, gateway: str, devices: tuple[str, ...]) -> Installation:
    """Of the site only a gateway and some of its devices; the meter above them is no part of it."""
    kept = tuple(replace(each, above=0) for each in site.devices if each.name in devices)
    return replace(site, gateways=tuple(each for each in site.gateways if each.name == gateway), devices=kept)


def _site_of(shop: Workshop) -> Installation:
    store = open_store(shop.data)
    try:
        return installation_of(store)
    finally:
        store.close()
