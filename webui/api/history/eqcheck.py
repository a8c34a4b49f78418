"""The check of the last week by EN 50160."""

from __future__ import annotations

from collections.abc import Iterable

import bottle

from runtime.text.moment import iso
from webui.http.answer import json_answer
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.eqcheck import EqChecks


class EqCheckApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._checks = EqChecks(bridge)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/devices/<id:int>/eq-check", self.last_week)

    @needs(("panel_board", "see"), ("consumptions", "see"))
    def last_week(self, id: int) -> bottle.HTTPResponse:
        week = self._checks.of(id)
        if week is None:
            raise not_found("EQ device")
        zone = self._bridge.zone
        return json_answer(
            {
                "device": id,
                "start": iso(week.start_ts, zone),
                "end": iso(week.end_ts, zone),
                "result": week.verdict,
                "un_v": week.un_v or None,
                "characteristics": [
                    {
                        "id": row.id,
                        "share_pct": None if row.share_pct is None else round(row.share_pct, 2),
                        "result": row.verdict,
                    }
                    for row in week.rows
                ],
            }
        )
