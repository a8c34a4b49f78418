"""Outlets: what each delivered and what waits for it, a test, its passwords (in only, never out), who enlisted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bottle

from actors.message.device import EventReported, KeepRecords
from actors.message.outlet import RefreshOutlet, RetryDelivery, SwitchChat, TryOutlet, outlet_name
from runtime.core.alert.message import Message
from runtime.core.alert.outlet import OUTLET, OutletSpec
from runtime.core.alert.outletkind import CHATS, OutletKind
from runtime.errors import WattkeeperError
from runtime.secret.secrets import KIND, MOST_LETTERS
from runtime.text.moment import iso, iso_ms
from webui.api.request.body import fields
from webui.api.request.recorder import Recording
from webui.http.answer import json_answer
from webui.http.caller import caller
from webui.http.errors import RequestRefused, not_found
from webui.http.permission import Route, needs
from webui.model.actorclient import ActorClient
from webui.model.bridge import Bridge
from webui.model.report.outbox import OutletState, outlet_states

SEE = (("server_configuration", "see"), ("system_configuration", "see"))
ACT = (("system_configuration", "act"),)
TEST_S = 45.0
TESTS = 2  # at once
OF_OTHERS = ("owner_restarted", "no_reply")  # what is no answer of the other side
LEAST_PASSWORD = 8  # of what strangers may guess


class OutletApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._recording = Recording(bridge)
        self._tests = ActorClient(bridge, TESTS)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/outbox", self.outbox)
        yield Route("POST", "/api/v1/outlets/<id:int>/test", self.test)
        yield Route("PUT", "/api/v1/outlets/<id:int>/secrets", self.set_secrets)
        yield Route("PUT", "/api/v1/outlets/<id:int>/chats/<chat>", self.switch_chat)
        yield Route("DELETE", "/api/v1/outlets/<id:int>/chats/<chat>", self.forget_chat)

    @needs(*SEE)
    def outbox(self) -> bottle.HTTPResponse:
        """One object an outlet."""
        return json_answer([self._describe(state) for state in outlet_states(self._bridge)])

    @needs(*ACT)
    def test(self, id: int) -> bottle.HTTPResponse:
        """Whether the other side accepted it, or what it answered."""
        spec, by = self._spec(id), caller().name
        with self._tests.waiting():
            try:
                to = self._bridge.ask(outlet_name(spec.id), lambda reply: TryOutlet(by, reply), TEST_S)
            except WattkeeperError as error:
                if error.code in OF_OTHERS:
                    raise RequestRefused(503, error.code, error.message) from None
                return json_answer(
                    {"ok": False, "delivered": [], "error": {"code": error.code, "message": error.message}}
                )
        return json_answer({"ok": True, "delivered": [recipient for recipient in to if recipient], "error": None})

    @needs(*ACT)
    def set_secrets(self, id: int) -> bottle.HTTPResponse:
        """Those that are given take the place of what there was; "" = it is no more."""
        spec = self._spec(id)
        kind, secrets = self._kind(spec), self._bridge.secrets
        asked = fields()
        given = {name: asked.text(name, most=MOST_LETTERS) for name in kind.secrets if asked.has(name)}
        asked.end()
        if kind.addressing == CHATS and 0 < len(given.get("password", "")) < LEAST_PASSWORD:
            text = f"A password that strangers may guess has at least {LEAST_PASSWORD} characters."
            raise RequestRefused(422, "secret_short", text, "password")
        assert secrets is not None
        owner, at_ms = outlet_name(spec.id), self._bridge.clock.now_ms()
        event = EventReported(
            at_ms, "server", "outlet_secret_set", f"{spec.name}: {', '.join(given)} by {caller().name}"
        )
        records = ((KIND, owner, secrets.record(owner, given)),)
        self._recording.do(lambda reply: KeepRecords(records, (event,), reply))
        self._bridge.post(owner, RefreshOutlet())
        self._bridge.post("alarms", RetryDelivery(spec.id))
        return json_answer({"secrets": sorted(secrets.of(owner))})

    @needs(*ACT)
    def switch_chat(self, id: int, chat: str) -> bottle.HTTPResponse:
        asked = fields()
        on = asked.flag("on")
        asked.end()
        owner = outlet_name(self._spec(id).id)
        self._recording.do(lambda reply: SwitchChat(chat, on, reply), owner)
        return json_answer({"chat": chat, "on": on})

    @needs(*ACT)
    def forget_chat(self, id: int, chat: str) -> bottle.HTTPResponse:
        """They enlist again with the password."""
        owner = outlet_name(self._spec(id).id)
        self._recording.do(lambda reply: SwitchChat(chat, None, reply), owner)
        return json_answer({})

    # ---- parts

    def _spec(self, id: int) -> OutletSpec:
        spec: OutletSpec | None = self._bridge.installation().find(OUTLET, id)
        if spec is None:
            raise not_found("outlet")
        return spec

    def _kind(self, spec: OutletSpec) -> OutletKind:
        kind = self._bridge.outlets().get(spec.kind)
        if kind is None:
            raise RequestRefused(409, "outlet_kind_unknown", "No loaded plugin has outlets of this kind.")
        return kind

    def _describe(self, state: OutletState) -> dict[str, Any]:
        view, zone = state.view, self._bridge.zone
        return {
            "outlet": state.spec.id,
            "on": state.spec.on,
            "secrets": sorted(view.secrets),
            "missing": list(state.missing),
            "delivered": view.delivered,
            "last": iso_ms(view.last_ms, zone) if view.last_ms else None,
            "dropped": state.dropped,
            "error": {"code": state.code, "message": state.detail} if state.code else None,
            "waiting": [self._message(message) for message in state.waiting],
            "chats": [
                {"chat": chat.recipient, "name": chat.name, "since": iso(chat.since_ts, zone), "on": chat.on}
                for chat in view.chats
            ],
        }

    def _message(self, message: Message) -> dict[str, Any]:
        zone = self._bridge.zone
        return {
            "id": message.id,
            "recipient": message.recipient or None,
            "since": iso_ms(message.created_ms, zone),
            "entries": len(message.entries) + message.more,
            "attempts": message.attempts,
            "next": iso_ms(message.next_ms, zone) if message.next_ms else None,
            "error": {"code": message.code, "message": message.detail} if message.code else None,
        }
