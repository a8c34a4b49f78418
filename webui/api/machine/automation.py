"""Rules that act: how each stands, and when it would have acted in the last week."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bottle

from actors.message.automation import AUTOMATIONS_VIEW, AutomationsView, RuleState
from runtime.core.automation.resource import AUTOMATION
from runtime.core.automation.spec import AutomationSpec
from runtime.text.moment import iso, iso_ms
from webui.http.answer import json_answer
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.report.rehearsal import rehearse

SEE = (("system_configuration", "see"), ("server_configuration", "see"))
MOST_SPELLS = 200


class AutomationApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/automation-states", self.states)
        yield Route("GET", "/api/v1/automations/<id:int>/rehearsal", self.rehearsal)

    @needs(*SEE)
    def states(self) -> bottle.HTTPResponse:
        """One object a rule."""
        view = self._bridge.views.get(AUTOMATIONS_VIEW, AutomationsView())
        specs = self._bridge.installation().of(AUTOMATION)
        return json_answer([self._describe(spec, view.rules.get(spec.id, RuleState())) for spec in specs])

    @needs(*SEE)
    def rehearsal(self, id: int) -> bottle.HTTPResponse:
        """The newest come first; ``times`` counts all of them."""
        spec = self._bridge.installation().find(AUTOMATION, id)
        if spec is None:
            raise not_found("automation")
        zone, spells = self._bridge.zone, rehearse(self._bridge, spec)
        shown = [
            {"from": iso(spell.start_ts, zone), "to": iso(spell.end_ts, zone)}
            for spell in reversed(spells[-MOST_SPELLS:])
        ]
        return json_answer({"times": len(spells), "spells": shown})

    def _describe(self, spec: AutomationSpec, state: RuleState) -> dict[str, Any]:
        acted = iso_ms(state.acted_ms, self._bridge.zone) if state.acted_ms else None
        error = {"code": state.code, "message": state.detail} if state.code else None
        return {"automation": spec.id, "holds": state.holds, "acted": acted, "error": error}
