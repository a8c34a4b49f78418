"""Tells the pages who calls. Stands right before the application, behind a socket that only the front can reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from webui.front.http.forward import ADDRESS, FORWARDED, PORT, SCHEME
from webui.http.caller import IS_FORWARDED

_KEYS = tuple("HTTP_" + name.upper().replace("-", "_") for name in (ADDRESS, PORT, SCHEME, FORWARDED))

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def from_the_front(app: Application) -> Application:
    """``app`` with the client's address, port and scheme in its environment, where WSGI keeps them."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        address, port, scheme, forwarded = (environ.pop(key, "") for key in _KEYS)
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = address, port
        environ[IS_FORWARDED] = bool(forwarded)
        environ["wsgi.url_scheme"] = "https" if scheme == "https" else "http"
        return app(environ, start_response)

    return answer
