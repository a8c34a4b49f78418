"""Charging sessions that are over: the list, its export, and the statement of a month for each badge."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import bottle

from runtime.core.charging.station.statement import StatementLine
from runtime.core.clock.timegrid import local, month_of_day, month_start
from runtime.core.tariff.cost import money_text
from runtime.core.text.spreadsheet import spreadsheet_text
from runtime.text.figures import json_number
from runtime.text.moment import iso_ms
from webui.api.request import parameter
from webui.http.answer import json_answer
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.charging import SEE, BilledSession, list_sessions, state_month

MOST, USUAL, EXPORTED = 1_000, 100, 100_000
SPAN_S, MOST_S = 31 * 86_400, 3_700 * 86_400
COLUMNS = (
    "station", "name", "began", "ended", "ended_by", "rfid", "energy_wh", "charged_ah", "charging_s", "pauses",
    "phases", "cost", "unpriced_wh", "currency",
)  # fmt: skip
OF_STATEMENT = (
    "month", "rfid", "charges", "energy_wh", "uncounted", "charged_ah", "charging_s", "cost", "unpriced_wh",
    "currency",
)  # fmt: skip


class ChargeSessionApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/charging/sessions", self.sessions)
        yield Route("GET", "/api/v1/charging/sessions.csv", self.export)
        yield Route("GET", "/api/v1/charging/statement", self.statement)
        yield Route("GET", "/api/v1/charging/statement.csv", self.export_statement)

    @needs(SEE)
    def sessions(self) -> bottle.HTTPResponse:
        """Those that ended in [from, to), the newest first."""
        limit = parameter.integer("limit", USUAL, 1, MOST)
        return json_answer([self._describe(billed) for billed in islice(self._wanted(), limit)])

    @needs(SEE)
    def export(self) -> bottle.HTTPResponse:
        """All that fit the same filter, as CSV with the names of the columns."""
        rows = (self._describe(billed) for billed in islice(self._wanted(), EXPORTED))
        return _csv_answer(COLUMNS, rows, "charging-sessions.csv")

    @needs(SEE)
    def statement(self) -> bottle.HTTPResponse:
        """A line for each badge, of the sessions that ended in the month of ``date``."""
        month, lines = self._month()
        return json_answer({"month": month, "lines": [self._line(month, line) for line in lines]})

    @needs(SEE)
    def export_statement(self) -> bottle.HTTPResponse:
        month, lines = self._month()
        return _csv_answer(OF_STATEMENT, (self._line(month, line) for line in lines), f"charging-{month}.csv")

    # ---- inside

    def _wanted(self) -> Iterable[BilledSession]:
        to_ts = parameter.ts("to", self._bridge.clock.now_ts() + 1)
        from_ts = parameter.ts("from", max(0, to_ts - SPAN_S))
        parameter.span_of(from_ts, to_ts, MOST_S)
        station = parameter.integer("station", 0, 0, 9999)
        return list_sessions(self._bridge, from_ts * 1000, to_ts * 1000, station, parameter.text("rfid", ""))

    def _month(self) -> tuple[str, Sequence[StatementLine]]:
        """Its name as YYYY-MM, and the lines."""
        zone = self._bridge.zone
        day = parameter.day("date", local(self._bridge.clock.now_ts(), zone).date())
        number = month_of_day(day.toordinal())
        from_ts, to_ts = month_start(number, zone), month_start(number + 1, zone)
        rfid = parameter.text("rfid", "")
        return f"{day:%Y-%m}", state_month(self._bridge, from_ts * 1000, to_ts * 1000, rfid)

    def _describe(self, billed: BilledSession) -> dict[str, Any]:
        session, cost, zone = billed.session, billed.bill, self._bridge.zone
        return {
            "station": session.station,
            "name": billed.station,
            "began": iso_ms(session.began_ts_ms, zone),
            "ended": iso_ms(session.ended_ts_ms, zone),
            "ended_by": session.ended_by,
            "rfid": session.rfid or None,
            "energy_wh": None if session.energy_n is None else json_number(session.energy_n, -3),
            "charged_ah": json_number(session.charged_mah, -3),
            "charging_s": session.charging_ms // 1000,
            "pauses": session.pauses,
            "phases": session.phases,
            **self._money(cost.cost_p, cost.unpriced_n),
        }

    def _line(self, month: str, line: StatementLine) -> dict[str, Any]:
        return {
            "month": month,
            "rfid": line.rfid or None,
            "charges": line.charges,
            "energy_wh": json_number(line.energy_n, -3),
            "uncounted": line.uncounted,
            "charged_ah": json_number(line.charged_mah, -3),
            "charging_s": line.charging_ms // 1000,
            **self._money(line.cost_p, line.unpriced_n),
        }

    def _money(self, cost_p: int | None, unpriced_n: int) -> dict[str, Any]:
        currency = self._bridge.installation().currency
        return {
            "cost": None if cost_p is None else money_text(cost_p, currency),
            "unpriced_wh": json_number(unpriced_n, -3),
            "currency": currency,
        }


def _csv_answer(columns: Sequence[str], rows: Iterable[dict[str, Any]], name: str) -> bottle.HTTPResponse:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row[column]) for column in columns])
    headers = {"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": f'attachment; filename="{name}"'}
    return bottle.HTTPResponse(out.getvalue().encode(), 200, headers)


def _cell(value: Any) -> str:
    """A number below zero is no formula."""
    return spreadsheet_text(value) if isinstance(value, str) else "" if value is None else str(value)
