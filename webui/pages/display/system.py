"""System information: versions, the recorder, the supervised parts."""

from __future__ import annotations

import platform
from collections.abc import Iterable

from runtime.core.clock.timegrid import local
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.health import UNWELL, health_of
from webui.model.report.recentevents import recent_events
from webui.pages.display.history import archive_values
from webui.pages.frame.shell import Shell


class SystemPage:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell
        self._started_ts = bridge.clock.now_ts()

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/system", self.show)

    @needs(("home", "see"))
    def show(self) -> str:
        bridge = self._bridge
        recorder = bridge.recorder()
        booted_ts = bridge.machine().vitals.booted_ts
        commit_ms = recorder.last_commit_ms if recorder else 0
        return self._shell.page(
            "system.html",
            health=health_of(bridge),
            clock=bridge.clock_state(),
            vitals=bridge.machine().vitals,
            overloaded=bridge.machine().is_overloaded,
            booted=local(booted_ts, bridge.zone) if booted_ts else None,
            installation=bridge.installation(),
            python=platform.python_version(),
            machine=f"{platform.system()} {platform.machine()}",
            started=local(self._started_ts, bridge.zone),
            recorder=recorder,
            last_commit=local(commit_ms // 1000, bridge.zone) if commit_ms else None,
            **archive_values(bridge),
            events=recent_events(bridge),
            children=bridge.parts(),
            unwell=UNWELL,
        )
