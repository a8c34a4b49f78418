from __future__ import annotations

import errno
import json
import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.actors.stage import LAST_RESORT_S
from tests.webui.front.stage import GET, LIMITS, Door, answer_of, everything, front

CLOSING = GET[:-2] + b"Connection: close\r\n\r\n"


def test_a_connection_takes_one_request_after_the_other(door: Door) -> None:
    with door.connect() as client:
        for _ in range(3):
            client.sendall(GET)
            assert answer_of(client).status == 200


def test_requests_sent_ahead_are_answered_in_order(door: Door) -> None:
    ahead = b"".join(b"GET /%d HTTP/1.1\r\nHost: localhost\r\n\r\n" % number for number in range(40))
    with door.connect() as client:
        client.sendall(ahead)
        paths = []
        heard = b""
        while len(paths) < 40:
            heard += client.recv(65536)
            while b"\r\n\r\n" in heard:
                head, _, rest = heard.partition(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                if len(rest) < length:
                    break
                paths.append(json.loads(rest[:length])["PATH_INFO"])
                heard = rest[length:]
    assert paths == [f"/{number}" for number in range(40)]


def test_a_client_that_sends_ahead_without_end_is_not_read_without_end(tmp_path: Path) -> None:
    with front(tmp_path) as door, door.connect(1.0) as client:
        sent = 0
        client.sendall(b"GET /large/20000000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        try:
            while sent < 64 << 20:
                sent += client.send(GET * 1000)
        except TimeoutError:
            pass
        assert sent < 32 << 20


@pytest.mark.parametrize("sent", [CLOSING, b"GET / HTTP/1.0\r\n\r\n", b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"])
def test_a_last_request_is_answered_and_the_connection_ends(door: Door, sent: bytes) -> None:
    with door.connect() as client:
        client.sendall(sent)
        answer = answer_of(client)
        assert answer.status == 200 and answer.headers["connection"] == "close"
        assert client.recv(10) == b""


def test_a_client_that_says_no_more_still_gets_its_answer(door: Door) -> None:
    with door.connect() as client:
        client.sendall(GET)
        client.shutdown(socket.SHUT_WR)
        assert everything(client).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HT", b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc"]
)
def test_a_client_that_stops_half_way_is_gone(door: Door, sent: bytes) -> None:
    with door.connect() as client:
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        assert everything(client) == b""


def test_what_has_no_length_is_streamed_and_ends_where_it_ends(door: Door) -> None:
    pieces = b"".join(b"%d\n" % number for number in range(1000))
    with door.connect() as client:
        client.sendall(b"GET /pieces HTTP/1.1\r\nHost: localhost\r\n\r\n" + CLOSING)
        heard = everything(client)
    assert heard.count(b"HTTP/1.1 200 OK") == 2 and b"Transfer-Encoding: chunked" in heard
    with door.connect() as client:
        client.sendall(b"GET /pieces HTTP/1.0\r\n\r\n")
        assert everything(client).endswith(b"\r\n\r\n" + pieces)


def test_a_large_answer_waits_for_a_slow_reader_and_arrives_whole(door: Door) -> None:
    with door.connect() as client:
        client.sendall(b"GET /large/20000000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(0.3)  # the answer fills whatever stands between
        assert door.ask(GET).status == 200
        assert len(answer_of(client).body) == 20_000_000


def test_who_never_reads_is_let_go(tmp_path: Path) -> None:
    with front(tmp_path, limits=replace(LIMITS, drain_s=1.0)) as door, door.connect() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(b"GET /large/20000000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        until = time.monotonic() + LAST_RESORT_S
        while not (error := client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)) and time.monotonic() < until:
            time.sleep(0.1)
        assert error == errno.ECONNRESET


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: loc", b"HTTP/1.1 408 "),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc", b"HTTP/1.1 408 "),
        (b"", b""),
    ],
)
def test_what_does_not_come_in_time_is_not_waited_for(tmp_path: Path, sent: bytes, status: bytes) -> None:
    with front(tmp_path, limits=replace(LIMITS, head_s=0.5, body_s=0.5)) as door, door.connect() as client:
        client.sendall(sent)
        assert everything(client).startswith(status)


def test_dripping_does_not_lengthen_the_time_of_a_head(tmp_path: Path) -> None:
    with front(tmp_path, limits=replace(LIMITS, head_s=1.0)) as door, door.connect(0.1) as client:
        until, heard = time.monotonic() + LAST_RESORT_S, b""
        while time.monotonic() < until and not heard:
            client.sendall(b"X")
            heard = everything(client)
        assert heard.startswith(b"HTTP/1.1 408 ")


def test_a_head_answer_has_no_body_and_the_connection_goes_on(door: Door) -> None:
    with door.connect() as client:
        client.sendall(GET.replace(b"GET", b"HEAD"))
        heard = client.recv(65536)
        assert heard.startswith(b"HTTP/1.1 200 ") and heard.endswith(b"\r\n\r\n")
        client.sendall(GET)
        assert answer_of(client).status == 200


def test_an_application_that_fails_gives_an_answer_that_tells_nothing(door: Door) -> None:
    answer = door.ask(b"GET /crash HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert answer.status == 500 and b"RuntimeError" not in answer.body and b"Traceback" not in answer.body
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
