"""The pages below a path of a proxy, as https://example.org/energy/: links leave with it, requests come without."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from webui.front.http.clientheader import Application

_LINK = re.compile(rb'="/(?!/)')  # attributes of our templates; texts have their quotes written out
_SCRIPT = re.compile(
    rb"""(["'`])/(?=(?:alarms|api|charging|consumptions|curves|devices|gateways|language|live|login|logout|reports|screen|setup|static|users|words)\b)"""
)
_HOME = b'assign("/")'
_REWRITTEN = ("text/html", "text/javascript")


def under_prefix(app: Application, prefix: str) -> Application:
    """``app`` as it is with ``prefix`` "", else below it: "/energy". The proxy may take it off itself, or leave it."""
    if not prefix:
        return app
    path = prefix.encode()

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["PATH_INFO"] = _without(environ.get("PATH_INFO", ""), prefix)
        environ.pop("HTTP_ACCEPT_ENCODING", None)  # packed once it has its links, by the proxy
        started: list[tuple[str, list[tuple[str, str]], Any]] = []
        body = app(environ, lambda status, headers, *more: started.append((status, headers, more)))
        content = b"".join(body)
        status, headers, more = started[-1]
        kind = next((value for name, value in headers if name.lower() == "content-type"), "")
        if kind.startswith(_REWRITTEN):
            content = _rewritten(content, path, kind)
        start_response(status, [_header(name, value, prefix, len(content)) for name, value in headers], *more)
        return [content]

    return answer


def _without(path: str, prefix: str) -> str:
    return path.removeprefix(prefix) or "/" if path == prefix or path.startswith(f"{prefix}/") else path


def _rewritten(content: bytes, prefix: bytes, kind: str) -> bytes:
    if kind.startswith("text/html"):
        return _LINK.sub(b'="' + prefix + b"/", content)
    return _SCRIPT.sub(rb"\1" + prefix + b"/", content).replace(_HOME, b'assign("' + prefix + b'/")')


def _header(name: str, value: str, prefix: str, length: int) -> tuple[str, str]:
    if name.lower() == "location" and value.startswith("/") and not value.startswith(f"{prefix}/"):
        return name, prefix + value
    if name.lower() == "content-length" and length:
        return name, str(length)
    return name, value
