"""What is kept and how safely: backups, checks, the database's size, how long samples stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import bottle

from actors.message.archive import ARCHIVIST, BackUpNow, Optimise, SetMedium, Verify
from actors.message.device import EventReported
from actors.message.job import JOBS, CancelJob
from runtime.core.view import ArchivistView
from runtime.store.sample.retention import RECORD as RETENTION
from runtime.store.upkeep.backupmedium import Medium
from runtime.text.moment import iso, iso_ms
from webui.api.request import parameter
from webui.api.request.body import fields
from webui.api.request.recorder import Recording
from webui.http.answer import json_answer
from webui.http.caller import caller
from webui.http.errors import RequestRefused
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.recorded import SEE_ARCHIVE, work_of, written_mb_per_day

ACT = (("server_configuration", "act"),)
MOST_MONTHS = 600


class ArchiveApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._recorder = Recording(bridge)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/archive", self.archive)
        yield Route("POST", "/api/v1/archive/backup", self.back_up)
        yield Route("POST", "/api/v1/archive/verify", self.verify)
        yield Route("POST", "/api/v1/archive/optimise", self.optimise)
        yield Route("POST", "/api/v1/archive/cancel", self.cancel)
        yield Route("GET", "/api/v1/archive/medium", self.medium)
        yield Route("PUT", "/api/v1/archive/medium", self.set_medium)
        yield Route("GET", "/api/v1/retention", self.retention)
        yield Route("PUT", "/api/v1/retention", self.set_retention)

    @needs(*SEE_ARCHIVE)
    def archive(self) -> bottle.HTTPResponse:
        return json_answer(self._describe())

    @needs(*ACT)
    def back_up(self) -> bottle.HTTPResponse:
        return self._asked(BackUpNow())

    @needs(*ACT)
    def verify(self) -> bottle.HTTPResponse:
        return self._asked(Verify())

    @needs(*ACT)
    def optimise(self) -> bottle.HTTPResponse:
        return self._asked(Optimise())

    @needs(*ACT)
    def cancel(self) -> bottle.HTTPResponse:
        """Ends the heavy work that is being done; what waits for its turn goes on."""
        at_work = self._bridge.jobs().at_work
        return self._asked(CancelJob(at_work.job), JOBS) if at_work is not None else json_answer(self._describe(), 202)

    @needs(("server_configuration", "see"))
    def medium(self) -> bottle.HTTPResponse:
        medium = self._bridge.history.medium()
        return json_answer({**asdict(medium), "folder": medium.folder or None})

    @needs(*ACT)
    def set_medium(self) -> bottle.HTTPResponse:
        """Without a folder nothing is copied any more."""
        asked = fields()
        medium = Medium(
            asked.text("folder", "", most=250), asked.integer("every_days", 1, 366, 7), asked.integer("keep", 1, 100, 4)
        )
        asked.end()
        author = caller().name
        self._recorder.do(lambda reply: SetMedium(medium, author, reply), to="archivist")
        return self.medium()

    @needs(*SEE_ARCHIVE)
    def retention(self) -> bottle.HTTPResponse:
        """``months`` asks what another setting would free."""
        history = self._bridge.history
        now = history.months_kept()
        months = parameter.integer("months", now, 0, MOST_MONTHS)
        freed = history.thick_bytes(months, self._bridge.clock.now_ts())
        return json_answer({"months": now, "asked_months": months, "frees_bytes": freed})

    @needs(*ACT)
    def set_retention(self) -> bottle.HTTPResponse:
        """0 = for ever. What has had its time goes the next night; energy stays."""
        asked = fields()
        months = asked.integer("months", 0, MOST_MONTHS)
        asked.end()
        event = EventReported(
            self._bridge.clock.now_ms(), "server", "retention_set", f"{months} months by {caller().name}"
        )
        self._recorder.keep(*RETENTION, {"months": months}, event)
        return json_answer({"months": months})

    def _asked(self, message: object, to: str = ARCHIVIST) -> bottle.HTTPResponse:
        if not self._bridge.post(to, message):
            raise RequestRefused(503, "owner_restarted", f"The part {to} is just being started.")
        return json_answer(self._describe(), 202)

    def _describe(self) -> dict[str, Any]:
        view = self._bridge.archivist() or ArchivistView()
        size, zone = self._bridge.history.sizes(), self._bridge.zone
        return {
            "job": work_of(self._bridge) or None,
            "backup": self._job(view, "backup"),
            "medium": self._job(view, "medium"),
            "check": self._job(view, "verify"),
            "generations": [iso(ts, zone) for ts in self._bridge.history.backups()],
            "database": {"bytes": size.file, "free_bytes": size.free, "room_bytes": size.room},
            "shrinks_at_start": view.shrinks,
            "written_mb_per_day": written_mb_per_day(view),
        }

    def _job(self, view: ArchivistView, job: str) -> dict[str, Any]:
        """When it last went well, and how the last one ended."""
        outcome = view.last(job)
        well_ms = {"backup": view.backup_ms, "medium": view.copied_ms, "verify": view.verified_ms}[job]
        error = {"code": outcome.code, "message": outcome.detail} if outcome is not None and outcome.code else None
        return {"last": iso_ms(well_ms, self._bridge.zone) if well_ms else None, "error": error}
