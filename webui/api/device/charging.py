"""Charging now: circuits and their areas, stations and their charges, decisions; orders for one charge."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import bottle

from actors.message.charging import CHARGING, LimitCircuit, OrderCharge, station_name
from runtime.code.codes import field_of, status_of
from runtime.core.charging.decision import Decision
from runtime.core.charging.resource import MOST_MA
from runtime.core.charging.state import Reason
from runtime.core.charging.station.session import ChargeSession
from runtime.errors import WattkeeperError
from runtime.text.figures import json_number
from runtime.text.moment import iso_ms
from runtime.text.wording import REFUSALS
from runtime.text.words import Advice
from webui.api.request import body, parameter
from webui.http.answer import json_answer
from webui.http.caller import caller
from webui.http.errors import RequestRefused, not_found
from webui.http.permission import Route, needs
from webui.model.actorclient import ActorClient
from webui.model.bridge import Bridge
from webui.model.charging import (
    ACT,
    SEE,
    CircuitState,
    PhaseState,
    StationState,
    area_name,
    charging_view,
    find_station,
    list_circuits,
    list_decisions,
    list_stations,
)

WITHIN_S = 5.0
USUAL, MOST = 50, 200
MOST_LIMIT_S = 7 * 86_400


class ChargingApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._client = ActorClient(bridge)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/charging", self.overview)
        yield Route("GET", "/api/v1/charging/stations", self.stations)
        yield Route("PATCH", "/api/v1/charging/stations/<id:int>", self.order)
        yield Route("GET", "/api/v1/charging/decisions", self.decisions)
        yield Route("PUT", "/api/v1/charging/circuits/<id:int>/limit", self.limit)

    @needs(SEE)
    def overview(self) -> bottle.HTTPResponse:
        """Circuits with the areas of their phases; ``at`` null while nobody shares current."""
        view = charging_view(self._bridge)
        at = self._iso(view.at_ts_ms) if view else None
        return json_answer({"at": at, "circuits": [self._circuit(each) for each in list_circuits(self._bridge)]})

    @needs(SEE)
    def stations(self) -> bottle.HTTPResponse:
        return json_answer([self._station(each) for each in list_stations(self._bridge)])

    @needs(ACT, pin=True)
    def order(self, id: int) -> bottle.HTTPResponse:
        """Of the present charge only: ``allowed`` false lets it wait, ``priority`` has it come first."""
        fields = body.fields()
        allowed = fields.flag("allowed") if fields.has("allowed") else fields.value("allowed", None)
        priority = fields.flag("priority") if fields.has("priority") else fields.value("priority", None)
        fields.end()
        self._known(id)
        self._ask(station_name(id), lambda reply: OrderCharge(allowed, priority, reply))
        return json_answer(self._station(self._known(id)))

    @needs(ACT, pin=True)
    def limit(self, id: int) -> bottle.HTTPResponse:
        """``limit_a`` for ``for_s`` seconds, such as a dimming signal of the grid; null ends it."""
        fields = body.fields()
        limit_ma = fields.count("limit_a", -3) if fields.has("limit_a") else fields.value("limit_a", None)
        for_s = fields.integer("for_s", 1, MOST_LIMIT_S) if limit_ma is not None else 0
        fields.end()
        if limit_ma is not None and not 0 <= limit_ma <= MOST_MA:
            raise parameter.refuse("limit_a", f"limit_a must lie between 0 and {MOST_MA // 1000}.", "out_of_range")
        until_ts_ms, author = self._bridge.clock.now_ms() + for_s * 1000, caller().name
        self._circuit_of(id)
        self._ask(CHARGING, lambda reply: LimitCircuit(id, limit_ma, until_ts_ms, author, reply))
        end = self._iso(until_ts_ms) if limit_ma is not None else None
        return json_answer({"limit_a": _amperes(limit_ma), "until": end})

    @needs(SEE)
    def decisions(self) -> bottle.HTTPResponse:
        """The newest first, since the server or its settings of charging started anew."""
        limit = parameter.integer("limit", USUAL, 1, MOST)
        return json_answer([self._decision(*each) for each in list_decisions(self._bridge)[:limit]])

    # ---- inside

    def _ask(self, to: str, make: Callable[[Any], object]) -> None:
        """Raises RequestRefused with what the code says; nobody of that name is there while the circuit is off."""
        absent = WattkeeperError("station_off", f"{to} is not there while its circuit is off")
        with self._client.waiting():
            try:
                self._bridge.ask(to, make, WITHIN_S, absent)
            except WattkeeperError as error:
                words = REFUSALS.get(error.code, Advice(error.message, ""))
                status, field = status_of(error.code), field_of(error.code)
                raise RequestRefused(status, error.code, words.what, field, words.todo) from None

    def _circuit_of(self, id: int) -> None:
        if all(circuit.spec.id != id for circuit in list_circuits(self._bridge)):
            raise not_found("charging circuit")

    def _known(self, id: int) -> StationState:
        station = find_station(self._bridge, id)
        if station is None:
            raise RequestRefused(404, "station_unknown", f"There is no charging station {id}.")
        return station

    def _circuit(self, circuit: CircuitState) -> dict[str, Any]:
        return {
            "id": circuit.spec.id,
            "name": circuit.spec.name,
            "on": circuit.spec.on,
            "at_work": circuit.at_work,
            "limit_a": _amperes(circuit.limit_ma),
            "limit_until": self._iso(circuit.limit_until_ms),
            "longest_excess_s": circuit.longest_excess_s,
            "phases": [self._phase(each) for each in circuit.phases],
            "stations": list(circuit.stations),
        }

    def _phase(self, phase: PhaseState) -> dict[str, Any]:
        return {
            "phase": phase.phase,
            "area": phase.area,
            "since": self._iso(phase.since_ms),
            "level_a": _amperes(phase.level_ma),
            "charging_a": _amperes(phase.charging_ma),
            "available_a": _amperes(phase.available_ma),
        }

    def _station(self, station: StationState) -> dict[str, Any]:
        report = station.view.report if station.view else None
        session = station.view.session if station.view else None
        return {
            "id": station.spec.id,
            "name": station.name,
            "device": station.spec.device,
            "circuit": station.spec.circuit,
            "state": station.state,
            "allowed": report.allowed if report else True,
            "priority": report.priority if report else station.spec.priority,
            "rated_a": _amperes(report.rated_ma if report else station.spec.rated_ma),
            "limit_a": _amperes(station.limit_ma),
            "confirmed_a": _amperes(report.confirmed_ma if report else None),
            "currents_a": [_amperes(current) for current in report.currents_ma] if report else [],
            "reason": self._reason(station.reason, station.reason_since_ms),
            "session": self._session(session) if session else None,
        }

    def _reason(self, reason: Reason | None, since_ms: int) -> dict[str, Any] | None:
        if reason is None:
            return None
        return {
            "code": reason.code,
            "circuit": reason.circuit or None,
            "phase": reason.phase or None,
            "since": self._iso(since_ms),
        }

    def _session(self, session: ChargeSession) -> dict[str, Any]:
        return {
            "began": self._iso(session.began_ts_ms),
            "energy_wh": None if session.energy_n is None else json_number(session.energy_n, -3),
            "charged_ah": json_number(session.charged_mah, -3),
            "charging_s": session.charging_ms // 1000,
            "pauses": session.pauses,
            "rfid": session.rfid or None,
        }

    def _decision(self, ts_ms: int, decision: Decision) -> dict[str, Any]:
        view = charging_view(self._bridge)
        since_ms = view.ts_ms_of(decision.since_ms) if view and decision.since_ms else 0
        return {
            "at": self._iso(ts_ms),
            "rule": decision.rule,
            "station": decision.station,
            "from_a": _amperes(decision.from_ma),
            "to_a": _amperes(decision.to_ma),
            "circuit": decision.circuit or None,
            "phase": decision.phase or None,
            "area": area_name(decision.colour),
            "since": self._iso(since_ms),
            "level_a": _amperes(decision.level_ma),
            "target_a": _amperes(decision.target_ma) if decision.target_ma else None,
            "among": list(decision.among),
        }

    def _iso(self, ts_ms: int) -> str | None:
        return iso_ms(ts_ms, self._bridge.zone) if ts_ms else None


def _amperes(current_ma: int | None) -> int | float | None:
    return None if current_ma is None else json_number(current_ma, -3)
