"""Tells the pages who calls, and the front what an answer took.

Stands right before the application, where only the front can hand requests over.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from webui.front.http.forward import ADDRESS, FORWARDED, PORT, SCHEME, SPENT
from webui.http.caller import IS_FORWARDED

_KEYS = tuple("HTTP_" + name.upper().replace("-", "_") for name in (ADDRESS, PORT, SCHEME, FORWARDED))

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def from_the_front(app: Application, spent: Callable[[], float] = time.thread_time) -> Application:
    """``app`` with the client's address, port and scheme in its environment, where WSGI keeps them.

    spent  processor time of the thread that asks, in seconds; what an answer took goes into a header for the front
    """

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        address, port, scheme, forwarded = (environ.pop(key, "") for key in _KEYS)
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = address, port
        environ[IS_FORWARDED] = bool(forwarded)
        environ["wsgi.url_scheme"] = "https" if scheme == "https" else "http"
        began = spent()
        started: list[Any] = []
        body = app(environ, lambda *given: started.append(given))
        status, headers, *more = started[-1]
        start_response(status, [*headers, (SPENT, str(round((spent() - began) * 1e6)))], *more)
        return body

    return answer
