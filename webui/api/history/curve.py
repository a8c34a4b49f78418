"""Curves: any recorded quantities of any devices over any time, in 2,000 points each at the most."""

from __future__ import annotations

import re
from collections.abc import Iterable

import bottle

from runtime.core.accounting.past import has_past, is_deleted
from runtime.core.quantity.catalogue import QUANTITIES
from webui.api.request import parameter
from webui.http.answer import json_answer
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.report.curve import CurveReader, Series

MOST_S = 3700 * 86_400
MOST_SERIES = 8
_SERIES = re.compile(r"([1-9][0-9]{0,3}):([a-z0-9_]{1,60})", re.ASCII)


class CurveApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._reader = CurveReader(bridge)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/curves", self.show)

    @needs(("panel_board", "see"), ("reports", "see"))
    def show(self) -> bottle.HTTPResponse:
        to_ts = parameter.ts("to", self._bridge.clock.now_ts() + 1)
        from_ts = parameter.ts("from", max(0, to_ts - 86_400))
        parameter.span_of(from_ts, to_ts, MOST_S)
        return json_answer(self._reader.describe(self._asked(), from_ts, to_ts))

    def _asked(self) -> tuple[Series, ...]:
        """``series``: DEVICE:QUANTITY, more of them after commas. Raises RequestRefused."""
        listed = parameter.text("series").split(",")
        if len(listed) > MOST_SERIES:
            raise parameter.refuse("series", f"Ask for {MOST_SERIES} series at most.")
        return tuple(self._one(each) for each in listed)

    def _one(self, text: str) -> Series:
        match = _SERIES.fullmatch(text)
        if match is None or match[2] not in QUANTITIES:
            raise parameter.refuse("series", "A series is DEVICE:QUANTITY, such as 1:active_power_w.")
        site, of = self._bridge.installation(), f"device:{match[1]}"
        if is_deleted(site, of) and not has_past(site, of):
            raise not_found("device")
        return Series(int(match[1]), match[2])
