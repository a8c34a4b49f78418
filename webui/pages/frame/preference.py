"""What a visitor prefers: the language. (Light or dark is a cookie that the page itself sets.)"""

from __future__ import annotations

from collections.abc import Iterable

import bottle

from runtime.text.language import NAMES
from webui.http.errors import RequestRefused
from webui.http.permission import PUBLIC, Route, needs
from webui.http.returnpath import is_local

_YEAR_S = 365 * 86_400


class Preferences:
    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/language/<code>", self.language)

    @needs(PUBLIC)
    def language(self, code: str) -> bottle.HTTPResponse:
        """Remembers it in a cookie and goes back to the page that asked."""
        if code not in NAMES:
            raise RequestRefused(404, "not_found", "There is no such language.")
        back = bottle.request.query.getunicode("back") or "/"
        answer = bottle.HTTPResponse(status=303, headers={"Location": back if is_local(back) else "/"})
        answer.set_cookie("language", code, path="/", max_age=_YEAR_S, samesite="lax", httponly=True)
        return answer
