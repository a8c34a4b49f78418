"""Tariffs and cost rules: what is configured, what holds now, what is odd about it; and editing them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import bottle

from runtime.core.clock.timegrid import local
from runtime.core.edit import billingedits as edits
from runtime.core.edit.edits import Edit
from runtime.core.site.diff import etag_of, object_of
from runtime.core.site.installation import Installation
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import TariffSpec, amount_text
from runtime.core.tariff.warnings import Gap
from webui.api.request.content import json_object
from webui.api.request.parameter import refuse
from webui.http.answer import json_answer
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.billing import ACT_BILLS, SEE_BILLS, gaps_by_fluid, rules_in_force, warnings_of
from webui.model.bridge import Bridge
from webui.model.editing import Editing


@dataclass(frozen=True, slots=True)
class ResourceRoutes:
    """How one kind is shown and edited."""

    word: str
    shape: Callable[[Bridge, Any], dict[str, Any]]
    add: Callable[[dict[str, Any]], Edit]
    patch: Callable[[int, dict[str, Any]], Edit]
    erase: Callable[[int], Edit]


class TariffApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._editing = Editing(bridge)

    def routes(self) -> Iterable[Route]:
        for kind in KINDS:
            path = f"/api/v1/{kind.word}s"
            yield Route("GET", path, self._lister(kind))
            yield Route("POST", path, self._adder(kind))
            yield Route("GET", f"{path}/<id:int>", self._reader(kind))
            yield Route("PATCH", f"{path}/<id:int>", self._patcher(kind))
            yield Route("DELETE", f"{path}/<id:int>", self._eraser(kind))
        yield Route("GET", "/api/v1/rules/gaps", self.gaps)
        yield Route("POST", "/api/v1/rules/<id:int>/move", self.move)

    @needs(*SEE_BILLS)
    def gaps(self) -> bottle.HTTPResponse:
        """Hours of the coming week in which no rule is true, by fluid; fluids without rules are left out."""
        found = gaps_by_fluid(self._bridge)
        return json_answer({fluid: [_gap(gap) for gap in listed] for fluid, listed in found.items()})

    @needs(*ACT_BILLS)
    def move(self, id: int) -> bottle.HTTPResponse:
        way = json_object().get("to")
        if way not in (edits.UP, edits.DOWN):
            raise refuse("to", "to must be up or down.")
        return self._saved(RULE, self._editing.do(lambda: edits.move_rule(id, way), ("rule", id)).installation, id)

    def _lister(self, kind: ResourceRoutes) -> Callable[[], bottle.HTTPResponse]:
        @needs(*SEE_BILLS)
        def listed() -> bottle.HTTPResponse:
            """Rules in the order in which they are asked: the first true one wins."""
            specs = getattr(self._bridge.installation(), f"{kind.word}s")
            return json_answer([kind.shape(self._bridge, spec) for spec in specs])

        return listed

    def _reader(self, kind: ResourceRoutes) -> Callable[[int], bottle.HTTPResponse]:
        @needs(*SEE_BILLS)
        def one(id: int) -> bottle.HTTPResponse:
            if object_of(self._bridge.installation(), kind.word, id) is None:
                raise not_found(kind.word)
            return self._saved(kind, self._bridge.installation(), id)

        return one

    def _adder(self, kind: ResourceRoutes) -> Callable[[], bottle.HTTPResponse]:
        @needs(*ACT_BILLS)
        def add() -> bottle.HTTPResponse:
            values = json_object()
            edited = self._editing.do(lambda: kind.add(values))
            return self._saved(kind, edited.installation, edited.installation.used[kind.word], 201)

        return add

    def _patcher(self, kind: ResourceRoutes) -> Callable[[int], bottle.HTTPResponse]:
        @needs(*ACT_BILLS)
        def patch(id: int) -> bottle.HTTPResponse:
            """What is left out stays; null is as if it had never been told."""
            values = json_object()
            edited = self._editing.do(lambda: kind.patch(id, values), (kind.word, id))
            return self._saved(kind, edited.installation, id)

        return patch

    def _eraser(self, kind: ResourceRoutes) -> Callable[[int], bottle.HTTPResponse]:
        @needs(*ACT_BILLS)
        def erase(id: int) -> bottle.HTTPResponse:
            self._editing.do(lambda: kind.erase(id), (kind.word, id))
            return json_answer({})

        return erase

    def _saved(
        self, kind: ResourceRoutes, installation: Installation, id: int, status: int = 200
    ) -> bottle.HTTPResponse:
        body = kind.shape(self._bridge, object_of(installation, kind.word, id))
        answer = json_answer(body, status)
        answer.headers["ETag"] = f'"{body["etag"]}"'
        return answer


def _tariff(bridge: Bridge, spec: TariffSpec) -> dict[str, Any]:
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


def _rule(bridge: Bridge, spec: RuleSpec) -> dict[str, Any]:
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


def _gap(gap: Gap) -> dict[str, str]:
    """As rules say it: the last minute is included."""
    start, last = gap.start, gap.end - 1
    return {"day": gap.day, "start": f"{start // 60:02}:{start % 60:02}", "end": f"{last // 60:02}:{last % 60:02}"}


TARIFF = ResourceRoutes("tariff", _tariff, edits.add_tariff, edits.patch_tariff, edits.erase_tariff)
RULE = ResourceRoutes("rule", _rule, edits.add_rule, edits.patch_rule, edits.erase_rule)
KINDS = (TARIFF, RULE)
