"""waitress behind the front: it runs the pages' code in its threads and hears of whole, checked requests only."""

from __future__ import annotations

import logging
import socket
import threading
from typing import Any

import waitress
from waitress import wasyncore

from webui.front.http.clientheader import from_the_front

THREADS = 8
_CHANNELS = 2000  # beyond what the front lets in
_INBUF_BYTES = 64 * 1024  # of a body in memory; what is more waits in a file


class PageServer:
    """Serves ``app`` to whoever connects to ``listener``, which belongs to the front alone."""

    def __init__(self, app: Any, listener: socket.socket, largest_body: int) -> None:
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns whenever two come at once
        self._channels: dict[int, Any] = {}
        self._stopping = threading.Event()
        self._waking = threading.Lock()  # what wakes it is a file descriptor, and closed ones get other owners
        self._has_ended = False
        self._server = waitress.create_server(
            from_the_front(app),
            map=self._channels,
            sockets=[listener],
            threads=THREADS,
            ident="",
            expose_tracebacks=False,
            asyncore_use_poll=True,  # select() fails beyond 1024 files
            connection_limit=_CHANNELS,
            backlog=_CHANNELS,
            max_request_body_size=largest_body + 1,
            inbuf_overflow=_INBUF_BYTES,
            clear_untrusted_proxy_headers=True,
        )
        self._server.adj.send_bytes = 1  # the thread that made an answer sends it, at once

    def run(self) -> None:
        """In the thread that calls, until ``stop``."""
        try:
            while not self._stopping.is_set():
                wasyncore.loop(timeout=1.0, use_poll=True, map=self._channels, count=1)
        finally:
            self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=0.3)
            with self._waking:
                self._has_ended = True
                wasyncore.close_all(self._channels, ignore_all=True)

    def stop(self) -> None:
        """From any thread; ``run`` returns within a second."""
        self._stopping.set()
        with self._waking:
            if not self._has_ended:
                self._server.pull_trigger()
