"""The meter tree as it is now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bottle

from runtime.core.quantity.catalogue import QUANTITIES
from runtime.text.figures import json_number
from webui.http.answer import json_answer
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.consumption.metertree import POWER, MeterNow, tree_of


class MeterTreeApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/meters", self.tree)

    @needs(("panel_board", "see"))
    def tree(self) -> bottle.HTTPResponse:
        """All electric meters that are on and tell a power, in the order of their numbers."""
        tree = tree_of(self._bridge)
        return json_answer([_described(tree[id]) for id in sorted(tree)])


def _described(meter: MeterNow) -> dict[str, Any]:
    return {
        "id": meter.device.id,
        "name": meter.device.name,
        "above": meter.above or None,
        "counts": meter.counts,
        "below": list(meter.below),
        "power_w": _watts(meter.own_n),
        "below_w": _watts(meter.below_n),
        "rest_w": _watts(meter.rest_n),
    }


def _watts(n: int | None) -> int | float | None:
    return None if n is None else json_number(n, QUANTITIES[POWER].exp10)
