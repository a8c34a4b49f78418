"""One device: what it says now, and its consumption over time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import bottle

from runtime.core.automation.resource import AUTOMATION
from runtime.core.clock.timegrid import local
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.quantity.quality import Quality
from runtime.core.sample.en50160 import WeekCheck
from runtime.core.view import DeviceView
from runtime.text.words.eqcheck import CHARACTERISTICS, VERDICTS
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.consumption.registers import has_registers
from webui.model.eqcheck import EqChecks
from webui.model.fluid import fluid_of
from webui.model.panel import MEASURES, tabs_of
from webui.model.report.recentevents import recent_events
from webui.model.staleness import is_stale
from webui.pages.display.curves import curve_rows, curve_words, curved
from webui.pages.frame.shell import Shell
from webui.pages.frame.switching import errors_shown, switching

OPENED = ("power", "state", "outputs", "charge")  # the tab that a device begins with, the first that it has
MEASURED = (*MEASURES, "state", "inputs", "outputs", "charge")  # of what other pages show of a device
ERRORS = ("station_errors", "charge_errors")


class DevicePage:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell
        self._checks = EqChecks(bridge)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/devices/<id:int>", self.show)
        yield Route("GET", "/live/devices/<id:int>", self.show_measured)

    @needs(("panel_board", "see"))
    def show(self, id: int) -> str:
        view, spec = self._bridge.device(id), self._bridge.installation().device(id)
        if view is None or spec is None:
            raise not_found("device")
        tabs = [tab for tab in tabs_of(view.quantities) if tab.id != "links"]
        told = switching(self._bridge, spec)
        ids = [tab.id for tab in tabs]
        readings, week = self._readings(view), self._checks.of(id)
        return self._shell.page(
            "device.html",
            device=view,
            model=self._bridge.model_name(spec),
            spec=spec,
            gateway=self._bridge.gateway(view.gateway),
            load=next((load for load in self._bridge.installation().loads if load.id == spec.load), None),
            fluid=fluid_of(view.quantities),
            tabs=tabs,
            open_tab=next((id for id in OPENED if id in ids), ids[0] if ids else ""),
            measures=not ids or any(id in MEASURES for id in ids),
            registers=has_registers(view),
            consumes=not ids or any(id in ("energy", "water", "gas") for id in ids),
            readings=readings,
            switching=told,
            until=self._until(told.trial_until_ts),
            rules=[rule.name for rule in self._bridge.installation().of(AUTOMATION) if rule.on and rule.target == id],
            state_words=sorted({name for id in view.quantities for name in QUANTITIES[id].states} | told.words),
            errors={id: errors_shown(readings, id) for id in ERRORS if id in readings},
            week=week,
            week_days=self._days(week) if week else (),
            characteristics=CHARACTERISTICS,
            verdicts=VERDICTS,
            events=recent_events(self._bridge, f"device.{id}"),
            curve_rows=curve_rows(tabs),
            **curve_words(curved(view.quantities)),
            state_names={id: QUANTITIES[id].states for id in view.quantities if QUANTITIES[id].states},
        )

    @needs(("panel_board", "see"))
    def show_measured(self, id: int) -> bottle.HTTPResponse:
        """Its last values and states, and the result of EN 50160, as a part of another page."""
        view = self._bridge.device(id)
        if view is None:
            raise not_found("device")
        week = self._checks.of(id)
        tabs = [tab for tab in tabs_of(view.quantities) if tab.id in MEASURED]
        readings = self._readings(view)
        return self._shell.part(
            "measured.html", "live", device=view, tabs=tabs, readings=readings, week=week, verdicts=VERDICTS
        )

    def _days(self, week: WeekCheck) -> tuple[date, date]:
        """Its Monday and its Sunday."""
        return local(week.start_ts, self._bridge.zone).date(), local(week.end_ts - 1, self._bridge.zone).date()

    def _until(self, ts: int) -> datetime | None:
        return local(ts, self._bridge.zone) if ts else None

    def _readings(self, view: DeviceView) -> dict[str, tuple[int | str | None, str, bool]]:
        """Quantity -> (count, quality, is stale)."""
        now_ms, limit_s = self._bridge.clock.now_ms(), view.stale_after_s
        rows = zip(view.quantities, view.values_n, view.ts_ms, view.quality, strict=True)
        return {id: (n, Quality(quality).label, is_stale(id, ts_ms, now_ms, limit_s)) for id, n, ts_ms, quality in rows}
