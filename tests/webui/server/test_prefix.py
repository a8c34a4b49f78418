from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from webui.http.staticfile import FOLDER
from webui.server.prefix import under_prefix

SCRIPTS = sorted((FOLDER / "js").rglob("*.js"))
ABSOLUTE = re.compile(r"""["'`]/(?=[a-z])[^"'`\n]*""")  # a path of ours at the beginning of a text


def served(content: bytes, kind: str, path: str = "/energy/x", **headers: str) -> tuple[str, dict[str, str], bytes]:
    """What comes through: (the path that the application sees, headers, content)."""
    seen: dict[str, Any] = {}

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        seen["path"] = environ["PATH_INFO"]
        start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(content))), *headers.items()])
        return [content]

    body = under_prefix(app, "/energy")(
        {"PATH_INFO": path}, lambda status, headers, *more: seen.update(headers=dict(headers))
    )
    return seen["path"], seen["headers"], b"".join(body)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_every_path_in_a_script_leaves_with_the_prefix(script: Any) -> None:
    paths = ABSOLUTE.findall(script.read_text("utf-8"))
    _, _, content = served(script.read_bytes(), "text/javascript; charset=utf-8")
    kept = ABSOLUTE.findall(content.decode())
    assert len(kept) == len(paths) + script.read_text("utf-8").count('assign("/")')
    assert all(path[1:].startswith("/energy/") for path in kept)
    assert b'assign("/")' not in content


@pytest.mark.parametrize(
    ("path", "seen"),
    [("/energy/x", "/x"), ("/energy", "/"), ("/energy/", "/"), ("/x", "/x"), ("/energyx", "/energyx")],
)
def test_the_path_comes_without_it_whether_the_proxy_took_it_off_or_not(path: str, seen: str) -> None:
    assert served(b"", "text/plain", path)[0] == seen


def test_links_get_it_and_texts_and_other_hosts_do_not() -> None:
    page = b'<a href="/x">"/x" /y</a><a href="//other">o</a><form action="/login"></form>'
    _, headers, content = served(page, "text/html; charset=utf-8", Location="/x")
    assert content == (b'<a href="/energy/x">"/x" /y</a><a href="//other">o</a><form action="/energy/login"></form>')
    assert headers["Content-Length"] == str(len(content)) and headers["Location"] == "/energy/x"
    assert served(b'{"a": "/x"}', "application/json")[2] == b'{"a": "/x"}'
    assert served(b"", "text/html", Location="/energy/x")[1]["Location"] == "/energy/x"
