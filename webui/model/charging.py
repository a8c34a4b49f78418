"""Charging as pages and API show it: circuits with their areas, stations with their charges, decisions, sessions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from runtime.core.charging.area import NAMES, Area, thresholds_of
from runtime.core.charging.decision import Decision
from runtime.core.charging.line import PHASES
from runtime.core.charging.resource import CIRCUIT, STATION, stations_under
from runtime.core.charging.safety import longest_excess_s
from runtime.core.charging.spec import CircuitSpec, StationSpec
from runtime.core.charging.state import CHARGING_VIEW, Charge, ChargingView, Reason
from runtime.core.charging.station.session import ChargeSession
from runtime.core.charging.station.statement import StatementLine, bill_session, state_badges
from runtime.core.charging.station.view import STATION_VIEWS, StationView
from runtime.core.tariff.cost import Bill
from runtime.core.tariff.rules import tariffs_by_fluid
from runtime.core.tariff.tariffs import amounts
from webui.model.bridge import Bridge

SEE, ACT = ("green_up", "see"), ("green_up", "act")
STALE_MS = 10_000  # a control step that is older says nothing of now


@dataclass(frozen=True, slots=True)
class PhaseState:
    """One phase of a circuit. ``area`` None = its current is not measured; ``since_ms`` UTC."""

    phase: int
    area: str | None
    since_ms: int
    level_ma: int | None
    charging_ma: int
    available_ma: int


@dataclass(frozen=True, slots=True)
class CircuitState:
    """A circuit, whether its current is shared just now, and for how long its limit may be exceeded (T).

    limit_ma  from outside, until ``limit_until_ms`` (UTC); None = there is none
    """

    spec: CircuitSpec
    at_work: bool
    limit_ma: int | None
    limit_until_ms: int
    longest_excess_s: int
    phases: tuple[PhaseState, ...]
    stations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StationState:
    """A side of a station. ``view`` None = its circuit is off; ``reason_since_ms`` UTC, 0 = nothing keeps it back."""

    spec: StationSpec
    name: str
    view: StationView | None
    charge: Charge | None
    reason: Reason | None
    reason_since_ms: int

    @property
    def state(self) -> str:
        return "off" if self.view is None else self.view.state

    @property
    def limit_ma(self) -> int:
        return self.charge.limit_ma if self.charge else 0


@dataclass(frozen=True, slots=True)
class BilledSession:
    session: ChargeSession
    bill: Bill
    station: str  # name of its device, "" when it was deleted


def charging_view(bridge: Bridge) -> ChargingView | None:
    """None = nobody shares current now."""
    view = bridge.views.get(CHARGING_VIEW)
    if view is None or bridge.clock.monotonic() * 1000 - view.at_ms > STALE_MS:
        return None
    return view


def list_circuits(bridge: Bridge) -> tuple[CircuitState, ...]:
    site, view = bridge.installation(), charging_view(bridge)
    circuits = []
    for circuit in site.of(CIRCUIT):
        fed = stations_under(site, circuit)
        is_shared = circuit.on and view is not None
        phases = tuple(_phase(circuit, phase, view if is_shared else None) for phase in PHASES)
        ids = tuple(station.id for station in fed)
        limit = view.limits.get(circuit.id) if is_shared and view is not None else None
        limit_ma, until_ms = (limit.limit_ma, limit.until_ms) if limit is not None else (None, 0)
        until_ts_ms = view.ts_ms_of(until_ms) if view is not None and limit is not None else 0
        excess_s = longest_excess_s(fed)
        circuits.append(CircuitState(circuit, is_shared, limit_ma, until_ts_ms, excess_s, phases, ids))
    return tuple(circuits)


def list_stations(bridge: Bridge) -> tuple[StationState, ...]:
    site, view = bridge.installation(), charging_view(bridge)
    on = {circuit.id for circuit in site.of(CIRCUIT) if circuit.on}
    charges = {charge.station: charge for charge in view.state.charges} if view else {}
    return tuple(
        _station(bridge, spec, view, charges.get(spec.id), is_on=spec.circuit in on) for spec in site.of(STATION)
    )


def find_station(bridge: Bridge, id: int) -> StationState | None:
    return next((station for station in list_stations(bridge) if station.spec.id == id), None)


def list_decisions(bridge: Bridge) -> tuple[tuple[int, Decision], ...]:
    """(UTC ms, decision), the newest first."""
    view = charging_view(bridge)
    return tuple((view.ts_ms_of(each.ts_ms), each) for each in reversed(view.decisions)) if view else ()


def area_name(colour: int) -> str | None:
    return NAMES[colour] if colour >= 0 else None


def list_sessions(
    bridge: Bridge, from_ms: int, to_ms: int, station: int = 0, rfid: str = ""
) -> Iterator[BilledSession]:
    """Those that ended in [from, to), the newest first; of one station or badge if it is given."""
    site = bridge.installation()
    tariffs = tariffs_by_fluid(site.tariffs, site.rules, bridge.zone).get("electricity")
    prices = amounts(site.tariffs)
    names = {device.id: device.name for device in site.devices}
    for session in bridge.history.charge_sessions(from_ms, to_ms):
        if (not station or session.station == station) and (not rfid or session.rfid == rfid):
            yield BilledSession(session, bill_session(session, tariffs, prices), names.get(session.device, ""))


def state_month(bridge: Bridge, from_ms: int, to_ms: int, rfid: str = "") -> tuple[StatementLine, ...]:
    """A line for each badge, of the sessions that ended in [from, to)."""
    sessions = list_sessions(bridge, from_ms, to_ms, rfid=rfid)
    return state_badges((billed.session, billed.bill) for billed in sessions)


def _phase(circuit: CircuitSpec, phase: int, view: ChargingView | None) -> PhaseState:
    limit = view.limits.get(circuit.id) if view else None
    thresholds = thresholds_of(circuit, limit.limit_ma if limit else None)
    reading = view.readings.get(circuit.id) if view else None
    levels = reading.currents_ma if reading else ()
    level_ma = levels[phase - 1] if phase <= len(levels) else None
    area = view.state.areas.get((circuit.id, phase), Area()) if view else None
    known = area is not None and view is not None and level_ma is not None
    since_ms = view.ts_ms_of(area.since_ms) if view is not None and area is not None and area.since_ms else 0
    return PhaseState(
        phase, NAMES[area.colour] if known and area is not None else None, since_ms if known else 0, level_ma,
        thresholds.charging_ma, thresholds.available_ma,
    )  # fmt: skip


def _station(
    bridge: Bridge, spec: StationSpec, view: ChargingView | None, charge: Charge | None, *, is_on: bool
) -> StationState:
    device = bridge.installation().device(spec.device)
    shown = bridge.views.get(STATION_VIEWS.of(spec.id)) if is_on else None
    reason = charge.reason if charge is not None and charge.reason.code else None
    since_ms = view.ts_ms_of(reason.since_ms) if view is not None and reason is not None else 0

    return StationState(spec, device.name if device else "", shown, charge, reason, since_ms)
