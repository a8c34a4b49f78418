"""Heads on their way: the client's to the page server, the page server's to the client. Pure.

What holds for one connection only stays behind, and so does everything by which a client could pretend to be another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from webui.front.http.head import Head
from webui.http.errors import GUARDS

ADDRESS, PORT, SCHEME = "X-Wattkeeper-Address", "X-Wattkeeper-Port", "X-Wattkeeper-Scheme"
FORWARDED = "X-Wattkeeper-Forwarded"
SPENT = "X-Wattkeeper-Spent"  # microseconds of the processor, on an answer
_OURS = tuple(name.lower().encode() for name in (ADDRESS, PORT, SCHEME, FORWARDED))
_LEFT_BEHIND = frozenset(
    (b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade")
    + (b"content-length", b"expect", b"proxy-authenticate", b"proxy-authorization", b"host")
    + (b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-port")
    + (b"x-forwarded-by", b"x-real-ip", *_OURS)
)
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked", re.IGNORECASE)
_CONNECTION = re.compile(rb"\r\n(?:connection|keep-alive|via|server|x-wattkeeper-spent):[^\r]*", re.IGNORECASE)
_SPENT = re.compile(rb"\r\nx-wattkeeper-spent: ([0-9]{1,9})", re.IGNORECASE)
_GUARDS = "".join(f"\r\n{name}: {value}" for name, value in GUARDS.items()).encode("latin-1")
_GUARDED = b"\r\nContent-Security-Policy:"


@dataclass(frozen=True, slots=True)
class Peer:
    """Who calls, and how. ``local`` is the address of ours that was reached.

    is_forwarded  somebody whom we do not know stands between: the address is his
    """

    address: str
    port: int
    scheme: str
    local: str
    is_forwarded: bool = False


def to_server(head: Head, peer: Peer, length: int) -> bytes:
    """The head that the page server gets. ``length`` of the whole body, however it came."""
    host = head.host or peer.local
    named = f"[{host}]" if ":" in host else host
    lines = [
        head.method + b" " + head.target + (b" HTTP/1.1" if head.is_11 else b" HTTP/1.0"),
        f"Host: {named}:{head.port}".encode() if head.port else b"Host: " + named.encode(),
        b"Connection: close",
        f"{ADDRESS}: {peer.address}\r\n{PORT}: {peer.port}\r\n{SCHEME}: {peer.scheme}".encode(),
    ]
    if peer.is_forwarded:
        lines.append(f"{FORWARDED}: 1".encode())
    nominated = _connection_headers(head)
    for name, value in head.headers:
        if name not in _LEFT_BEHIND and name not in nominated and b"_" not in name:
            lines.append(name + b": " + value)
    if length or head.method not in (b"GET", b"HEAD", b"OPTIONS"):
        lines.append(b"Content-Length: %d" % length)
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _connection_headers(head: Head) -> frozenset[bytes]:
    """Headers that Connection names are for us alone."""
    named = [value for name, value in head.headers if name == b"connection"]
    return frozenset(token.strip().lower() for value in named for token in value.split(b",")) - {b"keep-alive"}


@dataclass(frozen=True, slots=True)
class AnswerHead:
    """The head of an answer, ready for the client.

    length       of what follows, None = until the page server ends it
    is_chunked   what follows says itself where it ends
    keeps_alive  the connection may take another request afterwards
    spent_s      of the processor, as the page server measured
    """

    raw: bytes
    length: int | None
    is_chunked: bool
    keeps_alive: bool
    spent_s: float = 0.0


def to_client(raw: bytes, *, method: bytes, keeps_alive: bool, more: bytes = b"") -> AnswerHead:
    """``raw``: the page server's head with its empty line; ``more``: a header line to add, with the line end before."""
    chunked = _CHUNKED.search(raw) is not None
    found = _LENGTH.search(raw)
    length = int(found[1]) if found else None
    if method == b"HEAD" or raw[9:12] in (b"204", b"304"):
        chunked, length = False, 0
    spent = _SPENT.search(raw)
    lines = _CONNECTION.sub(b"", raw[:-4])
    if _GUARDED not in lines:
        lines += _GUARDS + b"\r\nCache-Control: no-store"
    keeps_alive = keeps_alive and (chunked or length is not None)
    if not keeps_alive:
        lines += b"\r\nConnection: close"
    spent_s = int(spent[1]) / 1e6 if spent else 0.0
    return AnswerHead(lines + more + b"\r\n\r\n", length, chunked, keeps_alive, spent_s)
