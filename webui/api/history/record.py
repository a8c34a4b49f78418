"""What was recorded: samples and events."""

from __future__ import annotations

from collections.abc import Iterable

import bottle

from runtime.core.accounting.past import has_past, is_deleted
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.quantity.quality import Quality
from runtime.text.figures import json_number
from runtime.text.moment import iso, iso_ms
from webui.api.request import parameter
from webui.http.answer import json_answer
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.report.recentevents import withheld_subject

MOST_S = 400 * 86_400
EVENTS = 1000
WEEK_S = 7 * 86_400


class RecordApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/samples", self.samples)
        yield Route("GET", "/api/v1/events", self.events)

    @needs(("panel_board", "see"), ("reports", "see"))
    def samples(self) -> bottle.HTTPResponse:
        device, quantity = parameter.device_id("device"), parameter.quantity("quantity")
        site, of = self._bridge.installation(), f"device:{device}"
        deleted = is_deleted(site, of)
        if deleted and not has_past(site, of):
            raise not_found("device")
        from_ts, to_ts = self._span(default_s=86_400)
        zone, exp10 = self._bridge.zone, QUANTITIES[quantity].exp10
        samples = self._bridge.history.samples(device, quantity, from_ts, to_ts)
        return json_answer(
            {
                "device": device,
                "deleted": deleted,
                "quantity": quantity,
                "unit": QUANTITIES[quantity].unit,
                "samples": [
                    {
                        "start": iso(sample.start_ts, zone),
                        "end": iso(sample.end_ts, zone),
                        "values": {
                            statistic: None if n is None else json_number(n, exp10)
                            for statistic, n in sample.values_n.items()
                        },
                        "quality": Quality(sample.quality).label,
                    }
                    for sample in samples
                ],
            }
        )

    @needs(("alarms", "see"), ("panel_board", "see"))
    def events(self) -> bottle.HTTPResponse:
        """The newest first. ``id`` is a text: it is larger than what numbers hold exactly in some programs."""
        from_ts, to_ts = self._span(default_s=WEEK_S)
        limit = parameter.integer("limit", 100, 1, EVENTS)
        zone = self._bridge.zone
        events = self._bridge.history.events(
            from_ms=from_ts * 1000,
            to_ms=to_ts * 1000,
            subject=parameter.text("subject", ""),
            code=parameter.text("code", ""),
            limit=limit,
            without=withheld_subject(),
        )
        return json_answer(
            [
                {
                    "id": str(event.id),
                    "ts": iso_ms(event.ts_ms, zone),
                    "subject": event.subject,
                    "code": event.code,
                    "detail": event.detail,
                }
                for event in events
            ]
        )

    def _span(self, default_s: int) -> tuple[int, int]:
        to_ts = parameter.ts("to", self._bridge.clock.now_ts() + 1)
        from_ts = parameter.ts("from", max(0, to_ts - default_s))
        parameter.span_of(from_ts, to_ts, MOST_S)
        return from_ts, to_ts
