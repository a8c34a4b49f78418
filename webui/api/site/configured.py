"""What is configured: the same five routes for each resource of the registry, to list, add, read, change and erase."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import bottle

from runtime.core.edit import edits
from runtime.core.resource.resource import Resource
from webui.api.request.content import json_object
from webui.api.site.shape import answer_object, shape_of
from webui.http.answer import json_answer
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.editing import Editing

ACT = (("system_configuration", "act"),)


class ConfiguredApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._editing = Editing(bridge)

    def routes(self) -> Iterable[Route]:
        for resource in self._bridge.installation().resources.edited:
            path = f"/api/v1/{resource.plural}"
            yield Route("GET", path, self._lister(resource))
            yield Route("GET", f"{path}/<id:int>", self._reader(resource))
            yield Route("POST", path, self._adder(resource))
            yield Route("PATCH", f"{path}/<id:int>", self._patcher(resource))
            yield Route("DELETE", f"{path}/<id:int>", self._eraser(resource))

    def _lister(self, resource: Resource[Any]) -> Callable[[], bottle.HTTPResponse]:
        shape = shape_of(resource)

        @needs(*_seeing(resource))
        def listed() -> bottle.HTTPResponse:
            """In the order of the installation; of cost rules the first true one wins."""
            return json_answer(
                [shape.describe(self._bridge, spec) for spec in self._bridge.installation().of(resource)]
            )

        return listed

    def _reader(self, resource: Resource[Any]) -> Callable[[int], bottle.HTTPResponse]:
        @needs(*_seeing(resource))
        def one(id: int) -> bottle.HTTPResponse:
            spec = self._bridge.installation().find(resource, id)
            if spec is None:
                raise not_found(resource.word)
            return answer_object(self._bridge, resource, spec)

        return one

    def _adder(self, resource: Resource[Any]) -> Callable[[], bottle.HTTPResponse]:
        @needs(*ACT)
        def add() -> bottle.HTTPResponse:
            values = shape_of(resource).complete(self._bridge, json_object())
            edited = self._editing.do(lambda: edits.add(resource, values))
            return self._saved(resource, edited.installation, edited.installation.used[resource.word], 201)

        return add

    def _patcher(self, resource: Resource[Any]) -> Callable[[int], bottle.HTTPResponse]:
        @needs(*ACT)
        def patch(id: int) -> bottle.HTTPResponse:
            """What is left out stays; null is as if it had never been given."""
            values = json_object()
            edited = self._editing.do(lambda: edits.patch(resource, id, values), (resource.word, id))
            return self._saved(resource, edited.installation, id)

        return patch

    def _eraser(self, resource: Resource[Any]) -> Callable[[int], bottle.HTTPResponse]:
        @needs(*ACT)
        def erase(id: int) -> bottle.HTTPResponse:
            """For ever: its number is not given again, what was recorded stays."""
            self._editing.do(lambda: edits.erase(resource, id), (resource.word, id))
            return json_answer({})

        return erase

    def _saved(self, resource: Resource[Any], installation: Any, id: int, status: int = 200) -> bottle.HTTPResponse:
        spec = installation.find(resource, id)
        more = shape_of(resource).saved(self._bridge, spec)
        return answer_object(self._bridge, resource, spec, status, more)


def _seeing(resource: Resource[Any]) -> Iterable[tuple[str, str]]:
    return ((page, "see") for page in resource.see)
