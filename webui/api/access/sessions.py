"""Sessions and known browsers: one's own, and everybody's for who administers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bottle

from runtime.core.access.access import BROWSER_S, LONGEST_S, Browser, Session
from runtime.core.access.change import SetWatched
from runtime.text.moment import iso
from webui.access.client import AccessClient
from webui.access.visible import visible_browsers, visible_sessions
from webui.api.request.body import fields
from webui.http.answer import json_answer
from webui.http.caller import caller
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge


class SessionsApi:
    def __init__(self, gate: AccessClient, bridge: Bridge) -> None:
        self._gate, self._bridge = gate, bridge

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/sessions", self.sessions)
        yield Route("DELETE", "/api/v1/sessions/<id:int>", self.end_session)
        yield Route("GET", "/api/v1/sessions/idle", self.idle)
        yield Route("PUT", "/api/v1/sessions/idle", self.set_idle)
        yield Route("GET", "/api/v1/browsers", self.browsers)
        yield Route("DELETE", "/api/v1/browsers/<id:int>", self.forget_browser)

    @needs(("home", "see"))
    def sessions(self) -> bottle.HTTPResponse:
        return json_answer([self._session(each) for each in visible_sessions(self._gate, self._bridge)])

    @needs(("home", "see"))
    def end_session(self, id: int) -> bottle.HTTPResponse:
        found = self._gate.access.sessions.get(id)
        if found is None or not _may_end(found.user):
            raise not_found("session")
        self._gate.leave(id)
        return json_answer({})

    @needs(("home", "see"))
    def idle(self) -> bottle.HTTPResponse:
        return json_answer({"watched_min": self._gate.access.watched_s // 60})

    @needs(("server_configuration", "act"), pin=True)
    def set_idle(self) -> bottle.HTTPResponse:
        """For how long a page of live values keeps a session alive that nobody uses, 0 = not at all."""
        asked = fields()
        watched_min = asked.integer("watched_min", 0, LONGEST_S // 60)
        asked.end()
        self._gate.change(SetWatched(watched_min * 60))
        return json_answer({"watched_min": watched_min})

    @needs(("home", "see"))
    def browsers(self) -> bottle.HTTPResponse:
        return json_answer([self._browser(each) for each in visible_browsers(self._gate, self._bridge)])

    @needs(("home", "see"))
    def forget_browser(self, id: int) -> bottle.HTTPResponse:
        found = self._gate.access.browsers.get(id)
        if found is None or not _may_end(found.user):
            raise not_found("browser")
        self._gate.forget(id)
        return json_answer({})

    def _session(self, each: Session) -> dict[str, Any]:
        zone = self._bridge.zone
        return {
            "id": each.id,
            "user": self._gate.access.users[each.user].name,
            "address": each.address,
            "browser": each.agent,
            "began": iso(each.began_ts, zone),
            "seen": iso(each.seen_ts, zone),
            "ends": iso(each.until_ts, zone),
            "own": each.id == caller().session,
        }

    def _browser(self, each: Browser) -> dict[str, Any]:
        zone = self._bridge.zone
        return {
            "id": each.id,
            "user": self._gate.access.users[each.user].name,
            "address": each.address,
            "browser": each.agent,
            "known_since": iso(each.began_ts, zone),
            "used": iso(each.used_ts, zone),
            "ends": iso(each.began_ts + BROWSER_S, zone),
        }


def _may_end(user: int) -> bool:
    return caller().user == user or caller().may(("server_configuration", "act"))
