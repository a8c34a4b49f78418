"""One side of a charging station: what it does, its session, and the lease of its set-point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from actors.charging.age import ReadingAge
from actors.mailbox.base import Actor, Incarnation
from actors.mailbox.reply import Forwarded
from actors.message.charging import LeaveAlone, SetLimit
from actors.message.device import Begin, Command, EventReported, KeepRecords
from runtime.core.charging.spec import StationSpec
from runtime.core.charging.state import StationReport
from runtime.core.charging.station.lease import Lease, refresh_ms
from runtime.core.charging.station.observation import (
    FALLBACK,
    LIMIT,
    WATCHDOG,
    CommandLike,
    Observation,
    expressible_ma,
    observe,
    orders_for,
)
from runtime.core.charging.station.session import ChargeSession
from runtime.core.charging.station.view import STATION_VIEWS, StationView
from runtime.core.charging.timing import FRESH_MS
from runtime.core.device.command import DONE, CommandRequest, Outcome
from runtime.core.site.installation import DeviceSpec
from runtime.core.view import DEVICE_VIEWS
from runtime.errors import WattkeeperError

AUTHOR = "charging"
TICK_S = 1.0
ANSWER_S = 1.5  # a command is answered by then
PROGRAM_S = 30.0  # between two tries to program watchdog and safe current
KIND = "charge"  # of the records


@dataclass(frozen=True, slots=True)
class _Tick:
    """Look at the station. Station -> itself."""


@dataclass(frozen=True, slots=True)
class _Answered:
    """A command is over. Gateway -> station, by the reply box."""

    outcome: Outcome | Exception


class Station(Actor):
    """Named ``station.ID``; publishes ``StationView``.

    spec      as it is configured, its device beside
    commands  rows of its map: a limit at least
    """

    def __init__(
        self, incarnation: Incarnation, spec: StationSpec, device: DeviceSpec, commands: Mapping[str, CommandLike]
    ) -> None:
        super().__init__(incarnation)
        self._spec, self._device, self._commands = spec, device, commands
        asked_s = int(getattr(commands[LIMIT], "refresh_s", 0))
        self._lease = Lease(spec.watchdog_s, refresh_ms(spec.watchdog_s, asked_s))
        self._age = ReadingAge(self.clock)
        self._seen = Observation()
        self._session: ChargeSession | None = None
        self._plugged_ms = self._looked_ms = self._heard_ms = 0
        self._orders: list[tuple[str, str | float]] = []
        self._underway = False
        self._programmed_at = -PROGRAM_S
        self._was_quiet = False

    def on_receive(self, message: Begin | _Tick | _Answered | SetLimit) -> None:
        match message:
            case SetLimit(limit_ma=limit_ma):
                self._lease = self._lease.command(expressible_ma(limit_ma, self._commands[LIMIT]))
                self._write()
            case _Answered(outcome=outcome):
                self._take(outcome)
            case Begin() | _Tick():
                self._look()
                self.post_later(TICK_S, _Tick())

    # ---- looking

    def _look(self) -> None:
        now_ms = self._now_ms()
        view = self.incarnation.views.get(DEVICE_VIEWS.of(self._device.id))
        age_ms = None if view is None else self._age.of(view, "charge_state")
        heard = age_ms is not None and age_ms <= FRESH_MS and not self._lease.is_quiet(now_ms)
        if heard and view is not None:
            self._heard_ms = now_ms - (age_ms or 0)
            values = dict(zip(view.quantities, view.values_n, strict=True))
            self._seen = observe(values, len(self._spec.phases))
            self._lease = self._lease.observed(self._seen.limit_ma)
            self._follow_session(now_ms)
        self._looked_ms = now_ms
        self._program()
        self._write()
        report = self._report(heard)
        self.publish(STATION_VIEWS.of(self._spec.id), self._view(report))

    def _report(self, heard: bool) -> StationReport:
        spec, seen = self._spec, self._seen
        return StationReport(
            spec.id, spec.circuit, spec.phases, spec.rated_ma or seen.rated_ma,
            plugged=seen.plugged, connected_ms=self._plugged_ms, priority=spec.priority,
            charged_mah=self._session.charged_mah if self._session else 0,
            currents_ma=seen.currents_ma, heard=heard, heard_ms=self._heard_ms, confirmed_ma=self._lease.confirmed_ma,
            fallback_ma=spec.fallback_ma, watchdog_s=spec.watchdog_s,
        )  # fmt: skip

    def _view(self, report: StationReport) -> StationView:
        draws = max((current or 0 for current in report.currents_ma), default=0) >= 1_000
        if not report.heard:
            state = "communication_error"
        elif not report.plugged:
            state = "available"
        else:
            state = "charging" if draws else "suspended" if report.confirmed_ma else "waiting"
        return StationView(report, state, self._lease.wanted_ma, self._session)

    def _follow_session(self, now_ms: int) -> None:
        if not self._seen.plugged:
            self._end_session()
            return
        if self._session is None:
            self._plugged_ms = now_ms
            self._session = ChargeSession(self._spec.id, self._device.id, self.clock.now_ms())
            self._report_event("charge_begun")
            return
        self._session = self._session.advanced(self._seen, now_ms - self._looked_ms)

    def _end_session(self) -> None:
        if self._session is None:
            return
        ended, self._session = replace(self._session, ended_ts_ms=self.clock.now_ms()), None
        detail = f"{ended.charged_mah} mAh in {ended.charging_ms // 60_000} min"
        event = EventReported(ended.ended_ts_ms, f"device.{self._device.id}", "charge_ended", detail)
        key = f"{ended.station}.{ended.began_ts_ms}"
        self.post("recorder", KeepRecords(((KIND, key, ended.as_record()),), (event,)))

    # ---- writing

    def _program(self) -> None:
        """The station's own watchdog and safe current, as long as it shows others."""
        now = self.clock.monotonic()
        if self._underway or self._orders or now - self._programmed_at < PROGRAM_S:
            return
        wanted = ((FALLBACK, self._spec.fallback_ma, self._seen.fallback_ma, self._spec.fallback_ma / 1000),
                  (WATCHDOG, self._spec.watchdog_s, self._seen.watchdog_s, self._spec.watchdog_s))  # fmt: skip
        for command, ours, shown, value in wanted if self._spec.watchdog_s else ():
            if command in self._commands and shown is not None and shown != ours:
                self._programmed_at = now
                self._orders.append((command, value))

    def _write(self) -> None:
        """The next command, one after the other: first what is under way, then what is due."""
        if self._underway:
            return
        due = self._lease.due(self._now_ms())
        if not self._orders and due is not None:
            self._orders = list(orders_for(due, self._commands))
        if self._orders and not self._lease.is_quiet(self._now_ms()):
            self._command(*self._orders[0])

    def _command(self, command: str, value: str | float) -> None:
        request = CommandRequest(self._device.id, command, value, AUTHOR)
        reply: Any = Forwarded(
            lambda outcome: self.post_self(_Answered(outcome)), lambda error: self.post_self(_Answered(error))
        )
        message = Command(request, self.clock.monotonic() + ANSWER_S, reply, routine=True)
        self._underway = True
        if not self.post(f"gateway.{self._device.gateway}", message):
            self._take(WattkeeperError("gateway_off", "there is no such gateway at the moment"))

    def _take(self, outcome: Outcome | Exception) -> None:
        """A command that is not done ends the row of orders; the last one that is, confirms the set-point."""
        self._underway = False
        command, _ = self._orders.pop(0)
        done = isinstance(outcome, Outcome) and outcome.state == DONE
        if command in (WATCHDOG, FALLBACK):
            return
        now_ms = self._now_ms()
        if not done:
            self._orders.clear()
            self._lease = self._lease.written(now_ms, None)
            self._leave_alone(now_ms)
        elif not self._orders:
            self._lease = self._lease.written(now_ms, self._lease.wanted_ma)
            self._was_quiet = False
        else:
            self._write()

    def _leave_alone(self, now_ms: int) -> None:
        """It does not obey: whoever went on reading it would keep its watchdog from acting."""
        if not self._lease.is_quiet(now_ms):
            return
        for_s = (self._lease.quiet_until_ms - now_ms) / 1000
        self.post(f"gateway.{self._device.gateway}", LeaveAlone(self._device.id, for_s))
        if not self._was_quiet:
            self._report_event("charge_limit_ignored")
        self._was_quiet = True

    def _report_event(self, code: str) -> None:
        self.post("recorder", EventReported(self.clock.now_ms(), f"device.{self._device.id}", code))

    def _now_ms(self) -> int:
        return round(self.clock.monotonic() * 1000)
