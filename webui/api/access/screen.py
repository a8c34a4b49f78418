"""Display links: a public screen shows chosen pages in turn and is never logged out.

The key stands behind the # of the link, so that it is in no log of a server or a proxy; the screen's page gives it for
a cookie. It is shown once, when it is made.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bottle

from runtime.core.access.access import Token
from runtime.core.access.change import AddToken, RemoveToken
from runtime.core.access.screen import (
    LEAST_TURN_S,
    MOST_PAGES,
    MOST_TURN_S,
    THEMES,
    Screen,
    screen_rights,
)
from runtime.core.clock.timegrid import local
from runtime.core.tariff.rules import parse_minute
from runtime.errors import WattkeeperError
from runtime.secret.vault import key_hash, new_key
from runtime.text.moment import iso
from webui.access.client import AccessClient
from webui.api.request.body import Fields, fields
from webui.http.answer import json_answer
from webui.http.cookies import SCREEN, cookie, set_cookie
from webui.http.permission import PUBLIC, Route, needs
from webui.model.bridge import Bridge

MOST_KEY = 100


class ScreenApi:
    def __init__(self, gate: AccessClient, bridge: Bridge) -> None:
        self._gate, self._bridge = gate, bridge

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/screens", self.screens)
        yield Route("POST", "/api/v1/screens", self.add)
        yield Route("DELETE", "/api/v1/screens/<id:int>", self.remove)
        yield Route("GET", "/api/v1/screen", self.own)
        yield Route("POST", "/api/v1/screen", self.begin)

    @needs(("server_configuration", "see"))
    def screens(self) -> bottle.HTTPResponse:
        found = ((token, token.screen) for token in self._gate.access.tokens.values())
        return json_answer([self._describe(token, screen) for token, screen in found if screen])

    @needs(("server_configuration", "act"), pin=True)
    def add(self) -> bottle.HTTPResponse:
        """``key`` opens it, as ``/screen#KEY``; it is told this once."""
        asked, key = fields(), new_key()
        name, screen = asked.text("name", ""), self._screen_from(asked)
        asked.end()
        after = self._gate.change(AddToken(name, key_hash(key), self._rights(screen), screen=screen))
        return json_answer(self._describe(after.tokens[after.used["token"]], screen) | {"key": key}, 201)

    @needs(("server_configuration", "act"), pin=True)
    def remove(self, id: int) -> bottle.HTTPResponse:
        found = self._gate.access.tokens.get(id)
        if found is None or found.screen is None:
            raise self._gate.refusal("token_unknown")
        self._gate.change(RemoveToken(id))
        return json_answer({})

    @needs(PUBLIC)
    def own(self) -> bottle.HTTPResponse:
        """What the screen that asks shows; it asks before each page, and learns so that its link was revoked."""
        return self._answer(cookie(SCREEN))

    @needs(PUBLIC)
    def begin(self) -> bottle.HTTPResponse:
        """The key of a link becomes the cookie of the browser."""
        asked = fields()
        key = asked.text("key", "", most=MOST_KEY)
        asked.end()
        return self._answer(key)

    def _answer(self, key: str) -> bottle.HTTPResponse:
        screen = self._gate.by_screen(key).screen
        if screen is None:
            raise self._gate.refusal("screen_unknown")
        now_ts = self._bridge.clock.now_ts()
        at = local(now_ts, self._bridge.zone)
        shown = _describe_screen(screen) | {
            "version": self._bridge.version,
            "dark": _is_dark(screen, at.hour * 60 + at.minute),
        }
        answer = json_answer(shown)
        set_cookie(answer, SCREEN, key)
        return answer

    def _screen_from(self, asked: Fields) -> Screen:
        """Raises RequestRefused."""
        pages = asked.value("pages", [])
        is_list = isinstance(pages, list) and 1 <= len(pages) <= MOST_PAGES
        if not (is_list and all(isinstance(page, str) for page in pages)):
            raise self._gate.refusal("screen_page_wrong", field="pages")
        return Screen(
            tuple(dict.fromkeys(page.strip() for page in pages)),
            asked.integer("turn_s", LEAST_TURN_S, MOST_TURN_S, 30),
            asked.one_of("theme", THEMES, "night"),
            self._minute(asked, "dark_from", "20:00"),
            self._minute(asked, "dark_until", "07:00"),
        )

    def _minute(self, asked: Fields, name: str, usual: str) -> int:
        try:
            return parse_minute(asked.text(name, usual))
        except ValueError:
            raise self._gate.refusal("moment_wrong", field=name) from None

    def _rights(self, screen: Screen) -> frozenset[tuple[str, str]]:
        try:
            return screen_rights(screen.pages)
        except WattkeeperError as error:
            raise self._gate.refusal(error.code) from None

    def _describe(self, token: Token, screen: Screen) -> dict[str, Any]:
        made = iso(token.made_ts, self._bridge.zone)
        return {"id": token.id, "name": token.name, "by": token.by, "made": made} | _describe_screen(screen)


def _describe_screen(screen: Screen) -> dict[str, Any]:
    return {
        "pages": list(screen.pages),
        "turn_s": screen.turn_s,
        "theme": screen.theme,
        "dark_from": _clock(screen.dark_from_min),
        "dark_until": _clock(screen.dark_until_min),
    }


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _is_dark(screen: Screen, minute: int) -> bool:
    """At a minute of the site's day; two equal times are no night."""
    begins, ends = screen.dark_from_min, screen.dark_until_min
    is_night = begins <= minute < ends if begins <= ends else minute >= begins or minute < ends
    return screen.theme == "dark" or (screen.theme == "night" and is_night)
