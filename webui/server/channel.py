"""One request in waitress's hands: its tasks write to what they take for the channel of a connection."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from waitress.adjustments import Adjustments
from waitress.buffers import ReadOnlyFileBasedBuffer
from waitress.channel import ClientDisconnected
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask, Task, WSGITask
from waitress.utilities import InternalServerError

from webui.front.upstream import Left, UpstreamExchange

log = logging.getLogger("waitress")

_PIECE_BYTES = 64 * 1024
_FAILED = "The server encountered an unexpected internal server error"


@dataclass(frozen=True, slots=True)
class Inner:
    """What waitress's tasks ask of their server."""

    application: Any
    adj: Adjustments
    server_name: str = "localhost"
    effective_port: int = 80


class Channel:
    """Answers one exchange and is used up: ``service`` in a thread of waitress, or ``cancel``."""

    addr = ("localhost", None)

    def __init__(self, exchange: UpstreamExchange, server: Inner) -> None:
        self._exchange, self.server, self.adj = exchange, server, server.adj

    def service(self) -> None:
        try:
            if not self._exchange.is_closed and (request := self._read()).completed:
                self._answer(request)
        except ClientDisconnected:
            log.info("a client left before its answer")
        finally:
            self._exchange.end()

    def cancel(self) -> None:
        self._exchange.end()

    # ---- what a task calls

    def write_soon(self, data: bytes | ReadOnlyFileBasedBuffer) -> int:
        """Returns the bytes taken. Raises ClientDisconnected."""
        if isinstance(data, ReadOnlyFileBasedBuffer):
            return self._write_file(data)
        if data:
            self._write(data)
        return len(data)

    def check_client_disconnected(self) -> bool:
        return self._exchange.is_closed

    # ----

    def _read(self) -> HTTPRequestParser:
        """One request; what follows it is none."""
        parser = HTTPRequestParser(self.adj)
        for piece in self._pieces():
            while piece and not parser.completed:
                piece = piece[parser.received(piece) :]
        return parser

    def _pieces(self) -> Iterator[bytes]:
        try:
            yield from chain((self._exchange.head,), self._exchange.body)
        except ValueError:  # the file of the body is closed when its client leaves
            raise ClientDisconnected from None

    def _answer(self, request: HTTPRequestParser) -> None:
        task = (ErrorTask if request.error else WSGITask)(self, request)
        try:
            task.service()
        except ClientDisconnected:
            raise
        except Exception:  # a bug in a page
            log.exception("Exception while serving %s", request.path)
            if not task.wrote_header:
                self._excuse(request).service()
        finally:
            request.close()

    def _excuse(self, request: HTTPRequestParser) -> Task:
        failed = HTTPRequestParser(self.adj)
        failed.error, failed.version = InternalServerError(_FAILED), request.version
        return ErrorTask(self, failed)

    def _write(self, data: bytes) -> None:
        try:
            self._exchange.write(data)
        except Left:
            raise ClientDisconnected from None

    def _write_file(self, file: ReadOnlyFileBasedBuffer) -> int:
        taken = 0
        try:
            while piece := file.get(_PIECE_BYTES, True):
                self._write(piece)
                taken += len(piece)
        finally:
            file.close()
        return taken
