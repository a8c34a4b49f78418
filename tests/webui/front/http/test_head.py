from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.webui.front.stage import GET, Door
from webui.front.http.head import Head, read_head
from webui.front.http.limits import Limits
from webui.front.http.refusal import Refused

POST = b"POST / HTTP/1.1\r\nHost: localhost\r\n"


def head(*lines: bytes) -> bytes:
    return b"\r\n".join((b"GET /p?q=1 HTTP/1.1", b"Host: localhost", *lines)) + b"\r\n\r\n"


def test_a_head_is_read() -> None:
    read = read_head(head(b"Cookie: a=b", b"Accept: */*"), Limits())
    assert (read.method, read.target, read.path, read.host) == (b"GET", b"/p?q=1", "/p", "localhost")
    assert read.headers == [(b"host", b"localhost"), (b"cookie", b"a=b"), (b"accept", b"*/*")]
    assert (read.length, read.keeps_alive) == (0, True)


@pytest.mark.parametrize(
    ("value", "host", "port"),
    [
        (b"LOCALHOST:8080", "localhost", "8080"),
        (b"[::1]:80", "::1", "80"),
        (b"wattkeeper.local.", "wattkeeper.local", ""),
    ],
)
def test_the_host_is_a_name_or_an_address_and_maybe_a_port(value: bytes, host: str, port: str) -> None:
    read = read_head(b"GET / HTTP/1.1\r\nHost: " + value + b"\r\n\r\n", Limits())
    assert (read.host, read.port) == (host, port)


# Attack cases 25 (smuggling) and 14 (Host): each of these has two readings, so it gets none.
AMBIGUOUS = {
    "both lengths": POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "both lengths, the other way": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "two different lengths": POST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
    "the same length twice": POST + b"Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd",
    "a list of lengths": POST + b"Content-Length: 4, 4\r\n\r\nabcd",
    "a length with a sign": POST + b"Content-Length: +4\r\n\r\nabcd",
    "a negative length": POST + b"Content-Length: -4\r\n\r\nabcd",
    "a hexadecimal length": POST + b"Content-Length: 0x4\r\n\r\nabcd",
    "a length of nothing": POST + b"Content-Length: \r\n\r\nabcd",
    "a length with a space inside": POST + b"Content-Length: 1 2\r\n\r\nabcd",
    "a length as long as a line": POST + b"Content-Length: " + b"9" * 400 + b"\r\n\r\nabcd",
    "a space before the colon": POST + b"Content-Length : 4\r\n\r\nabcd",
    "an unknown encoding": POST + b"Transfer-Encoding: gzip\r\n\r\n",
    "two encodings": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "chunked twice": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunked with a vertical tab": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "chunked with a semicolon": POST + b"Transfer-Encoding: chunked;x=y\r\n\r\n0\r\n\r\n",
    "chunked in quotes": POST + b'Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n',
    "chunked with identity": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "chunked in HTTP/1.0": b"POST / HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a folded line": GET[:-2] + b"X: a\r\n b\r\n\r\n",
    "a folded length": POST + b"Content-Length:\r\n 4\r\n\r\nabcd",
    "bare line feeds": b"GET / HTTP/1.1\nHost: localhost\n\n",
    "one bare line feed": b"GET / HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n",
    "a bare carriage return": GET[:-2] + b"X: a\rY: b\r\n\r\n",
    "a nul": GET[:-2] + b"X: a\x00b\r\n\r\n",
    "an escape": GET[:-2] + b"X: \x1b[31m\r\n\r\n",
    "a line without a colon": GET[:-2] + b"nonsense\r\n\r\n",
    "a space in a name": GET[:-2] + b"X Y: z\r\n\r\n",
    "two hosts": GET[:-2] + b"Host: localhost\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "an empty host": b"GET / HTTP/1.1\r\nHost:\r\n\r\n",
    "a host with a path": b"GET / HTTP/1.1\r\nHost: localhost/x\r\n\r\n",
    "a host with a user": b"GET / HTTP/1.1\r\nHost: x@localhost\r\n\r\n",
    "a host with a list": b"GET / HTTP/1.1\r\nHost: localhost, x\r\n\r\n",
    "a host with a port beyond ports": b"GET / HTTP/1.1\r\nHost: localhost:99999\r\n\r\n",
    "an address of another server": b"GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "an asterisk": b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "a space in the address": b"GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a byte beyond ASCII in the address": b"GET /\xe9 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "no request at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
}


@pytest.mark.parametrize("sent", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
def test_a_request_with_two_readings_is_refused_and_nothing_after_it_is_heard(door: Door, sent: bytes) -> None:
    assert door.statuses(sent + GET) == [400]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n", 501),
        (b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", 501),
        (b"get / HTTP/1.1\r\nHost: localhost\r\n\r\n", 501),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        (b"GET / HTTP/1.9\r\nHost: localhost\r\n\r\n", 505),
        (POST + b"Expect: miracles\r\nContent-Length: 1\r\n\r\nx", 417),
    ],
)
def test_what_this_server_does_not_do_is_said(door: Door, sent: bytes, status: int) -> None:
    assert door.statuses(sent) == [status]


def test_a_head_beyond_16_kb_is_refused_and_so_is_one_of_a_hundred_lines(door: Door) -> None:
    assert door.statuses(GET[:-2] + b"X: " + b"x" * 16_384 + b"\r\n\r\n") == [431]
    assert door.statuses(b"GET /" + b"x" * 20_000) == [431]
    assert door.statuses(GET[:-2] + b"X: y\r\n" * 200 + b"\r\n") == [431]
    assert door.statuses(GET[:-2] + b"X: " + b"x" * 15_000 + b"\r\nConnection: close\r\n\r\n") == [200]


@given(st.binary(max_size=300))
def test_whatever_comes_is_read_or_refused(noise: bytes) -> None:
    try:
        assert isinstance(read_head(noise + b"\r\n\r\n", Limits()), Head)
    except Refused as refused:
        assert 400 <= refused.status < 600


PIECES = st.sampled_from(
    [
        b"Content-Length",
        b"Transfer-Encoding",
        b"chunked",
        b"Host",
        b"localhost",
        b":",
        b" ",
        b"\t",
        b"\r\n",
        b"\n",
        b"\r",
    ]
    + [b"4", b"0", b",", b";", b"\x00", b"\x0b", b"\xa0", b"X", b"identity", b"\r\n\r\n", b"Connection", b"close"]
)


@given(st.lists(PIECES, max_size=24).map(b"".join))
def test_no_mixture_of_framing_has_two_readings(mixture: bytes) -> None:
    raw = b"POST / HTTP/1.1\r\nHost: localhost\r\n" + mixture.replace(b"\r\n\r\n", b"\r\n") + b"\r\n\r\n"
    try:
        read = read_head(raw, Limits())
    except Refused:
        return
    names = [name for name, _ in read.headers]
    told = [name for name in names if name in (b"content-length", b"transfer-encoding")]
    assert len(told) == (0 if read.length == 0 and not told else 1)
    assert names.count(b"host") == 1
