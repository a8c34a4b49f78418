"""The whole server, from its start until all its gateways are connected: GATEWAYS FIRST_PORT SECONDS at the most"""

import json
import sys
import tempfile
import threading
import time
from pathlib import Path

from runtime.app import STACK_BYTES, Server
from runtime.settings import Address, Settings, default_plugins
from tests.bench.players.server import buses, configure


def main(gateways: int, first_port: int, seconds: float) -> None:
    threading.stack_size(STACK_BYTES)
    with tempfile.TemporaryDirectory() as folder:
        configure(Path(folder), gateways, first_port)
        server = Server(Settings(Path(folder), default_plugins(), Address("127.0.0.1", 0)))
        began = time.monotonic()
        server.start()
        while sum(bus.connected for bus in buses(server).values()) < gateways:
            assert time.monotonic() < began + seconds, "not all of them"
            time.sleep(0.02)
        took_s = time.monotonic() - began
        server.stop()
    print(json.dumps({"connected_s": took_s}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
