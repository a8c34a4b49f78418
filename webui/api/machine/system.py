"""How the server itself is doing, and the description of this API."""

from __future__ import annotations

import json
import platform
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import bottle

from runtime.core.view import SAFE_MODE_VIEW, JobState
from runtime.text.moment import iso, iso_ms
from webui.api.openapi import describe_api
from webui.http.answer import JSON, json_answer
from webui.http.caller import caller
from webui.http.permission import PUBLIC, Route, needs
from webui.model.bridge import Bridge
from webui.model.health import health_of


class SystemApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._started_ts = bridge.clock.now_ts()

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/health", self.health)
        yield Route("GET", "/api/v1/system", self.system)
        yield Route("POST", "/api/v1/system/leave-safe-mode", self.leave_safe_mode)
        yield Route("GET", "/api/v1/openapi.json", self.openapi)

    @needs(PUBLIC)
    def health(self) -> bottle.HTTPResponse:
        """200 once it serves: ``ok``, or ``degraded`` when something that should work does not."""
        status = health_of(self._bridge)
        devices = Counter(view.state for view in self._bridge.devices())
        gateways = Counter(view.state for view in self._bridge.gateways())
        answer = {
            "status": status,
            "version": self._bridge.version,
            "now": iso(self._bridge.clock.now_ts(), self._bridge.zone),
            "devices": {"total": devices.total(), **devices},
            "gateways": {"total": gateways.total(), **gateways},
        }
        return json_answer(answer, 503 if status == "starting" else 200)

    @needs(("home", "see"))
    def system(self) -> bottle.HTTPResponse:
        bridge, zone = self._bridge, self._bridge.zone
        installation = bridge.installation()
        return json_answer(
            {
                "version": bridge.version,
                "python": platform.python_version(),
                "site": installation.site,
                "zone": installation.zone,
                "installation_version": installation.version,
                "interval_s": installation.interval_s,
                "now": iso(bridge.clock.now_ts(), zone),
                "started": iso(self._started_ts, zone),
                "clock": {"trusted": bridge.clock_state().trusted, "keeps": bridge.clock_state().keeps},
                "safe_mode": self._safe_mode(),
                "recorder": self._recorder(),
                "jobs": self._jobs(),
                "children": [
                    {"name": child.name, "state": child.state, "restarts": child.restarts, "error": child.error or None}
                    for child in bridge.parts()
                ],
            }
        )

    @needs(("server_configuration", "act"))
    def leave_safe_mode(self) -> bottle.HTTPResponse:
        """Devices are read from now on; where there is no safe mode nothing happens."""
        self._bridge.leave_safe_mode(caller().name)
        return json_answer({"safe_mode": None})

    def _safe_mode(self) -> dict[str, Any] | None:
        mode = self._bridge.views.get(SAFE_MODE_VIEW, None)
        return (
            None
            if mode is None
            else {"failed_starts": mode.failed_starts, "ends": iso(mode.left_ts, self._bridge.zone)}
        )

    @needs(PUBLIC)
    def openapi(self) -> bottle.HTTPResponse:
        return bottle.HTTPResponse(self._openapi, headers=JSON)

    @cached_property
    def _openapi(self) -> bytes:
        document = describe_api(self._bridge.installation().resources)
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()

    def _jobs(self) -> dict[str, Any]:
        """Heavy work: what is being done and what waits for its turn."""
        queue = self._bridge.jobs()
        working = queue.at_work
        return {
            "at_work": None if working is None else {**self._job(working), "progress": working.progress or None},
            "waiting": [self._job(each) for each in queue.waiting],
        }

    def _job(self, state: JobState) -> dict[str, Any]:
        return {"job": state.job, "since": iso_ms(state.since_ms, self._bridge.zone)}

    def _recorder(self) -> dict[str, Any] | None:
        view = self._bridge.recorder()
        if view is None:
            return None
        return {
            "last_commit": iso_ms(view.last_commit_ms, self._bridge.zone) if view.last_commit_ms else None,
            "rows": view.rows,
            "commits": view.commits,
            "error": None if view.trouble is None else {"code": view.trouble.code, "message": view.trouble.message},
        }
