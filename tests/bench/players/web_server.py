"""The pages of a small site, served until standard input ends: alone | front. Prints the ports of HTTP and HTTPS.

alone  waitress by itself, on TCP
front  waitress behind the front
"""

import socket
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import waitress
from waitress import wasyncore

from runtime.clock import SystemClock
from runtime.settings import Address, WebSettings
from runtime.store.energy.importer import import_history
from runtime.store.env import open_store
from tests.webui.stage import installation, stage, steady_lines
from webui.server.pageserver import THREADS
from webui.server.server import WebServer, certificates_of

LOOPBACK = Address("127.0.0.1", 0)


def main(mode: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        import_history(store, steady_lines(installation()), installation())
        app = stage(store).app
        ports = alone(app) if mode == "alone" else front(app, Path(folder))
        print(*ports, flush=True)
        sys.stdin.read()


def alone(app: Any) -> tuple[int, int]:
    channels: dict[int, Any] = {}
    listener = socket.create_server((LOOPBACK.host, 0))
    waitress.create_server(app, map=channels, sockets=[listener], threads=THREADS, asyncore_use_poll=True, ident="")
    loop = {"timeout": 1.0, "use_poll": True, "map": channels}
    threading.Thread(target=wasyncore.loop, kwargs=loop, daemon=True).start()
    return listener.getsockname()[1], 0


def front(app: Any, folder: Path) -> tuple[int, int]:
    settings = WebSettings(LOOPBACK, LOOPBACK, redirect=False, strangers_percent=100)
    server = WebServer(app, settings, certificates=certificates_of(settings, folder, SystemClock()))
    server.start()
    assert server.https is not None
    return server.http.port, server.https.port


if __name__ == "__main__":
    main(sys.argv[1])
