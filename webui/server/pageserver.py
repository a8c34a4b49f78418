"""waitress behind the front: its threads run the pages' code, and they hear of whole, checked requests only."""

from __future__ import annotations

import logging
import threading
from typing import Any

from waitress.adjustments import Adjustments
from waitress.proxy_headers import proxy_headers_middleware
from waitress.task import ThreadedTaskDispatcher

from webui.front.http.clientheader import from_the_front
from webui.front.upstream import UpstreamExchange
from webui.server.channel import Channel, Inner

THREADS = 8
_INBUF_BYTES = 64 * 1024  # of a body in memory; what is more waits in a file


class PageServer:
    """Serves ``app`` to whoever hands a request over, in this process alone: nobody can connect to it."""

    def __init__(self, app: Any, largest_body: int) -> None:
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns whenever two come at once
        adjusted = Adjustments(
            ident="", expose_tracebacks=False, max_request_body_size=largest_body + 1, inbuf_overflow=_INBUF_BYTES
        )
        self._inner = Inner(
            proxy_headers_middleware(from_the_front(app), clear_untrusted=True, log_untrusted=False), adjusted
        )
        self._threads = ThreadedTaskDispatcher()
        self._lock = threading.Lock()
        self._serves = False

    def start(self) -> None:
        with self._lock:
            self._serves = True
            self._threads.set_thread_count(THREADS)

    def take(self, exchange: UpstreamExchange) -> None:
        """From any thread; returns at once. When it does not serve, the exchange ends without an answer."""
        with self._lock:
            if self._serves:
                self._threads.add_task(Channel(exchange, self._inner))
                return
        exchange.end()

    def stop(self) -> None:
        """From any thread; what waits ends without an answer. A second call does nothing."""
        with self._lock:
            if not self._serves:
                return
            self._serves = False
        self._threads.shutdown(cancel_pending=True, timeout=0.3)
