"""Tokens: keys for programs, with explicit rights. A token is shown once, when it is made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bottle

from runtime.core.access.access import Token
from runtime.core.access.change import AddToken, RemoveToken
from runtime.secret.vault import key_hash, new_key
from runtime.text.moment import iso
from webui.access.client import AccessClient
from webui.access.rights import rights_json
from webui.api.access.rights import rights_from
from webui.api.request.body import fields
from webui.http.answer import json_answer
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge

DAY_S = 86_400
MOST_DAYS = 3650
SEE_ALL = {"panel_board": "see", "consumptions": "see", "reports": "see", "alarms": "see"}


class TokenApi:
    def __init__(self, gate: AccessClient, bridge: Bridge) -> None:
        self._gate, self._bridge = gate, bridge

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/tokens", self.tokens)
        yield Route("POST", "/api/v1/tokens", self.add)
        yield Route("DELETE", "/api/v1/tokens/<id:int>", self.remove)

    @needs(("server_configuration", "see"))
    def tokens(self) -> bottle.HTTPResponse:
        return json_answer([self._describe(token) for token in self._gate.access.tokens.values() if not token.screen])

    @needs(("server_configuration", "act"), pin=True)
    def add(self) -> bottle.HTTPResponse:
        """May see when nothing else is asked for. ``days`` it is good for, 0 = until it is removed."""
        asked, key = fields(), new_key()
        name = asked.text("name", "")
        rights = rights_from(self._gate, asked.value("rights", SEE_ALL))
        days = asked.integer("days", 0, MOST_DAYS, 0)
        asked.end()
        ends_ts = self._bridge.clock.now_ts() + days * DAY_S if days else 0
        after = self._gate.change(AddToken(name, key_hash(key), rights, ends_ts))
        return json_answer(self._describe(after.tokens[after.used["token"]]) | {"token": key}, 201)

    @needs(("server_configuration", "act"), pin=True)
    def remove(self, id: int) -> bottle.HTTPResponse:
        found = self._gate.access.tokens.get(id)
        if found is not None and found.screen is not None:
            raise self._gate.refusal("token_unknown")
        self._gate.change(RemoveToken(id))
        return json_answer({})

    def _describe(self, token: Token) -> dict[str, Any]:
        return {
            "id": token.id,
            "name": token.name,
            "rights": rights_json(token.rights),
            "by": token.by,
            "made": iso(token.made_ts, self._bridge.zone),
            "ends": iso(token.ends_ts, self._bridge.zone) if token.ends_ts else None,
        }
