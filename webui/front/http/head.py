"""The head of a request, read by h11 and then held against rules that leave no two readings of it.

Pure. h11 is lenient where the standard lets it be (folded lines, repeated lengths, bare line feeds); a server that
passes requests on cannot afford that, since the next one may read them differently. Nothing here looks at a byte more
than a few times: a head of 16 KB costs as much as its length, whatever it holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import h11

from runtime.core.text.edge import text_fault
from webui.front.http.limits import Limits
from webui.front.http.refusal import Refused

METHODS = frozenset((b"GET", b"HEAD", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS"))
END = b"\r\n\r\n"
_CONTROLS = bytes({*range(32), 127} - {9, 10, 13})
_FRAMING = (b"content-length", b"transfer-encoding")
_LONGEST_LENGTH = 15  # digits
_HOST = re.compile(rb"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::([0-9]{1,5}))?")

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Head:
    """One request without its body.

    target      as sent, begins with /
    host, port  of the Host header: a name in lower case, or an address without brackets; "" when HTTP/1.0 sent none
    headers     names in lower case, in order
    length      of the body in bytes, None = chunked
    decoder     goes on reading a chunked body
    """

    method: bytes
    target: bytes
    host: str
    port: str
    headers: Headers
    is_11: bool
    keeps_alive: bool
    length: int | None
    expects_continue: bool
    decoder: h11.Connection | None = None

    @property
    def path(self) -> str:
        return self.target.partition(b"?")[0].decode("latin-1")


def read_head(raw: bytes, limits: Limits) -> Head:
    """``raw``: everything up to and with the empty line. Raises Refused."""
    if not _is_sound(raw):
        raise Refused(400, "bad_request", "The request's lines cannot be told apart.")
    if not raw.isascii():
        _check_letters(raw)
    reader = h11.Connection(h11.SERVER, max_incomplete_event_size=limits.head_bytes)
    reader.receive_data(raw)
    try:
        request = reader.next_event()
    except h11.RemoteProtocolError as error:
        raise _refusal_for(error) from None
    if not isinstance(request, h11.Request):
        raise Refused(400, "bad_request", "The request cannot be read.")
    return _check_head(request, raw, reader, limits)


def _is_sound(raw: bytes) -> bool:
    """Lines end in one way, none goes on in the next one, and no byte controls anything."""
    ends = raw.count(b"\r\n")
    if raw.count(b"\r") != ends or raw.count(b"\n") != ends or b"\n " in raw or b"\n\t" in raw:
        return False
    return len(raw.translate(None, _CONTROLS)) == len(raw)


def _check_letters(raw: bytes) -> None:
    """What is not ASCII has to be text: pages read headers as UTF-8."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise Refused(400, "bad_request", "The request's headers are not UTF-8.") from None
    if text_fault(text, len(text), lines=True):
        raise Refused(400, "bad_request", "The request's headers hold what is no text.")


def _check_head(request: h11.Request, raw: bytes, reader: h11.Connection, limits: Limits) -> Head:
    headers: Headers = list(request.headers)
    is_11 = request.http_version == b"1.1"
    if not is_11 and request.http_version != b"1.0":
        raise Refused(505, "http_version", "This server speaks HTTP/1.1.")
    if request.method not in METHODS:
        raise Refused(501, "method_not_allowed", "This server does not know that method.")
    if not request.target.startswith(b"/"):
        raise Refused(400, "bad_request", "The request's address has to begin with a slash.")
    if len(headers) > limits.headers:
        raise Refused(431, "too_large", "The request has too many headers.")
    named = dict(headers)
    host, port = _host(named.get(b"host"))
    length = _length(raw, named, is_11=is_11)
    return Head(
        request.method,
        request.target,
        host,
        port,
        headers,
        is_11,
        is_11 and b"close" not in named.get(b"connection", b"").lower(),
        length,
        _expects_continue(named.get(b"expect"), is_11=is_11),
        reader if length is None else None,
    )


def _host(value: bytes | None) -> tuple[str, str]:
    if value is None:
        return "", ""
    found = _HOST.fullmatch(value)
    if found is None or int(found[2] or 0) > 65535:
        raise Refused(400, "bad_host", "The request's Host header cannot be read.")
    return found[1].decode().strip("[]").rstrip(".").lower(), (found[2] or b"").decode()


def _length(raw: bytes, named: dict[bytes, bytes], *, is_11: bool) -> int | None:
    """How long the body is. One header says so, once, in one way, or there is no body."""
    if b"content-length" not in named and b"transfer-encoding" not in named:
        return 0
    lines = (line.partition(b":") for line in raw.split(b"\r\n"))
    framing = [(name, value.strip(b" \t")) for line, _, value in lines if (name := line.lower()) in _FRAMING]
    if len(framing) == 1:  # h11 makes one of several equal ones
        name, value = framing[0]
        if name == b"content-length" and value.isdigit() and len(value) <= _LONGEST_LENGTH:
            return int(value)
        if name == b"transfer-encoding" and value.lower() == b"chunked" and is_11:
            return None
    raise Refused(400, "bad_request", "The request does not say in one way how long it is.")


def _expects_continue(value: bytes | None, *, is_11: bool) -> bool:
    if value is None or not is_11:
        return False
    if value.lower() != b"100-continue":
        raise Refused(417, "bad_request", "The request expects what this server does not know.")
    return True


def _refusal_for(error: h11.RemoteProtocolError) -> Refused:
    if error.error_status_hint == 431:
        return Refused(431, "too_large", "The request's head is too large.")
    if error.error_status_hint == 501:
        return Refused(400, "bad_request", "The request does not say in one way how long it is.")
    return Refused(400, "bad_request", "The request cannot be read.")
