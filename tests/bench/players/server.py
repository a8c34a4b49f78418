"""The whole server, pages and recorder too, polling its gateways as fast as they answer: GATEWAYS FIRST_PORT SECONDS"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from actors.gateway.gateway import Periods
from runtime.app import STACK_BYTES, Server
from runtime.core.edit.installationfile import Known, load
from runtime.core.site.installation import Installation
from runtime.core.view import BUS_VIEWS, BusView
from runtime.plugin.plugins import load_plugins
from runtime.settings import Address, Settings, default_plugins
from runtime.store.env import open_store
from runtime.store.object.site import save_installation

AS_FAST_AS_THEY_ANSWER = Periods(live_s=0.0, energy_s=0.0, slow_s=0.0)


def main(gateways: int, first_port: int, seconds: float) -> None:
    threading.stack_size(STACK_BYTES)
    with tempfile.TemporaryDirectory() as folder:
        configure(Path(folder), gateways, first_port)
        settings = Settings(Path(folder), default_plugins(), Address("127.0.0.1", 0))
        server = Server(settings, periods=AS_FAST_AS_THEY_ANSWER)
        server.start()
        time.sleep(4)
        before, cpu = buses(server), time.process_time()
        time.sleep(seconds)
        after, used = buses(server), time.process_time() - cpu
        server.stop()
    # each bus counts up to its own moment of publication
    rate = sum((after[id].polls - bus.polls) / (after[id].at - bus.at) for id, bus in before.items())
    errors = sum(sum(bus.errors.values()) for bus in after.values())
    print(json.dumps({"polls_per_s": rate, "cpu_us": used / (rate * seconds) * 1e6, "errors": errors}))


def buses(server: Server) -> dict[int, BusView]:
    views = (server.views.get(BUS_VIEWS.of(gateway.id)) for gateway in server.installation.gateways)
    return {bus.id: bus for bus in views if bus is not None}


def configure(folder: Path, gateways: int, first_port: int) -> None:
    wish = ["--gateways", str(gateways), "--base-port", str(first_port), "--installation"]
    command = [sys.executable, "-m", "simulator", "bench", *wish]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    plugins = load_plugins(default_plugins())
    known = Known(models=plugins.maps, schemes=plugins.schemes)
    store = open_store(folder)
    save_installation(store, load(told.stdout, "bench", Installation(), known))
    store.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
