"""The first set-up: taken once, from the server's own network."""

from __future__ import annotations

from collections.abc import Iterable

import bottle

from actors.message.edit import INSTALLATION, EditInstallation
from runtime.core.access.change import SetUp
from runtime.core.access.codes import pin_fault, plain, puk_fault
from runtime.core.edit.edits import Edit, settings
from runtime.errors import ConfigError, WattkeeperError
from webui.access.client import WITHIN_S, AccessClient
from webui.access.login import check_first_setup, log_in
from webui.api.request.body import fields
from webui.http.answer import json_answer
from webui.http.errors import RequestRefused
from webui.http.permission import PUBLIC, Route, needs
from webui.model.bridge import Bridge

BY = "set-up"


class FirstSetupApi:
    def __init__(self, gate: AccessClient, bridge: Bridge) -> None:
        self._gate, self._bridge = gate, bridge

    def routes(self) -> Iterable[Route]:
        yield Route("POST", "/api/v1/setup", self.set_up)

    @needs(PUBLIC)
    def set_up(self) -> bottle.HTTPResponse:
        """Codes of the administrator, and what the site is called and where it is. Whoever did it is logged in."""
        check_first_setup(self._gate)
        asked = fields()
        pin, puk = (plain(asked.text(name, "", most=60)) for name in ("pin", "puk"))
        site = {name: asked.text(name) for name in ("name", "zone", "currency", "language") if asked.has(name)}
        asked.end()
        if fault := pin_fault(pin) or puk_fault(puk, pin):
            raise self._gate.refusal(fault)
        edit = _edit(site)
        self._gate.change(SetUp(self._gate.codes(pin, puk)))
        answer = json_answer({"site_saved": self._saved(edit)}, 201)
        log_in(self._gate, answer, pin, puk)
        return answer

    def _saved(self, edit: Edit) -> bool:
        """The codes hold already; what could not be saved of the site can be said again in its settings."""
        try:
            self._bridge.ask(INSTALLATION, lambda reply: EditInstallation(edit, BY, reply), WITHIN_S)
        except WattkeeperError:
            return False
        return True


def _edit(site: dict[str, str]) -> Edit:
    try:
        return settings(site)
    except ConfigError as error:
        fault = error.faults[0]
        raise RequestRefused(400, fault.code, fault.message, fault.key.rpartition(".")[2], fault.hint) from None
