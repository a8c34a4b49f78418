from __future__ import annotations

import pytest

from tests.webui.front.stage import Door
from webui.front.http.forward import to_client


def get(*lines: bytes) -> bytes:
    return b"\r\n".join((b"GET / HTTP/1.1", b"Host: localhost:8080", *lines)) + b"\r\n\r\n"


def test_the_pages_hear_who_calls_and_how(door: Door) -> None:
    told = door.ask(get()).json
    assert (told["REMOTE_ADDR"], told["wsgi.url_scheme"], told["HTTP_HOST"]) == ("127.0.0.1", "http", "localhost:8080")
    assert int(told["REMOTE_PORT"]) > 0


@pytest.mark.parametrize(
    "line",
    [
        b"X-Wattkeeper-Address: 10.0.0.1",
        b"X-Wattkeeper-Scheme: https",
        b"x-wattkeeper-scheme: https",
        b"X_Wattkeeper_Scheme: https",
        b"X-Forwarded-For: 10.0.0.1",
        b"X-Forwarded-Proto: https",
        b"X-Forwarded-Host: evil.example",
        b"X_Forwarded_For: 10.0.0.1",
        b"Forwarded: for=10.0.0.1;proto=https",
        b"X-Real-IP: 10.0.0.1",
    ],
)
def test_nobody_says_of_himself_to_be_another(door: Door, line: bytes) -> None:
    told = door.ask(get(line)).json
    assert (told["REMOTE_ADDR"], told["wsgi.url_scheme"]) == ("127.0.0.1", "http")
    assert "10.0.0.1" not in str(told) and "evil.example" not in str(told)


def test_what_is_for_one_connection_stays_there(door: Door) -> None:
    told = door.ask(get(b"Connection: keep-alive, X-Mine", b"X-Mine: 1", b"Upgrade: websocket", b"TE: trailers")).json
    assert not {"HTTP_X_MINE", "HTTP_UPGRADE", "HTTP_TE", "HTTP_KEEP_ALIVE"} & told.keys()


@pytest.mark.parametrize(
    "line", [b"X-HTTP-Method-Override: DELETE", b"X-Method-Override: DELETE", b"X-HTTP-Method: PUT"]
)
def test_no_header_changes_the_method(door: Door, line: bytes) -> None:
    assert door.ask(get(line)).json["REQUEST_METHOD"] == "GET"


def test_the_address_arrives_as_it_was_sent(door: Door) -> None:
    told = door.ask(b"GET //x/%2e%2e/y;z=1?a=%0d%0a HTTP/1.1\r\nHost: localhost\r\n\r\n").json
    assert (told["PATH_INFO"], told["QUERY_STRING"]) == ("/x/../y;z=1", "a=%0d%0a")


def test_an_answer_without_guards_gets_them_and_says_nothing_about_the_server() -> None:
    raw = b"HTTP/1.1 200 OK\r\nServer: waitress\r\nVia: waitress\r\nConnection: close\r\nContent-Length: 2\r\n\r\n"
    head = to_client(raw, method=b"GET", keeps_alive=True)
    assert b"waitress" not in head.raw and b"Connection" not in head.raw
    assert b"\r\nX-Content-Type-Options: nosniff\r\n" in head.raw and b"\r\nCache-Control: no-store\r\n" in head.raw
    assert (head.length, head.is_chunked, head.keeps_alive) == (2, False, True)


def test_an_answer_that_nobody_can_measure_ends_the_connection() -> None:
    head = to_client(b"HTTP/1.0 200 OK\r\n\r\n", method=b"GET", keeps_alive=True)
    assert (head.length, head.keeps_alive) == (None, False)
    assert head.raw.endswith(b"\r\nConnection: close\r\n\r\n")
