"""The front with an application behind it that tells what reached it, and a client that speaks in bytes."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from runtime.settings import Address, WebSettings
from tests.actors.stage import LAST_RESORT_S
from webui.front.http.head import Head
from webui.front.http.limits import Limits
from webui.server.server import WebServer

LIMITS = replace(Limits(), linger_s=0.5)
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


def telling(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Says as JSON what it was asked; /large/N answers N bytes, /pieces streams without a length, /crash fails."""
    path = environ["PATH_INFO"]
    if path == "/crash":
        raise RuntimeError("a bug")
    if path.startswith("/large/"):
        content = bytes(int(path[7:]))
        start_response("200 OK", [("Content-Length", str(len(content)))])
        return [content]
    if path == "/pieces":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return (b"%d\n" % number for number in range(1000))
    body = environ["wsgi.input"].read()
    told = {key: value for key, value in environ.items() if isinstance(value, str)}
    content = json.dumps(told | {"body": body.decode("latin-1")}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
    return [content]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Door:
    """A running front."""

    def __init__(self, server: WebServer) -> None:
        self.server = server

    def connect(self, timeout: float = LAST_RESORT_S, source: str = "") -> socket.socket:
        made = socket.socket()
        made.settimeout(timeout)
        if source:
            made.bind((source, 0))
        made.connect((self.server.http.host, self.server.http.port))
        return made

    def say(self, sent: bytes) -> bytes:
        """Everything that comes back to ``sent`` until the server closes or says nothing more for a while."""
        with self.connect(20.0) as client:
            client.sendall(sent)
            return everything(client)

    def statuses(self, sent: bytes) -> list[int]:
        return [int(found) for found in re.findall(rb"HTTP/1\.[01] (\d{3}) ", self.say(sent))]

    def ask(self, sent: bytes) -> Answer:
        with self.connect() as client:
            client.sendall(sent)
            return answer_of(client)


def everything(client: socket.socket) -> bytes:
    heard = b""
    try:
        while piece := client.recv(65536):
            heard += piece
    except (TimeoutError, ConnectionResetError):
        pass
    return heard


def answer_of(client: socket.socket, *, bare: bool = False) -> Answer:
    """One answer with a length; ``bare``: its head alone, as HEAD gets it."""
    heard = b""
    while b"\r\n\r\n" not in heard:
        piece = client.recv(65536)
        assert piece, f"closed after {heard!r}"
        heard += piece
    head, _, body = heard.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    pieces, missing = [body], 0 if bare else int(headers.get("content-length", 0)) - len(body)
    while missing > 0:
        pieces.append(client.recv(65536))
        assert pieces[-1], "the answer is cut off"
        missing -= len(pieces[-1])
    return Answer(int(lines[0].split()[1]), headers, b"".join(pieces))


@contextmanager
def front(
    folder: Path,
    app: Any = telling,
    limits: Limits = LIMITS,
    is_known: Callable[[Head], bool] = lambda head: False,
    **settings: Any,
) -> Iterator[Door]:
    web = WebSettings(Address("127.0.0.1", 0), **{"strangers_percent": 100, **settings})
    server = WebServer(app, web, limits=limits, is_known=is_known)
    server.start()
    try:
        yield Door(server)
    finally:
        server.stop()
