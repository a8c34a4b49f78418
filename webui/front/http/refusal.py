"""What the front answers by itself: refusals and redirections."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from runtime.errors import check_error
from webui.http.errors import GUARDS

_NONE: Mapping[str, str] = MappingProxyType({})


class Refused(Exception):
    """A request that gets no further. ``code`` is stable, the sentence is for people."""

    def __init__(self, status: int, code: str, sentence: str, headers: Mapping[str, str] = _NONE) -> None:
        super().__init__(sentence)
        check_error(code)
        self.status, self.code, self.sentence, self.headers = status, code, sentence, headers


def render_refusal(refused: Refused, path: str = "") -> bytes:
    """The whole answer, in the API's error shape below /api/ and as one line of text elsewhere; the connection ends."""
    if path.startswith("/api/"):
        kind, body = "application/json", json.dumps({"error": {"code": refused.code, "message": refused.sentence}})
    else:
        kind, body = "text/plain; charset=utf-8", f"{refused.sentence}\n"
    content = body.encode()
    lines = {
        "Content-Type": kind,
        "Content-Length": str(len(content)),
        "Connection": "close",
        "Cache-Control": "no-store",
        **GUARDS,
        **refused.headers,
    }
    told = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    head = f"HTTP/1.1 {refused.status} {HTTPStatus(refused.status).phrase}\r\n{told}\r\n"
    return head.encode("latin-1") + content
