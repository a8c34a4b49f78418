"""How objects of each resource are shown: as their keys are, unless a row here adds to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import bottle

from runtime.core.resource.resource import Resource
from runtime.core.site.hardware import DEVICE, GATEWAY
from runtime.core.site.installation import DeviceSpec
from runtime.core.tariff.ruleresource import RULE
from runtime.core.tariff.tariffresource import TARIFF
from webui.api.request.serialise import device_json, gateway_json, resource_json, rule_json, tariff_json
from webui.api.site.cycletime import cycle_time_json
from webui.api.site.otherside import suggest_other_side
from webui.http.answer import json_answer
from webui.model.bridge import Bridge


@dataclass(frozen=True, slots=True)
class Shape:
    """What is peculiar to a resource in the API.

    describe  an object with what is known of it beside what is configured
    complete  what is given for a new one, with what follows from it
    saved     said beside the object in the answer to a change
    """

    describe: Callable[[Bridge, Any], dict[str, Any]]
    complete: Callable[[Bridge, dict[str, Any]], dict[str, Any]] = lambda bridge, values: values
    saved: Callable[[Bridge, Any], dict[str, Any]] = lambda bridge, spec: {}


def shape_of(resource: Resource[Any]) -> Shape:
    return SHAPES.get(resource.word) or Shape(lambda bridge, spec: resource_json(resource, spec))


def answer_object(
    bridge: Bridge,
    resource: Resource[Any],
    spec: Any,
    status: int = 200,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> bottle.HTTPResponse:
    """One object with its ETag, and ``more`` beside it."""
    body = shape_of(resource).describe(bridge, spec)
    answer = json_answer({**body, **(more or {})}, status)
    answer.headers["ETag"] = f'"{body["etag"]}"'
    return answer


def _complete_device(bridge: Bridge, values: dict[str, Any]) -> dict[str, Any]:
    """A catalogue number says which model it is, and that a meter of water or gas has no load."""
    entry = bridge.offer().entries.get(str(values.get("number")))
    if entry is None:
        return values
    completed = values if values.get("model") else {**values, "model": entry.map}
    return {**completed, "load": None} if entry.fluid in ("water", "gas") else completed


def _saved_device(bridge: Bridge, spec: DeviceSpec) -> dict[str, Any]:
    return {"bus": cycle_time_json(bridge, spec.gateway), "suggest": suggest_other_side(bridge, spec)}


SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        DEVICE.word: Shape(device_json, _complete_device, _saved_device),
        GATEWAY.word: Shape(gateway_json),
        TARIFF.word: Shape(tariff_json),
        RULE.word: Shape(rule_json),
    }
)
