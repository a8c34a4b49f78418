"""The first set-up: taken once, from the server's own network."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

import bottle

from actors.mailbox.reply import new_reply, wait_for
from actors.message.edit import INSTALLATION, EditInstallation
from runtime.core.access.change import SetUp
from runtime.core.access.codes import pin_fault, plain, puk_fault
from runtime.core.edit.edits import Edit, settings
from runtime.errors import ConfigError, WattkeeperError
from webui.access.client import WITHIN_S, AccessClient
from webui.api.access.session import log_in
from webui.api.request.answer import json_answer
from webui.api.request.body import fields
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
        check_place(self._gate)
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
        reply = new_reply()
        if not self._bridge.post(INSTALLATION, EditInstallation(edit, BY, reply)):
            return False
        try:
            wait_for(reply, WITHIN_S)
        except WattkeeperError:
            return False
        return True


def check_place(gate: AccessClient) -> None:
    """Raises RequestRefused when there is nothing to set up, or not from there."""
    if gate.is_set_up:
        raise gate.refusal("set_up_already")
    if not is_near(bottle.request.environ.get("REMOTE_ADDR", "")):
        raise gate.refusal("set_up_from_afar")


def is_near(address: str) -> bool:
    """The machine itself, or a network that is not the Internet."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return ip.is_loopback or ip.is_private or ip.is_link_local


def _edit(site: dict[str, str]) -> Edit:
    try:
        return settings(site)
    except ConfigError as error:
        fault = error.faults[0]
        raise RequestRefused(400, fault.code, fault.message, fault.key.rpartition(".")[2], fault.hint) from None
