"""The HTTP server: waitress in a thread of its own. Until there is a login it serves this machine only."""

from __future__ import annotations

import errno
import ipaddress
import socket
import threading
from typing import Any

import waitress
from waitress import wasyncore

from runtime.errors import ConfigError, Fault

THREADS = 8
BODY_LIMIT_BYTES = 1 << 20
_REASONS = {
    errno.EADDRINUSE: "is in use by another program",
    errno.EACCES: "needs more rights than this user has",
    errno.EADDRNOTAVAIL: "is not an address of this machine",
}


class WebServer:
    """Serves ``app`` at ``host``:``port``; port 0 takes a free one, ``port`` tells which after ``start``."""

    def __init__(self, app: Any, host: str, port: int) -> None:
        """Raises ConfigError when ``host`` is not loopback."""
        self.host = _loopback(host)
        self.port = port
        self._app = app
        self._channels: dict[int, Any] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)

    @property
    def url(self) -> str:
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"

    def start(self) -> None:
        """Raises ConfigError when the port cannot be had."""
        listener = self._bound()
        self.port = listener.getsockname()[1]
        self._server = waitress.create_server(
            self._app,
            map=self._channels,
            sockets=[listener],
            threads=THREADS,
            ident="",
            expose_tracebacks=False,
            asyncore_use_poll=True,  # select() fails beyond 1024 files
            max_request_body_size=BODY_LIMIT_BYTES,
            clear_untrusted_proxy_headers=True,
        )
        self._thread.start()

    def _bound(self) -> socket.socket:
        """Bound here and not by waitress, which would leave its threads behind when it fails."""
        listener = socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self.host, self.port))
        except (OSError, OverflowError) as error:
            listener.close()
            reason = _REASONS.get(getattr(error, "errno", 0), str(error))
            raise _config_error(f"{self.host}:{self.port} {reason}", "choose another with --http HOST:PORT") from None
        return listener

    def stop(self) -> None:
        """Closes all connections; returns within a second. A second call does nothing."""
        if self._stopping.is_set() or not self._thread.ident:
            return
        self._stopping.set()
        self._server.pull_trigger()
        self._thread.join(timeout=1.0)

    def _serve(self) -> None:
        while not self._stopping.is_set():
            wasyncore.loop(timeout=1.0, use_poll=True, map=self._channels, count=1)
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=0.3)
        wasyncore.close_all(self._channels, ignore_all=True)


def _loopback(host: str) -> str:
    if host == "localhost":
        return "127.0.0.1"
    try:
        if ipaddress.ip_address(host.strip("[]")).is_loopback:
            return host.strip("[]")
    except ValueError:
        pass
    raise _config_error(f"{host or 'every address'} would be open to others and there is no login yet", "use 127.0.0.1")


def _config_error(message: str, hint: str) -> ConfigError:
    return ConfigError([Fault(file="--http", key="", message=message, hint=hint, code="http_address")])
