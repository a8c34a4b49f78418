"""The whole server polling as fast as its gateways answer, some of them broken: GATEWAYS FIRST_PORT SECONDS [PORT …]

Counted are the healthy ones: neither with a dead device nor at one of the ports, where something goes wrong. Without
ports all are healthy, and the same are counted.
"""

import json
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

from runtime.app import STACK_BYTES, Server
from runtime.core.site.installation import Installation
from runtime.settings import Address, Settings, default_plugins
from runtime.store.env import open_store
from runtime.store.object.site import installation_of, save_installation
from tests.bench.players.server import AS_FAST_AS_THEY_ANSWER, buses, configure

NOBODY = 99  # a unit that is not there


def goes_wrong(id: int) -> bool:
    return id % 10 == 7


def has_dead(id: int) -> bool:
    return id % 10 == 3


def broken(site: Installation, ports: list[int]) -> Installation:
    """10 % of the gateways stand at the ports; 10 % have a second device that is dead."""
    urls = [f"tcp://127.0.0.1:{port}" for port in ports]
    gateways = tuple(replace(g, url=urls[g.id // 10 % len(urls)]) if goes_wrong(g.id) else g for g in site.gateways)
    dead = tuple(
        replace(device, id=5000 + device.id, name=f"Dead {device.id}", unit=NOBODY)
        for device in site.devices
        if has_dead(device.gateway)
    )
    return replace(site, version=site.version + 1, gateways=gateways, devices=(*site.devices, *dead))


def main(gateways: int, first_port: int, seconds: float, ports: list[int]) -> None:
    threading.stack_size(STACK_BYTES)
    with tempfile.TemporaryDirectory() as folder:
        configure(Path(folder), gateways, first_port)
        if ports:
            store = open_store(Path(folder))
            save_installation(store, broken(installation_of(store), ports))
            store.close()
        settings = Settings(Path(folder), default_plugins(), Address("127.0.0.1", 0))
        server = Server(settings, periods=AS_FAST_AS_THEY_ANSWER)
        server.start()
        time.sleep(5)
        before = buses(server)
        time.sleep(seconds)
        after = buses(server)
        server.stop()
    healthy = [id for id in before if not goes_wrong(id) and not has_dead(id)]
    rate = sum((after[id].polls - before[id].polls) / (after[id].at - before[id].at) for id in healthy)
    errors = sum(sum(bus.errors.values()) for bus in after.values())
    print(json.dumps({"healthy_polls_per_s": rate, "errors": errors}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), [int(port) for port in sys.argv[4:]])
