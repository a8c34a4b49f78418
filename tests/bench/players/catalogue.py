"""One device of every catalogue number: ``slaves FIRST_PORT`` plays them, ``server FIRST_PORT SECONDS`` polls them."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from drivers.families.plugin import families
from runtime.app import STACK_BYTES, Server
from runtime.clock import SystemClock
from runtime.core.map.devicemap import DeviceMap
from runtime.core.map.labels import CatalogueEntry
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from runtime.plugin.plugins import load_plugins
from runtime.plugin.sitecheck import Checker
from runtime.settings import Address, Settings, default_plugins
from runtime.store.env import open_store
from runtime.store.object.site import save_installation
from simulator.device.image import Encoder, SpaceImage
from simulator.gateway.gateway import GatewayConnection, TcpConnection, TcpGateway
from simulator.scenario.models import Models
from tests.bench.players.server import AS_FAST_AS_THEY_ANSWER, buses

BEHIND_ONE = 8  # devices on a gateway
TURNAROUND_MS = 40
GENERIC = {"function": 3, "register": "0000", "words": 2, "factor": 1}


class Still:
    """A unit whose registers stand."""

    def __init__(self, found: DeviceMap) -> None:
        told = {field.name: Fraction(1) for field in found.fields if field.role == "parameter"}
        values = {field.quantity: 100 for field in found.fields if QUANTITIES[field.quantity].kind != "state"}
        self._image = Encoder(found, told).image(values)

    def spaces(self, at_ms: int) -> dict[str, SpaceImage]:
        return self._image

    def write(self, space: str, at: int, data: bytes, at_ms: int) -> int:
        return 0


def site(first_port: int) -> Installation:
    entries = [entry for family in families() for entry in family.entries if "remote_id" not in entry.parameters]
    devices = tuple(_device(number, entry) for number, entry in enumerate(entries))
    gateways = tuple(
        GatewaySpec(id, f"Gateway {id}", f"tcp://127.0.0.1:{first_port + id - 1}")
        for id in sorted({device.gateway for device in devices})
    )
    return Installation(zone="UTC", gateways=gateways, devices=devices)


def _device(number: int, entry: CatalogueEntry) -> DeviceSpec:
    gateway, unit = divmod(number, BEHIND_ONE)
    parameters = {"concentrator": "4 120 65"} if "concentrator" in entry.parameters else {}
    return DeviceSpec(
        number + 1, entry.number, gateway + 1, unit + 1, entry.map, number=entry.number,
        parameters=GENERIC if "register" in entry.parameters else parameters,
        position=1 if "position" in entry.parameters else 0,
        side="left" if "side" in entry.parameters else "",
        phase=1 if "phase" in entry.parameters else 0,
    )  # fmt: skip


def configure(folder: Path, first_port: int) -> int:
    """The folder of a server that has them all; how many gateways that takes. Raises what the whole check finds."""
    whole = site(first_port)
    checker = Checker(load_plugins(default_plugins()), SystemClock())
    faults = checker.faults(whole)
    assert not faults, faults[:3]
    store = open_store(folder)
    save_installation(store, checker.marked(whole))
    store.close()
    return len(whole.gateways)


async def play(first_port: int) -> None:
    for gateway in _gateways(site(first_port), Models(), first_port):
        await gateway.plug()
    print("ready", flush=True)
    await asyncio.Event().wait()


def _gateways(whole: Installation, models: Models, first_port: int) -> Iterator[TcpGateway]:
    for spec in whole.gateways:
        units = {
            device.unit: Still(models.map(device.model, device.map_parameters)) for device in whole.devices_of(spec.id)
        }
        desk = GatewayConnection(units, lambda: 0, turnaround_s=TURNAROUND_MS / 1000)
        yield TcpGateway(desk, "127.0.0.1", first_port + spec.id - 1, TcpConnection)


def poll(first_port: int, seconds: float) -> None:
    threading.stack_size(STACK_BYTES)
    with tempfile.TemporaryDirectory() as folder:
        configure(Path(folder), first_port)
        settings = Settings(Path(folder), default_plugins(), Address("127.0.0.1", 0))
        server = Server(settings, periods=AS_FAST_AS_THEY_ANSWER)
        server.start()
        time.sleep(4)
        before = buses(server)
        time.sleep(seconds)
        after = buses(server)
        states = [server.views.get(f"device.{device.id}").state for device in server.installation.devices]
        server.stop()
    rate = sum((after[id].polls - bus.polls) / (after[id].at - bus.at) for id, bus in before.items())
    errors = sum(sum(bus.errors.values()) for bus in after.values())
    print(json.dumps({"polls_per_s": rate, "errors": errors, "on": states.count("on"), "devices": len(states)}))


if __name__ == "__main__":
    if sys.argv[1] == "slaves":
        asyncio.run(play(int(sys.argv[2])))
    else:
        poll(int(sys.argv[2]), float(sys.argv[3]))
