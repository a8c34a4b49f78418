"""Tariffs and cost rules as they are configured, with what holds now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bottle

from runtime.core.tariffrules import RuleSpec, tariffs_by_fluid
from runtime.core.tariffs import TariffSpec, amount_text
from runtime.core.timegrid import local
from webui.api.answer import json_answer
from webui.bridge import Bridge
from webui.permission import Route, needs

SEE = (("consumptions", "see"), ("panel_board", "see"), ("system_configuration", "see"))


class TariffApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/tariffs", self.tariffs)
        yield Route("GET", "/api/v1/rules", self.rules)

    @needs(*SEE)
    def tariffs(self) -> bottle.HTTPResponse:
        bridge = self._bridge
        today = local(bridge.clock.now_ts(), bridge.zone).date()
        held = {rule.tariff for rule in rules_in_force(bridge)}
        return json_answer(
            [_tariff(spec, spec.version_on(today), in_force=spec.id in held) for spec in bridge.installation().tariffs]
        )

    @needs(*SEE)
    def rules(self) -> bottle.HTTPResponse:
        """In the order in which they are asked: the first true one wins."""
        installation = self._bridge.installation()
        fluids = {tariff.id: tariff.fluid for tariff in installation.tariffs}
        held = {rule.id for rule in rules_in_force(self._bridge)}
        return json_answer(
            [
                _rule(rule, fluids[rule.tariff], in_force=rule.id in held)
                for rule in installation.rules
                if rule.tariff in fluids
            ]
        )


def rules_in_force(bridge: Bridge) -> tuple[RuleSpec, ...]:
    """The rule of each fluid that is true now; none of a fluid where no rule is."""
    installation, now_ts = bridge.installation(), bridge.clock.now_ts()
    compiled = tariffs_by_fluid(installation.tariffs, installation.rules, bridge.zone)
    held = {rules.rule_of(now_ts) for rules in compiled.values()}
    return tuple(rule for rule in installation.rules if rule.id in held)


def _tariff(spec: TariffSpec, version: int, *, in_force: bool) -> dict[str, Any]:
    return {
        "id": spec.id,
        "name": spec.name,
        "fluid": spec.fluid,
        "colour": spec.colour or None,
        "prices": [
            {"price": amount_text(price.amount_u), "from": price.since or None, "in_force": price.version == version}
            for price in spec.prices
        ],
        "in_force": in_force,
    }


def _rule(spec: RuleSpec, fluid: str, *, in_force: bool) -> dict[str, Any]:
    return {
        "id": spec.id,
        "tariff": spec.tariff,
        "fluid": fluid,
        "from": spec.first or None,
        "to": spec.last or None,
        "repeat": spec.repeat,
        "start": spec.start,
        "end": spec.end,
        "days": list(spec.days),
        "default": spec.default,
        "in_force": in_force,
    }
