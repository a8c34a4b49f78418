"""What is configured, with the state of each: devices, gateways, loads, groups, panel boards; and editing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import bottle

from runtime.core.edit import edits
from runtime.core.site.diff import object_of
from webui.api.request.content import json_object
from webui.api.request.serialise import described_json, device_json, gateway_json, load_json
from webui.api.site.cycletime import cycle_time_json
from webui.api.site.otherside import suggest_other_side
from webui.http.answer import json_answer
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.editing import Editing

SEE = (("panel_board", "see"), ("system_configuration", "see"))
SEE_NAMES = (*SEE, ("consumptions", "see"))
ACT = (("system_configuration", "act"),)


@dataclass(frozen=True, slots=True)
class ResourceRoutes:
    """``word`` as in ``core.edits``, ``see`` who may read."""

    word: str
    shape: Callable[[Bridge, Any], dict[str, Any]]
    see: tuple[tuple[str, str], ...]


KINDS = (
    ResourceRoutes("device", device_json, SEE_NAMES),
    ResourceRoutes("gateway", gateway_json, SEE),
    ResourceRoutes("load", load_json, SEE_NAMES),
    ResourceRoutes("group", described_json, SEE_NAMES),
    ResourceRoutes("board", described_json, SEE),
)


class ConfiguredApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._editing = Editing(bridge)

    def routes(self) -> Iterable[Route]:
        for kind in KINDS:
            path = f"/api/v1/{kind.word}s"
            yield Route("GET", path, self._lister(kind))
            yield Route("GET", f"{path}/<id:int>", self._reader(kind))
            yield Route("POST", path, self._adder(kind))
            yield Route("PATCH", f"{path}/<id:int>", self._patcher(kind))
            yield Route("DELETE", f"{path}/<id:int>", self._eraser(kind))

    def _lister(self, kind: ResourceRoutes) -> Callable[[], bottle.HTTPResponse]:
        @needs(*kind.see)
        def listed() -> bottle.HTTPResponse:
            specs = getattr(self._bridge.installation(), f"{kind.word}s")
            return json_answer([kind.shape(self._bridge, spec) for spec in specs])

        return listed

    def _reader(self, kind: ResourceRoutes) -> Callable[[int], bottle.HTTPResponse]:
        @needs(*kind.see)
        def one(id: int) -> bottle.HTTPResponse:
            spec = object_of(self._bridge.installation(), kind.word, id)
            if spec is None:
                raise not_found(kind.word)
            return _with_etag(json_answer(body := kind.shape(self._bridge, spec)), body)

        return one

    def _adder(self, kind: ResourceRoutes) -> Callable[[], bottle.HTTPResponse]:
        @needs(*ACT)
        def add() -> bottle.HTTPResponse:
            values = self._by_number(json_object()) if kind.word == "device" else json_object()
            edited = self._editing.do(lambda: edits.add(kind.word, values))
            return self._saved(kind, edited.installation, edited.installation.used[kind.word], 201)

        return add

    def _patcher(self, kind: ResourceRoutes) -> Callable[[int], bottle.HTTPResponse]:
        @needs(*ACT)
        def patch(id: int) -> bottle.HTTPResponse:
            """What is left out stays; null is as if it had never been told."""
            values = json_object()
            edited = self._editing.do(lambda: edits.patch(kind.word, id, values), (kind.word, id))
            return self._saved(kind, edited.installation, id)

        return patch

    def _eraser(self, kind: ResourceRoutes) -> Callable[[int], bottle.HTTPResponse]:
        @needs(*ACT)
        def erase(id: int) -> bottle.HTTPResponse:
            """For ever: its number is not given again, what was recorded stays."""
            self._editing.do(lambda: edits.erase(kind.word, id), (kind.word, id))
            return json_answer({})

        return erase

    def _by_number(self, values: dict[str, Any]) -> dict[str, Any]:
        """A catalogue number says which model it is, and that a meter of water or gas has no load."""
        entry = self._bridge.offer().entries.get(str(values.get("number")))
        if entry is None:
            return values
        told = values if values.get("model") else {**values, "model": entry.map}
        return {**told, "load": None} if entry.fluid in ("water", "gas") else told

    def _saved(self, kind: ResourceRoutes, installation: Any, id: int, status: int = 200) -> bottle.HTTPResponse:
        spec = object_of(installation, kind.word, id)
        body = kind.shape(self._bridge, spec)
        if kind.word == "device":
            body |= {
                "bus": cycle_time_json(self._bridge, spec.gateway),
                "suggest": suggest_other_side(self._bridge, spec),
            }
        return _with_etag(json_answer(body, status), body)


def _with_etag(answer: bottle.HTTPResponse, body: dict[str, Any]) -> bottle.HTTPResponse:
    answer.headers["ETag"] = f'"{body["etag"]}"'
    return answer
