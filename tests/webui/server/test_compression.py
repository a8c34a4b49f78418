from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from webui.server.compression import LEAST_BYTES, packed

LONG = b"<p>watt</p>" * 500
HTML = ("Content-Type", "text/html; charset=utf-8")


def ask(body: Iterable[bytes], *headers: tuple[str, str], **environ: str) -> tuple[dict[str, str], bytes]:
    """What comes of an answer with this body."""
    seen: dict[str, str] = {}

    def app(asked: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", list(headers))
        return body

    answer = packed(app)(
        {"HTTP_ACCEPT_ENCODING": "gzip, br", **environ}, lambda status, headers: seen.update(dict(headers))
    )
    return seen, b"".join(answer)


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/json"])
def test_a_long_answer_is_packed_and_says_so(kind: str) -> None:
    headers, content = ask(
        [LONG], ("Content-Type", kind), ("Content-Length", str(len(LONG))), ("Vary", "Cookie"), ("ETag", '"x"')
    )
    assert gzip.decompress(content) == LONG and len(content) < len(LONG) / 5
    assert headers == {
        "Content-Type": kind, "ETag": '"x"', "Content-Encoding": "gzip", "Content-Length": str(len(content)),
        "Vary": "Accept-Encoding, Cookie",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("environ", "is_packed"),
    [
        ({}, True),
        ({"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_COOKIE": "a=b"}, True),
        ({"HTTP_SEC_FETCH_SITE": "none", "HTTP_COOKIE": "a=b"}, True),
        ({"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_COOKIE": "a=b"}, False),
        ({"HTTP_SEC_FETCH_SITE": "same-site", "HTTP_COOKIE": "a=b"}, False),
        ({"HTTP_SEC_FETCH_SITE": "cross-site"}, False),
        ({"HTTP_COOKIE": "a=b"}, False),
        ({"HTTP_ACCEPT_ENCODING": "br"}, False),
    ],
)
def test_nothing_is_packed_that_another_site_may_have_asked_for(environ: dict[str, str], is_packed: bool) -> None:
    headers, content = ask([LONG], HTML, **environ)
    assert ("Content-Encoding" in headers, content != LONG) == (is_packed, is_packed)


def test_what_is_short_of_another_kind_packed_or_given_in_pieces_stays() -> None:
    assert ask([b"x" * (LEAST_BYTES - 1)], HTML)[1] == b"x" * (LEAST_BYTES - 1)
    assert ask([LONG], ("Content-Type", "application/zip"))[1] == LONG
    assert ask([LONG], HTML, ("Content-Encoding", "br"))[1] == LONG
    assert ask(iter([LONG]), HTML) == ({"Content-Type": HTML[1]}, LONG)
