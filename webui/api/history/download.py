"""Data download: tables of energy and costs, made in the background, as one zip."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bottle

from actors.message.job import ASKED, JOBS, CancelJob, RunJob
from runtime.core.export.download import DECIMALS, LISTS, MOST_DAYS, SEPARATORS, STEPS_S, CsvFormat, Download
from runtime.store.export.datadownload import NAME
from runtime.text.moment import iso_ms
from webui.api.request.body import Fields, fields
from webui.api.request.parameter import refuse
from webui.http.answer import json_answer
from webui.http.caller import caller
from webui.http.errors import RequestRefused
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.report.downloads import DownloadLine, downloads_of, find_download, job_of, list_downloads

SEE = ("reports", "see")
WITHIN_S = 3600.0


class DownloadApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/downloads", self.all)
        yield Route("POST", "/api/v1/downloads", self.ask)
        yield Route("GET", "/api/v1/downloads/<id>", self.one)
        yield Route("DELETE", "/api/v1/downloads/<id>", self.remove)
        yield Route("GET", "/api/v1/downloads/<id>/reportdata.zip", self.file)

    @needs(SEE)
    def all(self) -> bottle.HTTPResponse:
        return json_answer([self._describe(line) for line in list_downloads(self._bridge)])

    @needs(SEE)
    def one(self, id: str) -> bottle.HTTPResponse:
        return json_answer(self._describe(self._line(id)))

    @needs(SEE)
    def ask(self) -> bottle.HTTPResponse:
        """It is made in the background; what is returned says where it stands."""
        wanted, downloads = self._wanted(fields()), downloads_of(self._bridge)
        try:
            id = downloads.ask(wanted, caller().name, self._bridge.clock.now_ms())
        except OSError as error:
            raise RequestRefused(503, "export_failed", f"Cannot write {downloads.data}: {error.strerror}.") from error
        arguments = ("download", str(downloads.data), id)
        if not self._bridge.post(JOBS, RunJob(job_of(id), arguments, ASKED, WITHIN_S)):
            downloads.remove(id)
            raise RequestRefused(503, "owner_restarted", "The part jobs is just being started.")
        return json_answer(self._describe(self._line(id)), 202)

    @needs(SEE)
    def remove(self, id: str) -> bottle.HTTPResponse:
        """Also while it is made: then it is cancelled."""
        self._line(id)
        self._bridge.post(JOBS, CancelJob(job_of(id)))
        downloads_of(self._bridge).remove(id)
        return json_answer({"removed": id})

    @needs(SEE)
    def file(self, id: str) -> bottle.HTTPResponse:
        line = self._line(id)
        if line.kept.file is None:
            raise RequestRefused(409, "export_unready", "The file is not made yet.")
        headers = {
            "Content-Type": "application/zip",
            "Content-Length": str(line.size_bytes),
            "Content-Disposition": f'attachment; filename="{NAME}"',
        }
        return bottle.HTTPResponse(line.kept.file.open("rb"), 200, headers)

    def _line(self, id: str) -> DownloadLine:
        line = find_download(self._bridge, id)
        if line is None:
            raise RequestRefused(404, "export_missing", "There is no such download.")
        return line

    def _wanted(self, asked: Fields) -> Download:
        listed = asked.one_of("list", LISTS)
        first, last = asked.day("from"), asked.day("to")
        wanted = Download(
            listed,
            self._ids(listed, asked.value("ids", "all")),
            first,
            last,
            asked.one_of("step", tuple(STEPS_S), "15min"),
            asked.flag("costs", False),
            CsvFormat(asked.one_of("decimal", DECIMALS, ","), asked.one_of("separator", SEPARATORS, ",")),
        )
        asked.end()
        if not (first.year >= 1980 and last.year <= 2099 and 0 <= (last - first).days < MOST_DAYS):
            raise refuse("to", f"to must not lie before from, nor {MOST_DAYS} days after it.", "out_of_range")
        return wanted

    def _ids(self, listed: str, value: Any) -> tuple[int, ...]:
        known = tuple(each.id for each in getattr(self._bridge.installation(), listed))
        if value == "all":
            return known
        if not isinstance(value, list) or not value or not all(type(id) is int for id in value):
            raise refuse("ids", 'ids must be "all" or a list of ids.', "type_wrong")
        for id in value:
            if id not in known:
                raise refuse("ids", f"{listed} has no {id}.")
        return tuple(dict.fromkeys(value))

    def _describe(self, line: DownloadLine) -> dict[str, Any]:
        kept, wanted = line.kept, line.kept.wanted
        return {
            "id": kept.id,
            "state": line.state,
            "percent": line.percent,
            "bytes": line.size_bytes,
            "error": kept.error or None,
            "asked": iso_ms(kept.asked_ms, self._bridge.zone),
            "by": kept.by,
            "list": wanted.listed,
            "ids": list(wanted.ids),
            "from": wanted.first.isoformat(),
            "to": wanted.last.isoformat(),
            "step": wanted.step,
            "costs": wanted.with_costs,
        }
