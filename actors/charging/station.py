"""One side of a charging station: what it does, its session, and the lease of its set-point."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from actors.charging.age import ReadingAge
from actors.mailbox.base import Actor, Incarnation
from actors.mailbox.reply import Forwarded, answer, refuse
from actors.message.charging import LeaveAlone, OrderCharge, SetLimit
from actors.message.device import Begin, Command, EventReported, KeepRecords
from runtime.core.charging.spec import StationSpec
from runtime.core.charging.state import StationReport
from runtime.core.charging.station.lease import Lease, refresh_ms, rest_ms
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
from runtime.core.charging.station.session import ChargeSession, begin_session
from runtime.core.charging.station.view import STATION_VIEWS, StationView
from runtime.core.charging.timing import FRESH_MS
from runtime.core.device.command import DONE, CommandRequest, Outcome
from runtime.core.site.installation import DeviceSpec
from runtime.core.view import DEVICE_VIEWS
from runtime.errors import WattkeeperError
from runtime.store.object.charging import ended_records, open_record, quiet_record

AUTHOR = "charging"
TICK_S = 1.0
ANSWER_S = 1.5  # a command is answered by then
PROGRAM_S = 30.0  # between two tries to program watchdog and safe current
KEEP_S = 60.0  # a session is on disk at least so often


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
    kept      the session that was on disk when it began
    quiet_until  when it may be contacted again, UTC ms, as it was on disk
    is_held   the server has just begun: it is contacted once no line of it is red, or its watchdog acted
    """

    def __init__(
        self,
        incarnation: Incarnation,
        spec: StationSpec,
        device: DeviceSpec,
        commands: Mapping[str, CommandLike],
        kept: Callable[[], ChargeSession | None] = lambda: None,
        quiet_until: Callable[[], int] = lambda: 0,
        *,
        is_held: bool = False,
    ) -> None:
        super().__init__(incarnation)
        self._spec, self._device, self._commands = spec, device, commands
        asked_s = int(getattr(commands[LIMIT], "refresh_s", 0))
        self._lease = Lease(spec.watchdog_s, refresh_ms(spec.watchdog_s, asked_s))
        self._age = ReadingAge(self.clock)
        self._seen = Observation()
        self._session: ChargeSession | None = None
        self._load_session, self._load_quiet, self._begins = kept, quiet_until, is_held
        self._plugged_ms = self._looked_ms = self._heard_ms = 0
        self._kept_at = 0.0
        self._orders: list[tuple[str, str | float]] = []
        self._underway = self._is_heard = False
        self._programmed_at = -PROGRAM_S
        self._was_quiet = False

    def on_receive(self, message: Begin | _Tick | _Answered | SetLimit | OrderCharge) -> None:
        match message:
            case OrderCharge():
                self._order(message)
            case SetLimit(limit_ma=limit_ma, is_calm=is_calm):
                self._release(is_calm=is_calm)
                self._set(expressible_ma(limit_ma, self._commands[LIMIT]))
            case _Answered(outcome=outcome):
                self._take(outcome)
            case Begin():
                self._restore()
                self._tick()
            case _Tick():
                self._tick()

    def _set(self, limit_ma: int) -> None:
        """A start is on disk before it is commanded: nobody who begins anew starts it too often."""
        starts = limit_ma and not self._lease.wanted_ma and not self._lease.confirmed_ma
        if starts and self._session is not None:
            self._session = self._session.started(self.clock.now_ms())
            self._keep()
        self._lease = self._lease.command(limit_ma)
        self._write()

    def _tick(self) -> None:
        self._look()
        self.post_later(TICK_S, _Tick())

    def _restore(self) -> None:
        """The session goes on where it was kept last; monotonic times of before mean nothing any more."""
        rest = rest_ms(self._load_quiet(), self.clock.now_ms(), self._spec.watchdog_s)
        self._lease = self._lease.resumed(self._now_ms(), rest)
        if self._begins and not rest and self._spec.watchdog_s:
            self._lease = self._lease.begun(self._now_ms())
            self._have_it_read((self._lease.quiet_until_ms - self._now_ms()) / 1000)
        self._session = self._load_session()
        if self._session is not None:
            self._plugged_ms = self._now_ms() - max(0, self.clock.now_ms() - self._session.began_ts_ms)

    def _release(self, *, is_calm: bool) -> None:
        """Nobody overloads anything: feeding its watchdog keeps nothing up that should end."""
        if is_calm and self._lease.is_held:
            self._lease = self._lease.released()
            self._have_it_read(0.0)

    def _have_it_read(self, after_s: float) -> None:
        self.post(f"gateway.{self._device.gateway}", LeaveAlone(self._device.id, after_s))

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
        self._is_heard = heard
        self._publish()

    def _publish(self) -> None:
        self.publish(STATION_VIEWS.of(self._spec.id), self._view(self._report()))

    def _report(self) -> StationReport:
        spec, seen, session = self._spec, self._seen, self._session
        ordered = session.priority if session else None
        return StationReport(
            spec.id, spec.circuit, spec.phases, spec.rated_ma or seen.rated_ma,
            plugged=seen.plugged, connected_ms=self._plugged_ms,
            priority=spec.priority if ordered is None else ordered, allowed=session.allowed if session else True,
            charged_mah=session.charged_mah if session else 0, currents_ma=seen.currents_ma,
            heard=self._is_heard, heard_ms=self._heard_ms, confirmed_ma=self._lease.confirmed_ma,
            fallback_ma=spec.fallback_ma, watchdog_s=spec.watchdog_s, starts_ms=self._starts_ms(),
        )  # fmt: skip

    def _starts_ms(self) -> tuple[int, ...]:
        """Monotonic."""
        since_ms = self._now_ms() - self.clock.now_ms()
        return tuple(ts_ms + since_ms for ts_ms in self._session.starts_ts_ms) if self._session else ()

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
        """From plug to unplug. Another vehicle, though nobody saw the one before leave, has a session of its own."""
        now_ts_ms, session = self.clock.now_ms(), self._session
        if session is not None and (not self._seen.plugged or session.is_of_another(self._seen, now_ts_ms)):
            self._end_session(session.ended(now_ts_ms))
        if not self._seen.plugged:
            return
        if self._session is None:
            self._plugged_ms = now_ms
            self._session = begin_session(self._spec.id, self._device.id, self._seen, now_ts_ms)
            self._keep(self._event("charge_begun"))
            return
        self._session = self._session.advanced(self._seen, now_ms - self._looked_ms, now_ts_ms)
        if self.clock.monotonic() - self._kept_at >= KEEP_S:
            self._keep()

    def _end_session(self, ended: ChargeSession) -> None:
        self._session = None
        detail = f"{ended.charged_mah} mAh in {ended.charging_ms // 60_000} min"
        event = EventReported(ended.ended_ts_ms, f"device.{self._device.id}", "charge_ended", detail)
        self.post("recorder", KeepRecords(ended_records(ended), (event,)))

    def _keep(self, *events: EventReported) -> None:
        """The session as it is now; a crash loses what comes after it."""
        assert self._session is not None
        self._kept_at = self.clock.monotonic()
        self.post("recorder", KeepRecords((open_record(self._session),), events))

    def _order(self, message: OrderCharge) -> None:
        """The present charge is to start or wait, or to come first, until it ends. A silent station does neither."""
        session = self._session
        if session is None:
            refuse(message.reply, WattkeeperError("no_charge", f"no vehicle is at station {self._spec.id}"))
            return
        if message.allowed is not None and not self._is_heard:
            refuse(message.reply, WattkeeperError("station_silent", f"station {self._spec.id} does not answer"))
            return
        allowed = session.allowed if message.allowed is None else message.allowed
        priority = session.priority if message.priority is None else message.priority
        self._session = replace(session, allowed=allowed, priority=priority)
        self._keep()
        self._publish()
        answer(message.reply, True)

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
        """It does not obey: whoever went on reading it, now or after a restart, would keep its watchdog from acting."""
        if not self._lease.is_quiet(now_ms):
            return
        for_ms = self._lease.quiet_until_ms - now_ms
        self.post("recorder", KeepRecords((quiet_record(self._spec.id, self.clock.now_ms() + for_ms),), ()))
        self._have_it_read(for_ms / 1000)
        if not self._was_quiet:
            self.post("recorder", self._event("charge_limit_ignored"))
        self._was_quiet = True

    def _event(self, code: str) -> EventReported:
        return EventReported(self.clock.now_ms(), f"device.{self._device.id}", code)

    def _now_ms(self) -> int:
        return round(self.clock.monotonic() * 1000)
