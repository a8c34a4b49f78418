"""What people do to history: a meter exchanged, energy corrected, costs computed anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import bottle

from actors.message.history import CancelRecompute, Correct, Recompute, ReplaceMeter, TakeBackCorrection
from runtime.core.energy.corrections import Correction
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.installation import DeviceSpec
from runtime.core.view import RecomputeView
from runtime.text.figures import json_number
from runtime.text.moment import iso, iso_ms
from webui.api.request import parameter
from webui.api.request.body import Fields, fields
from webui.api.request.recorder import Recording
from webui.http.answer import json_answer
from webui.http.caller import caller
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.recorded import ACT_CORRECTIONS, SEE_CORRECTIONS

MOST_REASON = 250


class CorrectionApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._recorder = Recording(bridge)

    def routes(self) -> Iterable[Route]:
        yield Route("POST", "/api/v1/devices/<id:int>/replace-meter", self.replace_meter)
        yield Route("GET", "/api/v1/corrections", self.corrections)
        yield Route("POST", "/api/v1/corrections", self.correct)
        yield Route("DELETE", "/api/v1/corrections/<id:int>", self.take_back)
        yield Route("GET", "/api/v1/recompute", self.recomputation)
        yield Route("POST", "/api/v1/recompute", self.recompute)
        yield Route("DELETE", "/api/v1/recompute", self.cancel)

    @needs(*ACT_CORRECTIONS)
    def replace_meter(self, id: int) -> bottle.HTTPResponse:
        """``at`` now when it is left out."""
        spec, asked = self._device(id), fields()
        quantity = self._counter(spec, asked)
        exp10 = _exp10(quantity, asked)
        closing_n, opening_n = (asked.count(name, exp10) for name in ("last_index", "first_index"))
        now_ts = self._bridge.clock.now_ts()
        at_ts = asked.ts("at", self._bridge.zone, now_ts)
        confirmed = asked.flag("confirmed", default=False)
        asked.end()
        for name, index_n in (("last_index", closing_n), ("first_index", opening_n)):
            if index_n < 0:
                raise parameter.refuse(name, "An index is not negative.", "index_negative")
        if at_ts > now_ts:
            raise parameter.refuse("at", "The exchange lies in the future.", "moment_ahead")
        author = caller().name
        added_n = self._recorder.do(
            lambda reply: ReplaceMeter(id, quantity, at_ts * 1000, closing_n, opening_n, author, reply, confirmed)
        )
        added = {"value": json_number(added_n, QUANTITIES[quantity].exp10), "unit": QUANTITIES[quantity].unit}
        return json_answer({"device": id, "quantity": quantity, "added": added})

    @needs(*SEE_CORRECTIONS)
    def corrections(self) -> bottle.HTTPResponse:
        """The newest first, those that were taken back among them."""
        device = parameter.integer("device", 0, 0, 9999)
        made = [one for one in self._bridge.history.corrections() if device in (0, one.device)]
        return json_answer([describe_correction(one, self._bridge.zone) for one in reversed(made)])

    @needs(*ACT_CORRECTIONS)
    def correct(self) -> bottle.HTTPResponse:
        asked = fields()
        spec = self._device(asked.integer("device", 1, 9999))
        quantity = self._counter(spec, asked)
        delta_n = asked.count("energy", _exp10(quantity, asked))
        start_ts, end_ts = (asked.ts(name, self._bridge.zone) for name in ("start", "end"))
        reason = asked.text("reason", most=MOST_REASON)
        asked.end()
        if not start_ts < end_ts:
            raise parameter.refuse("end", "It must end after it begins.", "span_empty")
        if end_ts > self._bridge.clock.now_ts():
            raise parameter.refuse("end", "Only the past can be corrected.", "moment_ahead")
        author = caller().name
        made = self._recorder.do(
            lambda reply: Correct(spec.id, quantity, start_ts, end_ts, delta_n, author, reason, reply)
        )
        return json_answer(describe_correction(made, self._bridge.zone), 201)

    @needs(*ACT_CORRECTIONS)
    def take_back(self, id: int) -> bottle.HTTPResponse:
        author = caller().name
        undone = self._recorder.do(lambda reply: TakeBackCorrection(id, author, reply))
        return json_answer(describe_correction(undone, self._bridge.zone))

    @needs(*SEE_CORRECTIONS)
    def recomputation(self) -> bottle.HTTPResponse:
        """The newest one since the start of the server."""
        return json_answer(_progress(self._bridge.recomputation()))

    @needs(*ACT_CORRECTIONS)
    def recompute(self) -> bottle.HTTPResponse:
        """Local days, both included. Answered when it has begun."""
        asked = fields()
        first, last = asked.day("from").toordinal(), asked.day("to").toordinal()
        asked.end()
        author = caller().name
        self._recorder.do(lambda reply: Recompute(first, last, author, reply))
        return json_answer(_progress(self._bridge.recomputation()), 202)

    @needs(*ACT_CORRECTIONS)
    def cancel(self) -> bottle.HTTPResponse:
        """After the day that is at work; days that are done stay done."""
        self._bridge.post("recorder", CancelRecompute())
        return json_answer(_progress(self._bridge.recomputation()), 202)

    def _device(self, id: int) -> DeviceSpec:
        spec = self._bridge.installation().device(id)
        if spec is None:
            raise not_found("device")
        return spec

    def _counter(self, spec: DeviceSpec, asked: Fields) -> str:
        """The one that is named, or the only one that the device has."""
        known = self._bridge.counters(spec.id)
        if not asked.has("quantity") and len(known) == 1:
            return known[0]
        quantity = asked.text("quantity")
        if quantity not in QUANTITIES or QUANTITIES[quantity].kind != "counter":
            raise parameter.refuse("quantity", f"{quantity[:60]!r} is not counted.", "meter_unknown")
        return quantity


def describe_correction(one: Correction, zone: ZoneInfo) -> dict[str, Any]:
    row, back_ms = QUANTITIES[one.quantity], one.taken_back_ms
    return {
        "id": one.id,
        "device": one.device,
        "quantity": one.quantity,
        "start": iso(one.start_ts, zone),
        "end": iso(one.end_ts, zone),
        "energy": json_number(one.delta_n, row.exp10),
        "unit": row.unit,
        "reason": one.reason,
        "author": one.author,
        "made": iso_ms(one.made_ms, zone),
        "taken_back": {"at": iso_ms(back_ms, zone), "by": one.taken_back_by} if back_ms else None,
    }


def _exp10(quantity: str, asked: Fields) -> int:
    """Of a step, seen from the unit that the request speaks in: that of the quantity or its thousands."""
    row = QUANTITIES[quantity]
    units = {row.unit: row.exp10, ("m3" if row.unit == "dm3" else f"k{row.unit}"): row.exp10 - 3}
    return units[asked.one_of("unit", units, row.unit)]


def _progress(view: RecomputeView | None) -> dict[str, Any]:
    if view is None:
        return {"state": "none", "from": None, "to": None, "days": 0, "done": 0}
    return {
        "state": view.state,
        "from": date.fromordinal(view.first_day).isoformat(),
        "to": date.fromordinal(view.last_day).isoformat(),
        "days": view.days,
        "done": view.done,
    }
