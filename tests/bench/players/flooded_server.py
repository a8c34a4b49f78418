"""The whole server, reading gateways as fast as they answer: GATEWAYS FIRST_PORT.

Prints its ports, then its figures for each line that it is given.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from pathlib import Path

from runtime.app import STACK_BYTES, Server
from runtime.core.access.access import Access
from runtime.core.access.change import Codes, set_up_again
from runtime.secret.vault import Vault, pepper_of
from runtime.settings import Address, Settings, default_plugins
from runtime.store.env import open_store
from runtime.store.object.access import save_access
from tests.bench.players.server import buses, configure

LOOPBACK = Address("127.0.0.1", 0)


def main(gateways: int, first_port: int) -> None:
    threading.stack_size(STACK_BYTES)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        configure(folder, gateways, first_port)
        set_up(folder)
        server = Server(Settings(folder, default_plugins(), LOOPBACK, https=LOOPBACK))
        server.start()
        assert server.web.https is not None
        print(server.web.http.port, server.web.https.port, flush=True)
        for _ in sys.stdin:
            told = {"cpu_s": time.process_time(), "at": time.monotonic()}
            polls = sum(bus.polls for bus in buses(server).values())
            print(json.dumps({**told, "polls": polls}), flush=True)
        server.stop()


def set_up(folder: Path) -> None:
    """Codes as an owner has them, with hashes that cost what they cost."""
    store, vault = open_store(folder), Vault(pepper_of(folder))
    codes = Codes(vault.index("73058"), vault.hash_codes("73058", "48201937560284"))
    save_access(store, Access(), set_up_again(Access(), codes), mark=vault.mark)
    store.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
