from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from waitress.adjustments import Adjustments

from tests.webui.front.stage import telling
from tests.webui.front.test_upstream import Listening, TurnedByHand
from webui.front.upstream import UpstreamExchange
from webui.server.channel import Channel, Inner

ASK = b"%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n"


def answered(app: Any, head: bytes, body: Iterable[bytes] = (), *, left: bool = False) -> Listening:
    """What the asker heard of one request."""
    loop, asker = TurnedByHand(), Listening()
    exchange = UpstreamExchange(loop, lambda exchange: None, head, iter(body))  # type: ignore[arg-type]
    exchange.start(asker)
    if left:
        exchange.close()
    Channel(exchange, Inner(app, Adjustments(ident="", expose_tracebacks=False))).service()
    while loop.called:
        loop.turn()
    return asker


def get(path: bytes, more: bytes = b"") -> bytes:
    return ASK % (b"GET", path, more)


def test_a_request_with_its_body_is_answered_and_ended() -> None:
    asker = answered(telling, ASK % (b"POST", b"/", b"Content-Length: 6\r\n"), [b"abc", b"def"])
    whole = b"".join(asker.heard)
    assert whole.startswith(b"HTTP/1.1 200 OK\r\n") and b'"body": "abcdef"' in whole and asker.ends == 1


def test_a_second_request_behind_the_first_is_never_served() -> None:
    for asker in (
        answered(telling, get(b"/1") + get(b"/2")),
        answered(telling, get(b"/1"), [get(b"/2")]),
        answered(telling, ASK % (b"POST", b"/1", b"Content-Length: 1\r\n"), [b"x" + get(b"/2")]),
    ):
        whole = b"".join(asker.heard)
        assert whole.count(b"HTTP/1.1 200") == 1 and b'"PATH_INFO": "/1"' in whole and asker.ends == 1


def test_a_page_that_fails_is_excused_without_a_word_of_why(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "waitress"):
        whole = b"".join(answered(telling, get(b"/crash")).heard)
    assert whole.startswith(b"HTTP/1.1 500 ") and b"a bug" not in whole and "Traceback" not in whole.decode()
    assert "Exception while serving /crash" in caplog.text


def test_a_page_that_fails_in_the_middle_is_cut_off() -> None:
    def failing(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Length", "10")])
        yield b"12345"
        raise RuntimeError("a bug")

    asker = answered(failing, get(b"/"))
    assert b"".join(asker.heard).endswith(b"\r\n\r\n12345") and asker.ends == 1


def test_a_file_is_answered_and_closed() -> None:
    file = io.BytesIO(b"f" * 200_000)

    def giving(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        start_response("200 OK", [("Content-Length", "200000")])
        return environ["wsgi.file_wrapper"](file)

    whole = b"".join(answered(giving, get(b"/")).heard)
    assert whole.endswith(b"\r\n\r\n" + b"f" * 200_000) and file.closed


def test_who_left_gets_no_page_made() -> None:
    made: list[str] = []
    asker = answered(lambda environ, start: made.append(environ["PATH_INFO"]), get(b"/"), left=True)
    assert not made and not asker.heard and not asker.ends


def test_a_body_that_its_client_took_away_ends_the_request_quietly(caplog: pytest.LogCaptureFixture) -> None:
    def closed() -> Iterator[bytes]:
        yield b"abc"
        raise ValueError("I/O operation on closed file.")

    asker = answered(telling, ASK % (b"POST", b"/", b"Content-Length: 6\r\n"), closed())
    assert not asker.heard and asker.ends == 1 and "Traceback" not in caplog.text
