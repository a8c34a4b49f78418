"""The sharing of current: each two seconds the rules look at meters and stations, and stations get their limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from actors.charging.age import ReadingAge
from actors.mailbox.base import Actor, Incarnation
from actors.mailbox.reply import refuse
from actors.message.charging import LimitCircuit, SetLimit, station_name
from actors.message.device import Begin, EventReported, KeepRecords, WatchDevices
from runtime.core.charging.contact import calm_stations
from runtime.core.charging.decision import WAITS, Decision
from runtime.core.charging.sharing import decide
from runtime.core.charging.spec import CircuitSpec, StationSpec
from runtime.core.charging.state import (
    CHARGING_VIEW,
    ChargingView,
    Inputs,
    MeterReading,
    OutsideLimit,
    ShareState,
    StationReport,
)
from runtime.core.charging.station.view import STATION_VIEWS
from runtime.core.charging.timing import PERIOD_MS
from runtime.core.site.installation import DeviceSpec
from runtime.core.view import DEVICE_VIEWS
from runtime.errors import WattkeeperError
from runtime.store.object.charging import limit_record

KEPT = 200  # decisions that are shown
WATCH_S = 30.0
_PHASES = ("current_l1_a", "current_l2_a", "current_l3_a")


@dataclass(frozen=True, slots=True)
class _Step:
    """Charge sharing -> itself."""


@dataclass(frozen=True, slots=True)
class _Watch:
    """Have meters and stations read often. Charge sharing -> itself."""


class ChargeShare(Actor):
    """Named ``chargeshare``; publishes ``ChargingView``.

    circuits  those that are on
    stations  those in them
    devices   meters and sides of stations, by id
    kept      limits from outside that were on disk when it began: circuit -> (mA, UTC ms of its end)
    """

    def __init__(
        self,
        incarnation: Incarnation,
        circuits: Sequence[CircuitSpec],
        stations: Sequence[StationSpec],
        devices: Mapping[int, DeviceSpec],
        kept: Callable[[], Mapping[int, tuple[int, int]]] = dict,
    ) -> None:
        super().__init__(incarnation)
        self._circuits, self._stations, self._devices = tuple(circuits), tuple(stations), devices
        self._ages = {circuit.meter: ReadingAge(self.clock) for circuit in circuits}
        self._readings: dict[int, MeterReading] = {}
        self._state = ShareState()
        self._decisions: tuple[Decision, ...] = ()
        self._load_limits = kept
        self._limits: dict[int, tuple[int, int]] = {}

    def on_receive(self, message: Begin | _Step | _Watch | LimitCircuit) -> None:
        match message:
            case LimitCircuit():
                self._limit(message)
            case _Watch():
                self._watch()
            case Begin():
                self._limits = dict(self._load_limits())
                self._watch()
                self._step()
            case _Step():
                self._step()

    def _step(self) -> None:
        now_ms = round(self.clock.monotonic() * 1000)
        reports = tuple(self._reports())
        for circuit in self._circuits:
            self._read(circuit, now_ms)
        from_outside = self._limits_now(now_ms)
        inputs = Inputs(now_ms, self._circuits, reports, dict(self._readings), from_outside)
        self._state, decisions = decide(inputs, self._state)
        limits = {charge.station: charge.limit_ma for charge in self._state.charges}
        calm = calm_stations(inputs)
        for report in reports:
            self.post(station_name(report.id), SetLimit(limits.get(report.id, 0), report.id in calm))
        self._report(decisions)
        self._decisions = (*self._decisions, *decisions)[-KEPT:]
        ts_ms, readings = self.clock.now_ms(), dict(self._readings)
        view = ChargingView(now_ms, ts_ms, self._state, self._decisions, readings, from_outside)
        self.publish(CHARGING_VIEW, view)
        self.post_later(PERIOD_MS / 1000, _Step())

    def _limits_now(self, now_ms: int) -> dict[int, OutsideLimit]:
        """Those that hold; one whose end has passed is forgotten."""
        ts_ms = self.clock.now_ms()
        for circuit, (_, until_ts_ms) in list(self._limits.items()):
            if until_ts_ms <= ts_ms:
                del self._limits[circuit]
                self.post("recorder", KeepRecords((limit_record(circuit, None, 0),)))
        return {
            circuit: OutsideLimit(limit_ma, now_ms + until_ts_ms - ts_ms)
            for circuit, (limit_ma, until_ts_ms) in self._limits.items()
        }

    def _limit(self, message: LimitCircuit) -> None:
        """Kept before it is answered: a server that is killed goes on with it."""
        circuit = next((each for each in self._circuits if each.id == message.circuit), None)
        if circuit is None:
            refuse(message.reply, WattkeeperError("station_off", f"circuit {message.circuit} is not at work"))
            return
        self._limits.pop(circuit.id, None)
        if message.limit_ma is not None:
            self._limits[circuit.id] = (message.limit_ma, message.until_ts_ms)
        said = "no limit" if message.limit_ma is None else f"{message.limit_ma} mA"
        event = EventReported(
            self.clock.now_ms(), f"device.{circuit.meter}", "charge_limited", f"{said}, by {message.author}"
        )
        record = limit_record(circuit.id, message.limit_ma, message.until_ts_ms)
        self.post("recorder", KeepRecords((record,), (event,), message.reply))

    def _reports(self) -> list[StationReport]:
        views = (self.incarnation.views.get(STATION_VIEWS.of(station.id)) for station in self._stations)
        return [view.report for view in views if view is not None]

    def _read(self, circuit: CircuitSpec, now_ms: int) -> None:
        """Its currents, dated by the oldest of them; a meter that is silent keeps its last reading and its age."""
        view = self.incarnation.views.get(DEVICE_VIEWS.of(circuit.meter))
        if view is None:
            return
        ages = [self._ages[circuit.meter].of(view, quantity) for quantity in _PHASES]
        known = [age for age in ages if age is not None]
        if known:
            values = dict(zip(view.quantities, view.values_n, strict=True))
            currents = [values.get(quantity) for quantity in _PHASES]
            levels = tuple(abs(current) if isinstance(current, int) else None for current in currents)
            self._readings[circuit.id] = MeterReading(now_ms - max(known), levels)

    def _report(self, decisions: Sequence[Decision]) -> None:
        """Each change of a limit is an event of its device; why a charge waits is shown, not recorded."""
        devices = {station.id: station.device for station in self._stations}
        for each in decisions:
            if each.rule not in WAITS and each.from_ma != each.to_ma:
                detail = f"{each.rule}: {each.from_ma} to {each.to_ma} mA"
                detail += f", circuit {each.circuit} phase {each.phase} at {each.level_ma} mA" if each.circuit else ""
                event = EventReported(self.clock.now_ms(), f"device.{devices[each.station]}", "charge_shared", detail)
                self.post("recorder", event)

    def _watch(self) -> None:
        wanted = {station.device for station in self._stations} | {circuit.meter for circuit in self._circuits}
        behind: dict[int, list[int]] = {}
        for id in sorted(wanted & self._devices.keys()):
            behind.setdefault(self._devices[id].gateway, []).append(id)
        for gateway, ids in behind.items():
            self.post(f"gateway.{gateway}", WatchDevices(tuple(ids), WATCH_S))
        self.post_later(WATCH_S / 3, _Watch())
