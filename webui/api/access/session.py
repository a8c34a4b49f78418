"""Logging in and out, and the PIN again, for pages and programs."""

from __future__ import annotations

from collections.abc import Iterable

import bottle

from runtime.core.access.access import seen_pages
from runtime.core.access.codes import plain
from webui.access.client import AccessClient
from webui.access.login import CODE, confirm, log_in, log_out
from webui.access.owncodes import OwnCodes
from webui.access.rights import rights_json
from webui.api.access.user import read_codes
from webui.api.request.body import fields
from webui.http.answer import json_answer
from webui.http.caller import Caller, caller
from webui.http.permission import PUBLIC, Route, needs
from webui.model.bridge import Bridge


class SessionApi:
    def __init__(self, gate: AccessClient, bridge: Bridge) -> None:
        self._gate = gate
        self._own_codes = OwnCodes(gate, bridge.clock.monotonic)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/session", self.who)
        yield Route("POST", "/api/v1/session", self.log_in)
        yield Route("DELETE", "/api/v1/session", self.log_out)
        yield Route("POST", "/api/v1/session/confirm", self.confirm)
        yield Route("PUT", "/api/v1/session/codes", self.change_codes)

    @needs(("home", "see"))
    def who(self) -> bottle.HTTPResponse:
        """Who asks; a page asks when somebody moves, which keeps the session from ending."""
        return json_answer(_describe_session(caller()))

    @needs(PUBLIC)
    def log_in(self) -> bottle.HTTPResponse:
        """PIN and PUK; the PIN is enough for a browser that is known."""
        asked = fields()
        pin, puk = plain(asked.text("pin", "", most=CODE)), plain(asked.text("puk", "", most=CODE))
        asked.end()
        answer = json_answer({})
        session = log_in(self._gate, answer, pin, puk)
        user = self._gate.access.users[session.user]
        answer.body = json_answer(
            _describe_session(Caller(user.name, user.id, user.rights, session.id, session.csrf))
        ).body
        return answer

    @needs(("home", "see"))
    def log_out(self) -> bottle.HTTPResponse:
        """With ``lock`` the PIN is no longer enough at this browser."""
        answer = json_answer({})
        log_out(self._gate, answer, lock=bottle.request.query.get("lock", "") not in ("", "0"))
        return answer

    @needs(("home", "see"))
    def confirm(self) -> bottle.HTTPResponse:
        """The PIN again, for what asks it after 15 minutes."""
        asked = fields()
        pin = plain(asked.text("pin", "", most=CODE))
        asked.end()
        answer = json_answer({})
        confirm(self._gate, answer, pin)
        return answer

    @needs(("home", "see"), pin=True)
    def change_codes(self) -> bottle.HTTPResponse:
        """New PIN and PUK of who asks, both; this session goes on, all others of theirs end."""
        asked = fields()
        codes = read_codes(self._gate, asked)
        asked.end()
        if codes is None:
            raise self._gate.refusal("codes_incomplete", field="pin")
        if not caller().user:
            raise self._gate.refusal("not_allowed")
        self._own_codes.change(caller().user, codes)
        return json_answer({})


def _describe_session(who: Caller) -> dict[str, object]:
    rights = who.rights if who.rights is not None else None
    return {
        "user": who.name,
        "pages": list(seen_pages(rights)) if rights is not None else None,
        "rights": rights_json(rights) if rights is not None else None,
        "csrf": who.csrf,
        "fresh": who.is_fresh,
    }
