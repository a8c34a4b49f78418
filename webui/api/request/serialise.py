"""What is configured as JSON: one function a resource, the same for lists, single ones and answers to edits."""

from __future__ import annotations

from typing import Any

from runtime.core.clock.timegrid import local
from runtime.core.resource.key import Key
from runtime.core.resource.resource import Resource
from runtime.core.site.diff import etag_of
from runtime.core.site.installation import DeviceSpec, GatewaySpec
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import TariffSpec, amount_text
from runtime.core.view import Trouble
from runtime.text.moment import iso, iso_ms
from webui.model.billing import rules_in_force, warnings_of
from webui.model.bridge import Bridge


def device_json(bridge: Bridge, spec: DeviceSpec) -> dict[str, Any]:
    view = bridge.view_of(spec)
    trial = iso(spec.trial_until_ts, bridge.zone) if spec.trial_until_ts else None
    return {
        "id": spec.id,
        "etag": etag_of(spec),
        "name": spec.name,
        "gateway": spec.gateway,
        "unit": spec.unit,
        "address": spec.address,
        "model": spec.model,
        "number": spec.number or None,
        "position": spec.position or None,
        "side": spec.side or None,
        "phase": spec.phase or None,
        "interface": spec.interface or None,
        "on": spec.on,
        "load": spec.load or None,
        "groups": list(spec.groups),
        "excluded": spec.excluded,
        "exclude_alerts": spec.exclude_alerts,
        "supply": spec.supply,
        "power_sign": spec.power_sign,
        "above": spec.above or None,
        "parameters": dict(spec.parameters),
        "labels": dict(spec.labels),
        "confirmed": spec.confirmed,
        "trial_until": trial,
        "state": view.state,
        "error": error_json(bridge, view.trouble),
        "trust": view.trust,
        "quantities": list(view.quantities),
    }


def gateway_json(bridge: Bridge, spec: GatewaySpec) -> dict[str, Any]:
    view, bus = bridge.gateway_view_of(spec), bridge.bus(spec.id)
    return {
        "id": spec.id,
        "etag": etag_of(spec),
        "name": spec.name,
        "url": spec.url,
        "address": bridge.shown_address(spec),
        "local": spec.local,
        "description": spec.description,
        "board": spec.board or None,
        "eq_device": spec.eq_device or None,
        "timeout_ms": spec.timeout_ms,
        "most_polls_per_s": spec.most_polls_per_s or None,
        "on": spec.on,
        "state": view.state,
        "error": error_json(bridge, view.trouble or bus.trouble),
        "devices": list(view.devices),
        "connected": bus.connected,
        "round_s": round(view.round_s or bus.round_s, 3),
        "utilisation_pct": round(bus.utilisation_pct, 1),
        "polls": bus.polls,
        "polls_per_s": round(bus.polls_per_s, 2),
        "possible_per_s": round(bus.possible_per_s, 2) or None,
        "budget_per_s": round(bus.budget_per_s, 2) or None,
        "errors": dict(bus.errors),
        "ages": [
            {
                "device": age.device,
                "promised_s": round(age.promised_s, 2),
                "measured_s": None if age.measured_s is None else round(age.measured_s, 2),
            }
            for age in bus.ages
        ],
    }


def resource_json(resource: Resource[Any], spec: Any) -> dict[str, Any]:
    """As its keys are, where nothing is added to what is configured."""
    values = {key: _json_value(rule, getattr(spec, rule.field or key)) for key, rule in resource.keys.items()}
    return {"id": spec.id, "etag": etag_of(spec), **values}


def _json_value(rule: Key, value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return None if rule.is_null and not value else value


def tariff_json(bridge: Bridge, spec: TariffSpec) -> dict[str, Any]:
    version = spec.version_on(local(bridge.clock.now_ts(), bridge.zone).date())
    return {
        "id": spec.id,
        "etag": etag_of(spec),
        "name": spec.name,
        "fluid": spec.fluid,
        "colour": spec.colour or None,
        "prices": [
            {"price": amount_text(price.amount_u), "from": price.since or None, "in_force": price.version == version}
            for price in spec.prices
        ],
        "in_force": any(rule.tariff == spec.id for rule in rules_in_force(bridge)),
    }


def rule_json(bridge: Bridge, spec: RuleSpec) -> dict[str, Any]:
    tariffs = {tariff.id: tariff.fluid for tariff in bridge.installation().tariffs}
    fluid = tariffs.get(spec.tariff, "electricity")
    return {
        "id": spec.id,
        "etag": etag_of(spec),
        "tariff": spec.tariff,
        "fluid": fluid,
        "from": spec.first or None,
        "to": spec.last or None,
        "repeat": spec.repeat,
        "start": spec.start,
        "end": spec.end,
        "days": list(spec.days),
        "default": spec.default,
        "in_force": spec in rules_in_force(bridge),
        "warning": warnings_of(bridge, fluid).get(spec.id),
    }


def error_json(bridge: Bridge, trouble: Trouble | None) -> dict[str, str] | None:
    if trouble is None:
        return None
    since = iso_ms(trouble.since_ms, bridge.zone)
    return {"code": trouble.code, "message": trouble.message, "since": since}
