"""Users: who they are, what they may, their codes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bottle

from runtime.core.access.access import User
from runtime.core.access.change import AddUser, Codes, EditUser, RemoveUser
from runtime.core.access.codes import pin_fault, plain, puk_fault
from webui.access.client import AccessClient
from webui.access.rights import rights_json
from webui.api.access.rights import rights_from
from webui.api.request.body import Fields, fields
from webui.http.answer import json_answer
from webui.http.permission import Route, needs

SEE = (("server_configuration", "see"),)
ACT = (("server_configuration", "act"),)


class UserApi:
    def __init__(self, gate: AccessClient) -> None:
        self._gate = gate

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/users", self.users)
        yield Route("POST", "/api/v1/users", self.add)
        yield Route("GET", "/api/v1/users/<id:int>", self.user)
        yield Route("PATCH", "/api/v1/users/<id:int>", self.edit)
        yield Route("DELETE", "/api/v1/users/<id:int>", self.remove)

    @needs(*SEE)
    def users(self) -> bottle.HTTPResponse:
        return json_answer([user_json(user) for user in self._gate.access.users.values()])

    @needs(*SEE)
    def user(self, id: int) -> bottle.HTTPResponse:
        return json_answer(user_json(self._user(id)))

    @needs(*ACT, pin=True)
    def add(self) -> bottle.HTTPResponse:
        asked = fields()
        name = asked.text("name", "")
        rights = rights_from(self._gate, asked.value("rights", {}))
        enabled = asked.flag("enabled", True)
        codes = read_codes(self._gate, asked)
        asked.end()
        after = self._gate.change(AddUser(name, rights, codes, enabled))
        return json_answer(user_json(after.users[after.used["user"]]), 201)

    @needs(*ACT, pin=True)
    def edit(self, id: int) -> bottle.HTTPResponse:
        """What is left out stays. ``If-Match`` with the etag refuses to undo what somebody else saved meanwhile."""
        asked = fields()
        self._user(id)
        rights = asked.value("rights", None)
        codes = read_codes(self._gate, asked)
        change = EditUser(
            id,
            _version(bottle.request.get_header("If-Match", "")),
            asked.text("name") if asked.has("name") else None,
            None if rights is None else rights_from(self._gate, rights),
            codes,
            asked.flag("enabled") if asked.has("enabled") else None,
        )
        asked.end()
        return json_answer(user_json(self._gate.change(change).users[id]))

    @needs(*ACT, pin=True)
    def remove(self, id: int) -> bottle.HTTPResponse:
        self._gate.change(RemoveUser(id))
        return json_answer({})

    def _user(self, id: int) -> User:
        user = self._gate.access.users.get(id)
        if user is None:
            raise self._gate.refusal("user_unknown")
        return user


def user_json(user: User) -> dict[str, Any]:
    """Never anything of the codes."""
    return {
        "id": user.id,
        "name": user.name,
        "rights": rights_json(user.rights),
        "enabled": user.enabled,
        "has_codes": user.has_codes,
        "factory_codes": user.factory,
        "etag": str(user.version),
    }


def read_codes(gate: AccessClient, asked: Fields) -> Codes | None:
    """Of ``pin`` and ``puk``, None when neither is given. Raises RequestRefused."""
    pin, puk = plain(asked.text("pin", "", most=60)), plain(asked.text("puk", "", most=60))
    if not pin and not puk:
        return None
    if not pin or not puk:
        raise gate.refusal("codes_incomplete", field="puk" if pin else "pin")
    if fault := pin_fault(pin) or puk_fault(puk, pin):
        raise gate.refusal(fault)
    return gate.codes(pin, puk)


def _version(etag: str) -> int:
    bare = etag.strip().removeprefix("W/").strip('"')
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 10 else 0
