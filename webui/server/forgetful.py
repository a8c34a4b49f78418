"""A page that was made is forgotten once it is on its way: else each thread keeps its last one until its next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bottle

from webui.server.compression import Application


def forgetful(app: Application) -> Application:
    """``app``, whose thread keeps nothing of what it answered."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = app(environ, start_response)
        bottle.response.body = b""
        return body

    return answer
