"""Telling devices something: what each can be told, doing it, and unlocking one for a trial."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

import bottle

from actors.message.device import Command
from runtime.code.codes import field_of, status_of
from runtime.core.device.command import DONE, CommandRequest, Outcome
from runtime.core.device.permit import MOST_TRIAL_S
from runtime.core.device.writetrial import on_trial, until
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.installation import DeviceSpec
from runtime.errors import WattkeeperError
from runtime.text.figures import json_number
from runtime.text.moment import iso_ms
from webui.api.request import body
from webui.api.request.serialise import device_json
from webui.http.answer import json_answer
from webui.http.caller import caller
from webui.http.errors import RequestRefused, not_found
from webui.http.permission import Route, needs
from webui.model.actorclient import ActorClient, gateway_off
from webui.model.bridge import Bridge
from webui.model.commands import AvailableCommand, available_commands, carrier, is_station, lock_of
from webui.model.editing import Editing

WITHIN_S = 8.0  # until the answer; what the line has not got to by three fifths of it is dropped
REPLY_S = 1.0
MOST_AT_ONCE = 4
ACT = (("panel_board", "act"), ("green_up", "act"))


class CommandApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._asking = ActorClient(bridge, MOST_AT_ONCE)
        self._editing = Editing(bridge)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/devices/<id:int>/commands", self.listed)
        yield Route("POST", "/api/v1/devices/<id:int>/commands", self.run)
        yield Route("POST", "/api/v1/devices/<id:int>/trial", self.unlock)
        yield Route("DELETE", "/api/v1/devices/<id:int>/trial", self.lock)

    @needs(("panel_board", "see"), ("green_up", "see"))
    def listed(self, id: int) -> bottle.HTTPResponse:
        return json_answer([self._row(each) for each in available_commands(self._bridge, self._spec(id))])

    @needs(*ACT, pin=True)
    def run(self, id: int) -> bottle.HTTPResponse:
        """Answered when it was read back, or when nobody knows what came of it."""
        asked = self._spec(id)
        fields = body.fields()
        command, value = fields.text("command", most=60), fields.word_or_number("value")
        fields.end()
        spec = carrier(self._bridge, asked, command)
        self._check_right(spec)
        key = str(bottle.request.get_header("Idempotency-Key", ""))[:100] or secrets.token_hex(8)
        outcome = self._command(spec, CommandRequest(spec.id, command, value, caller().name, key))
        return json_answer(self._outcome(outcome))

    @needs(("system_configuration", "act"), pin=True)
    def unlock(self, id: int) -> bottle.HTTPResponse:
        """Let a provisional map write to one device, for a while."""
        spec = self._spec(id)
        fields = body.fields()
        minutes = fields.integer("minutes", 1, MOST_TRIAL_S // 60, 30)
        fields.end()
        compiled = self._bridge.map_of(id)
        if compiled is None or compiled.trust != "provisional":
            raise RequestRefused(409, "trial_needless", "Nothing about this device is locked.")
        self._editing.do(lambda: on_trial(id, until(self._bridge.clock.now_ts(), minutes)))
        return self._device(spec.id)

    @needs(("system_configuration", "act"))
    def lock(self, id: int) -> bottle.HTTPResponse:
        self._spec(id)
        self._editing.do(lambda: on_trial(id, 0))
        return self._device(id)

    # ---- inside

    def _spec(self, id: int) -> DeviceSpec:
        spec = self._bridge.installation().device(id)
        if spec is None:
            raise not_found("device")
        return spec

    def _device(self, id: int) -> bottle.HTTPResponse:
        spec = self._spec(id)
        return json_answer({**device_json(self._bridge, spec), "locked": lock_of(self._bridge, spec) or None})

    def _check_right(self, spec: DeviceSpec) -> None:
        page = "green_up" if is_station(self._bridge, spec) else "panel_board"
        if not caller().may((page, "act")):
            raise RequestRefused(403, "not_allowed", "You may not do this.")

    def _command(self, spec: DeviceSpec, wish: CommandRequest) -> Outcome:
        deadline = self._bridge.clock.monotonic() + WITHIN_S
        with self._asking.waiting():
            try:
                outcome: Outcome = self._bridge.ask(
                    f"gateway.{spec.gateway}",
                    lambda reply: Command(wish, deadline, reply),
                    WITHIN_S + REPLY_S,
                    gateway_off(),
                )
                return outcome
            except WattkeeperError as error:
                status = status_of(error.code)
                raise RequestRefused(status, error.code, error.message, field_of(error.code)) from None

    def _row(self, each: AvailableCommand) -> dict[str, Any]:
        row, quantity = each.row, QUANTITIES[each.row.quantity]
        span = {"least": json_number(row.least_n, quantity.exp10), "most": json_number(row.most_n, quantity.exp10)}
        return {
            "command": row.name,
            "device": each.spec.id,
            "quantity": row.quantity,
            "read_back": row.read_back or None,
            "label": quantity.label,
            "name": _name(each.spec, row.name),
            "unit": quantity.unit,
            "choices": list(row.choices) or None,
            **(span if not row.values else {"least": None, "most": None}),
            "locked": each.locked or None,
        }

    def _outcome(self, outcome: Outcome) -> dict[str, Any]:
        return {
            "ok": outcome.state == DONE,
            "state": outcome.state,
            "device": outcome.wish.device,
            "command": outcome.wish.command,
            "told": _plain_value(outcome.quantity, outcome.told_n),
            "read": _plain_value(outcome.quantity, outcome.read_n),
            "at": iso_ms(outcome.ts_ms, self._bridge.zone),
            "code": outcome.code or None,
            "message": outcome.detail,
            "replayed": outcome.replayed,
        }


def _name(spec: DeviceSpec, command: str) -> str | None:
    """What the installer calls the output that a command is about."""
    parts = command.split("_")
    return spec.labels.get("_".join(parts[:2])) if parts[0] == "output" else None


def _plain_value(quantity: str, n: int | None) -> str | float | int | None:
    row = QUANTITIES[quantity]
    if n is None:
        return None
    if row.states:
        return row.states[n] if 0 <= n < len(row.states) else n
    return json_number(n, row.exp10)
