"""Alarms: the list, its export, acknowledgement, and what is in maintenance."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

import bottle

from actors.message.alarm import ALARMS, AcknowledgeAlarms, SetMaintenance
from runtime.core.alarm.kind import KINDS
from runtime.core.alert.classes import CLASSES
from runtime.core.text.spreadsheet import spreadsheet_text
from runtime.text.moment import iso, iso_ms
from webui.api.request import parameter
from webui.api.request.body import fields
from webui.api.request.recorder import Recording
from webui.http.answer import json_answer
from webui.http.caller import caller
from webui.http.errors import RequestRefused, not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.report.alarms import (
    STATES,
    AlarmFilter,
    AlarmLine,
    alarms_view,
    find_alarm,
    line_of,
    list_alarms,
    missing_alarm,
    subject_of,
)

MOST, USUAL, EXPORTED = 1000, 200, 20_000
WORD_MOST = 250
MAINTENANCE_MOST_S = 30 * 86_400
SEE, ACT = ("alarms", "see"), ("alarms", "act")
COLUMNS = (
    "id", "raised", "last", "times", "cleared", "severity", "class", "kind", "part", "name", "gateway", "address",
    "detail", "acknowledged", "by", "word",
)  # fmt: skip


class AlarmApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._recording = Recording(bridge)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/alarms", self.alarms)
        yield Route("GET", "/api/v1/alarms/summary", self.summary)
        yield Route("GET", "/api/v1/alarms.csv", self.export)
        yield Route("POST", "/api/v1/alarms/<id:int>/ack", self.acknowledge)
        yield Route("POST", "/api/v1/alarms/ack", self.acknowledge_several)
        yield Route("GET", "/api/v1/maintenance", self.maintenance)
        yield Route("PUT", "/api/v1/maintenance/<subject>", self.maintain)

    @needs(SEE)
    def alarms(self) -> bottle.HTTPResponse:
        limit = parameter.integer("limit", USUAL, 1, MOST)
        return json_answer([self._describe(line) for line in list_alarms(self._bridge, self._wanted(), limit)])

    @needs(SEE)
    def summary(self) -> bottle.HTTPResponse:
        """How many there are, and the newest that is active: what each page shows."""
        view = alarms_view(self._bridge)
        newest = max(view.active, key=lambda alarm: alarm.last_ms, default=None)
        shown = self._describe(line_of(newest, self._bridge.installation())) if newest else None
        return json_answer(
            {"v": view.version, "active": len(view.active), "waiting": len(view.waiting), "newest": shown}
        )

    @needs(SEE)
    def export(self) -> bottle.HTTPResponse:
        """All that fit the same filter, as CSV with the names of the columns."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for line in list_alarms(self._bridge, self._wanted("all"), EXPORTED):
            writer.writerow(map(spreadsheet_text, self._row(line)))
        headers = {
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": 'attachment; filename="alarms.csv"',
        }
        return bottle.HTTPResponse(out.getvalue().encode(), 200, headers)

    @needs(ACT)
    def acknowledge(self, id: int) -> bottle.HTTPResponse:
        """Whoever comes second changes nothing and gets the same answer."""
        asked = fields()
        word = asked.text("word", "", most=WORD_MOST)
        asked.end()
        self._acknowledge((id,), word)
        alarm = find_alarm(self._bridge, id)
        assert alarm is not None, "it was there, and alarms are dropped one for one that comes"
        return json_answer(self._describe(line_of(alarm, self._bridge.installation())))

    @needs(ACT)
    def acknowledge_several(self) -> bottle.HTTPResponse:
        asked = fields()
        ids = asked.value("ids")
        word = asked.text("word", "", most=WORD_MOST)
        asked.end()
        if not isinstance(ids, list) or not 1 <= len(ids) <= MOST or not all(type(id) is int for id in ids):
            raise parameter.refuse("ids", f"ids must be a list of 1 to {MOST} numbers of alarms.")
        self._acknowledge(tuple(ids), word)
        return json_answer({"acknowledged": ids})

    @needs(SEE)
    def maintenance(self) -> bottle.HTTPResponse:
        zone = self._bridge.zone
        maintained = alarms_view(self._bridge).maintained
        return json_answer(
            [{"subject": subject, "until": iso(until_ts, zone)} for subject, until_ts in sorted(maintained.items())]
        )

    @needs(ACT)
    def maintain(self, subject: str) -> bottle.HTTPResponse:
        """``until`` null ends it."""
        self._check_subject(subject)
        asked, zone, now_ts = fields(), self._bridge.zone, self._bridge.clock.now_ts()
        until_ts = asked.ts("until", zone) if asked.has("until") else 0
        asked.value("until", None)
        asked.end()
        if until_ts and not now_ts < until_ts <= now_ts + MAINTENANCE_MOST_S:
            raise RequestRefused(
                422, "maintenance_too_long", "until must lie in the future, at most 30 days ahead.", "until"
            )
        self._recording.do(lambda reply: SetMaintenance(subject, until_ts, caller().name, reply), ALARMS)
        return json_answer({"subject": subject, "until": iso(until_ts, zone) if until_ts else None})

    # ---- parts

    def _acknowledge(self, ids: tuple[int, ...], word: str) -> None:
        missing = missing_alarm(self._bridge, ids)
        if missing is not None:
            raise RequestRefused(404, "alarm_unknown", f"There is no alarm {missing}.", "ids")
        self._recording.do(lambda reply: AcknowledgeAlarms(ids, caller().name, word, reply), ALARMS)

    def _check_subject(self, subject: str) -> None:
        word, id = subject_of(subject)
        site = self._bridge.installation()
        ids = {
            "device": [device.id for device in site.devices],
            "gateway": [gateway.id for gateway in site.gateways],
            "board": [board.id for board in site.boards],
        }
        if id not in ids.get(word, ()):
            raise not_found(word if word in ("device", "gateway", "board") else "subject")

    def _wanted(self, state: str = "open") -> AlarmFilter:
        to_ts = parameter.ts("to", self._bridge.clock.now_ts() + 1)
        return AlarmFilter(
            parameter.one_of("state", STATES, state),
            parameter.one_of("class", (*CLASSES, ""), ""),
            parameter.one_of("kind", (*KINDS, ""), ""),
            parameter.integer("device", 0, 0, 9999),
            parameter.integer("gateway", 0, 0, 9999),
            parameter.ts("from", 0) * 1000,
            to_ts * 1000,
            parameter.integer("before", 0, 0, 10**11),
        )

    def _describe(self, line: AlarmLine) -> dict[str, Any]:
        alarm, zone = line.alarm, self._bridge.zone
        seen = None
        if alarm.acknowledged_ms:
            at = iso_ms(alarm.acknowledged_ms, zone)
            seen = {"at": at, "by": alarm.acknowledged_by, "word": alarm.word}
        return {
            "id": alarm.id,
            "kind": alarm.cause.kind,
            "class": KINDS[alarm.cause.kind].group,
            "severity": KINDS[alarm.cause.kind].severity,
            "subject": alarm.cause.subject,
            "part": alarm.cause.part,
            "name": line.name,
            "gateway": line.gateway.id if line.gateway else None,
            "address": line.device.address if line.device else None,
            "detail": alarm.detail,
            "raised": iso_ms(alarm.raised_ms, zone),
            "last": iso_ms(alarm.last_ms, zone),
            "times": alarm.times,
            "cleared": iso_ms(alarm.cleared_ms, zone) if alarm.cleared_ms else None,
            "acknowledged": seen,
        }

    def _row(self, line: AlarmLine) -> list[str]:
        told = self._describe(line)
        seen = told["acknowledged"] or {"at": "", "by": "", "word": ""}
        gateway = line.gateway.name if line.gateway else ""
        cells = told | {"gateway": gateway, "acknowledged": seen["at"], "by": seen["by"], "word": seen["word"]}
        return [str(cells[column]) if cells[column] is not None else "" for column in COLUMNS]
