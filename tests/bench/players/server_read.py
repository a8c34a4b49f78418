"""The whole server polls its gateways while Modbus clients read it: GATEWAYS FIRST_PORT SECONDS LOAD CLIENTS COUNT"""

import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from runtime.app import STACK_BYTES, Server
from runtime.settings import Address, Settings, default_plugins
from tests.bench.players.server import AS_FAST_AS_THEY_ANSWER, buses, configure


def main(gateways: int, first_port: int, seconds: float, load: str, clients: int, count: int) -> None:
    threading.stack_size(STACK_BYTES)
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        configure(Path(folder), gateways, first_port)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        settings = Settings(Path(folder), default_plugins(), Address("127.0.0.1", 0), modbus=Address("127.0.0.1", port))
        server = Server(settings, periods=AS_FAST_AS_THEY_ANSWER)
        server.start()
        time.sleep(4)
        alone = rate(server, seconds)
        command = [load, str(port), str(clients), "246", "0", str(count), str(seconds + 2)]
        reading = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        time.sleep(1)
        beside = rate(server, seconds)
        answers, wrong = reading.communicate()[0].split()
        server.stop()
    answers_per_s = int(answers) / (seconds + 2)
    print(json.dumps({"alone": alone, "beside": beside, "answers_per_s": answers_per_s, "wrong": int(wrong)}))


def rate(server: Server, seconds: float) -> float:
    """Polls a second; each bus counts up to its own moment of publication."""
    before = buses(server)
    time.sleep(seconds)
    after = buses(server)
    return sum((after[id].polls - bus.polls) / (after[id].at - bus.at) for id, bus in before.items())


if __name__ == "__main__":
    given = sys.argv
    main(int(given[1]), int(given[2]), float(given[3]), given[4], int(given[5]), int(given[6]))
