"""What is configured as JSON: one function a kind, the same for lists, single ones and answers to edits."""

from __future__ import annotations

from typing import Any

from runtime.core.site.diff import etag_of
from runtime.core.site.installation import BoardSpec, DeviceSpec, GatewaySpec, GroupSpec, LoadSpec
from runtime.core.view import Trouble
from runtime.text.moment import iso, iso_ms
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
        "on": spec.on,
        "state": view.state,
        "error": error_json(bridge, view.trouble or bus.trouble),
        "devices": list(view.devices),
        "connected": bus.connected,
        "round_s": round(view.round_s or bus.round_s, 3),
        "utilisation_pct": round(bus.utilisation_pct, 1),
        "polls": bus.polls,
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


def load_json(_bridge: Bridge, spec: LoadSpec) -> dict[str, Any]:
    head = {"id": spec.id, "etag": etag_of(spec), "name": spec.name, "on": spec.on}
    return {**head, "predefined": spec.predefined or None}


def described_json(_bridge: Bridge, spec: GroupSpec | BoardSpec) -> dict[str, Any]:
    """A measure group or a panel board."""
    return {
        "id": spec.id,
        "etag": etag_of(spec),
        "name": spec.name,
        "description": spec.description,
        "on": spec.on,
    }


def error_json(bridge: Bridge, trouble: Trouble | None) -> dict[str, str] | None:
    if trouble is None:
        return None
    since = iso_ms(trouble.since_ms, bridge.zone)
    return {"code": trouble.code, "message": trouble.message, "since": since}
