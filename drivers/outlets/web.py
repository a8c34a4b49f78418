"""One HTTP request with one deadline, for outlets: over TLS where the address says so, redirects not followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import h11

from drivers.outlets.deadline import Connection, Deadline
from runtime.errors import DeliveryFailed

MOST_ANSWER = 1 << 20
_PORTS: Mapping[str, int] = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """``headers`` by their names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def url_problem(url: str) -> str:
    """What keeps a text from being an address that can be asked, "" = nothing."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    good = good and url.isascii() and url.isprintable() and " " not in url and "@" not in parts.netloc
    return "" if good else f"{url[:80]!r} is no address such as https://example.org/alarms"


def post(url: str, body: bytes, headers: Mapping[str, str], deadline: Deadline) -> WebAnswer:
    """Raises DeliveryFailed when there is no answer; an answer that refuses is one."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    connection = Connection(host, port, deadline)
    try:
        if parts.scheme == "https":
            connection.encrypt()
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return _exchange(connection, target, parts.netloc, body, headers)
    except h11.ProtocolError as error:
        raise DeliveryFailed("outlet_answer", f"{host} speaks no HTTP there: {error}"[:300]) from None
    finally:
        connection.close()


def _exchange(connection: Connection, target: str, host: str, body: bytes, headers: Mapping[str, str]) -> WebAnswer:
    http = h11.Connection(h11.CLIENT)
    given = [("Host", host), ("Connection", "close"), ("Content-Length", str(len(body))), *headers.items()]
    request = h11.Request(method="POST", target=target, headers=given)
    connection.send((http.send(request) or b"") + (http.send(h11.Data(body)) or b""))
    connection.send(http.send(h11.EndOfMessage()) or b"")
    response, content = None, b""
    while True:
        event = http.next_event()
        if event is h11.NEED_DATA:
            http.receive_data(connection.receive())
        elif isinstance(event, h11.Response):
            response = event
        elif isinstance(event, h11.Data):
            content += event.data
            if len(content) > MOST_ANSWER:
                raise DeliveryFailed("outlet_answer", "its answer has no end")
        elif isinstance(event, h11.EndOfMessage) and response is not None:
            named = {name.decode(): value.decode(errors="replace") for name, value in response.headers}
            return WebAnswer(response.status_code, named, content)
        elif isinstance(event, h11.ConnectionClosed):
            raise DeliveryFailed("outlet_unreachable", "the server ended the connection")


def wait_of(headers: Mapping[str, str]) -> float:
    """Seconds that a server asks to wait (Retry-After), 0 = it does not, or by a date."""
    asked = headers.get("retry-after", "")
    return float(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 0.0
