"""Pages and JSON are packed for who can unpack them.

The length of what is packed depends on its text. Whoever could make a browser ask for a page with a text of theirs in
it, and watch the length, could find out a secret of the same page (BREACH). So nothing is packed that another site may
have asked for: a browser tells that itself, and without its word a request that bears a cookie is left alone.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]

LEAST_BYTES = 1024  # below it the packing costs more than the way
_LEVEL = 5
_PACKED = ("text/html", "application/json")
_OWN_SITES = ("same-origin", "none")  # a page of ours, or the person at the browser


def packed(app: Application) -> Application:
    """``app`` with its larger answers in gzip. What it gives piece by piece, or packed already, stays as it is."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not _wants(environ):
            return app(environ, start_response)
        started: list[Any] = []
        body = app(environ, lambda *given: started.append(given))
        status, headers, *more = started[-1]
        if isinstance(body, list | tuple) and _suits(headers, sum(map(len, body))):
            content = gzip.compress(b"".join(body), _LEVEL, mtime=0)
            body, headers = [content], _of_packed(headers, len(content))
        start_response(status, headers, *more)
        return body

    return answer


def _wants(environ: dict[str, Any]) -> bool:
    if "gzip" not in environ.get("HTTP_ACCEPT_ENCODING", ""):
        return False
    asked_by = environ.get("HTTP_SEC_FETCH_SITE", "")
    return asked_by in _OWN_SITES if asked_by else not environ.get("HTTP_COOKIE")


def _suits(headers: Headers, length: int) -> bool:
    told = {name.lower(): value for name, value in headers}
    return length >= LEAST_BYTES and told.get("content-type", "").startswith(_PACKED) and "content-encoding" not in told


def _of_packed(headers: Headers, length: int) -> Headers:
    kept = [(name, value) for name, value in headers if name.lower() not in ("content-length", "vary")]
    varies = ", ".join(["Accept-Encoding", *(value for name, value in headers if name.lower() == "vary")])
    return [*kept, ("Content-Encoding", "gzip"), ("Content-Length", str(length)), ("Vary", varies)]
