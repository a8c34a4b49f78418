"""Is my energy right? What is known of a device's counters, in short of all devices, and the check of a display."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

import bottle

from actors.message.device import EventReported
from actors.message.history import TakePhantomBack
from runtime.core.clock.timegrid import local
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.view import DeviceView
from runtime.store.chart.counterhistory import CHECKS
from runtime.text.figures import json_number
from webui.api.history.correction import describe_correction
from webui.api.history.energyanswer import describe_check, describe_display, describe_line
from webui.api.request import parameter
from webui.api.request.body import Fields, fields
from webui.api.request.recorder import Recording
from webui.http.answer import json_answer
from webui.http.caller import caller
from webui.http.errors import RequestRefused, not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.confidence.displaycheck import DISPLAY_UNITS, check_display, check_record
from webui.model.confidence.energycheck import PERIODS, Asked, EnergyChecks, main_counter, reading_of
from webui.model.confidence.submeters import members
from webui.model.recorded import ACT_CORRECTIONS, SEE_CORRECTIONS
from webui.model.staleness import is_stale

_DISPLAY = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)
_COMPARED = "with must be others or one of device, load, group, gateway, board with : and an ID."


class EnergyCheckApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._checks = EnergyChecks(bridge)
        self._recorder = Recording(bridge)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/energy-check", self.of_site)
        yield Route("GET", "/api/v1/devices/<id:int>/energy-check", self.of_device)
        yield Route("POST", "/api/v1/devices/<id:int>/energy-check", self.check)
        yield Route("POST", "/api/v1/devices/<id:int>/phantoms", self.take_back)

    @needs(*SEE_CORRECTIONS)
    def of_site(self) -> bottle.HTTPResponse:
        """Every device that counts something."""
        period, date = self._period()
        lines = self._checks.of_site(period, date)
        return json_answer(
            {
                "period": period,
                "date": date.isoformat(),
                "devices": [describe_line(line, self._bridge.zone) for line in lines],
            }
        )

    @needs(*SEE_CORRECTIONS)
    def of_device(self, id: int) -> bottle.HTTPResponse:
        """``with``: other meters to compare with."""
        view = self._view(id)
        quantity = self._counter(view, parameter.text("quantity", main_counter(view)))
        compared = parameter.text("with", "")
        if compared and members(self._bridge.installation(), compared) is None:
            raise parameter.refuse("with", _COMPARED)
        period, date = self._period()
        check = self._checks.of(Asked(id, quantity, period, date, compared))
        return json_answer(describe_check(check, self._bridge.zone))

    @needs(*ACT_CORRECTIONS)
    def check(self, id: int) -> bottle.HTTPResponse:
        """The index that a display shows, with the digits that it shows; kept with who typed it and what followed."""
        view, asked = self._view(id), fields()
        quantity = self._counter(view, asked.text("quantity", main_counter(view)), asked=True)
        shown_n, digit_n = _shown(asked, quantity)
        asked.end()
        index_n, read_ms = reading_of(view).get(quantity, (None, 0))
        now_ms = self._bridge.clock.now_ms()
        if index_n is None or is_stale(quantity, read_ms, now_ms, view.stale_after_s):
            raise RequestRefused(
                409, "index_not_read", "This counter was not read lately: there is nothing to compare with.", "index"
            )
        power = self._checks.display_power(id, quantity).state
        check = check_display(self._bridge, view, quantity, (shown_n, digit_n), caller().name, power)
        row = QUANTITIES[quantity]
        shown, ours = json_number(shown_n, row.exp10), json_number(index_n, row.exp10)
        detail = f"{quantity}: display {shown} {row.unit}, read {ours} {row.unit}: {check.result} by {check.author}"
        key, record = check_record(check)
        self._recorder.keep(CHECKS, key, record, EventReported(now_ms, f"device.{id}", "index_checked", detail))
        return json_answer(describe_display(check, self._bridge.zone), 201)

    @needs(*ACT_CORRECTIONS)
    def take_back(self, id: int) -> bottle.HTTPResponse:
        """What was booked from a moment on and cannot have been used; answered with the corrections."""
        asked = fields()
        quantity, start_ts = asked.text("quantity"), asked.ts("start", self._bridge.zone)
        asked.end()
        author, zone = caller().name, self._bridge.zone
        corrections = self._recorder.do(lambda reply: TakePhantomBack(id, quantity, start_ts, author, reply))
        return json_answer([describe_correction(each, zone) for each in corrections], 201)

    def _view(self, id: int) -> DeviceView:
        view = self._bridge.device(id)
        if view is None:
            raise not_found("device")
        return view

    def _counter(self, view: DeviceView, quantity: str, *, asked: bool = False) -> str:
        known = {*self._bridge.counters(view.id), *self._bridge.history.counters.ledgers(view.id)}
        if quantity not in known:
            message = f"Device {view.id} has no counter {quantity[:60]!r}."
            raise RequestRefused(400 if asked else 404, "meter_unknown", message, "quantity")
        return quantity

    def _period(self) -> tuple[str, datetime.date]:
        today = local(self._bridge.clock.now_ts(), self._bridge.zone).date()
        return parameter.one_of("period", PERIODS, "day"), parameter.day("date", today)


def _shown(asked: Fields, quantity: str) -> tuple[int, int]:
    """(index, worth of its last digit) in steps, of an index in one of the units that displays have."""
    row = QUANTITIES[quantity]
    units = {name: row.exp10 - exp10 for name, exp10 in DISPLAY_UNITS.get(row.unit, {}).items()}
    exp10 = -units[asked.one_of("unit", units, next(iter(units)))] if units else -row.exp10
    typed = str(asked.value("index")).strip().replace(",", ".")
    if typed.startswith("-"):
        raise parameter.refuse("index", "An index is not negative.", "index_negative")
    digits = len(typed.partition(".")[2])
    if not _DISPLAY.fullmatch(typed) or digits > exp10:
        raise parameter.refuse("index", "index must be a number as the display shows it.", "number_wrong")
    digit_n = 10 ** (exp10 - digits)
    return int(typed.replace(".", "")) * digit_n, digit_n
