"""Green'Up: who charges with what and why others wait, orders for the present charge, sessions and statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

import bottle

from runtime.core.charging.decision import Decision
from runtime.core.clock.timegrid import first_day, local, month_of, month_start
from runtime.core.device.stationerror import errors_in
from runtime.core.site.installation import DeviceSpec
from runtime.core.view import DeviceView
from runtime.text.words.charging import AREAS, DECISIONS, STATION_STATES
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.charging import (
    SEE,
    StationState,
    charging_view,
    list_circuits,
    list_decisions,
    list_sessions,
    list_stations,
    state_month,
)
from webui.pages.frame.shell import Shell

SHOWN, SESSIONS = 20, 500
FIRST_MONTH = 2000 * 12


@dataclass(frozen=True, slots=True)
class StationCard:
    """A side of a station as its card shows it; ``since`` of its reason and ``began`` of its session in local time."""

    state: StationState
    device: DeviceSpec | None
    model: str
    shown: dict[str, Any]
    errors: tuple[str, ...]
    since: datetime | None
    began: datetime | None


class ChargingPages:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/charging", self.show)
        yield Route("GET", "/live/charging", self.live)
        yield Route("GET", "/charging/sessions", self.sessions)

    @needs(SEE)
    def show(self) -> str:
        return self._shell.page("charging.html", **self._values())

    @needs(SEE)
    def live(self) -> bottle.HTTPResponse:
        """What of it changes by itself."""
        return self._shell.part("charging.html", "live", **self._values())

    @needs(SEE)
    def sessions(self) -> str:
        bridge, zone = self._bridge, self._bridge.zone
        newest = month_of(bridge.clock.now_ts(), zone)
        month = min(max(_month("month", newest), FIRST_MONTH), newest)
        from_ms, to_ms = month_start(month, zone) * 1000, month_start(month + 1, zone) * 1000
        return self._shell.page(
            "chargesessions.html",
            sessions=tuple(islice(list_sessions(bridge, from_ms, to_ms), SESSIONS)),
            statement=state_month(bridge, from_ms, to_ms),
            month=_first(month),
            before=_first(month - 1) if month > FIRST_MONTH else None,
            after=_first(month + 1) if month < newest else None,
            span=(from_ms // 1000, to_ms // 1000),
            when=lambda ms: local(ms // 1000, zone),
        )

    # ---- inside

    def _values(self) -> dict[str, Any]:
        bridge = self._bridge
        group, priority = _number("group"), str(bottle.request.query.get("only", "")) == "priority"
        view = charging_view(bridge)
        stations = list_stations(bridge)
        names = {station.spec.id: station.name for station in stations}
        cards = [self._card(station) for station in stations]
        return {
            "circuits": [
                (
                    circuit,
                    [(phase, self._at(phase.since_ms)) for phase in circuit.phases],
                    self._at(circuit.limit_until_ms),
                )
                for circuit in list_circuits(bridge)
            ],
            "is_shared": view is not None,
            "cards": [card for card in cards if _fits(card, group, priority)],
            "has_stations": bool(stations),
            "decisions": [
                (self._at(ts_ms), names.get(each.station, ""), each, self._since(each))
                for ts_ms, each in list_decisions(bridge)[:SHOWN]
            ],
            "groups": [(each.id, each.name) for each in bridge.installation().groups],
            "group": group,
            "only_priority": priority,
            "query": _query(group, priority),
            "words": DECISIONS,
            "states_of_stations": STATION_STATES,
            "areas": AREAS,
        }

    def _at(self, ts_ms: int) -> datetime | None:
        return local(ts_ms // 1000, self._bridge.zone) if ts_ms else None

    def _since(self, decision: Decision) -> datetime | None:
        view = charging_view(self._bridge)
        return self._at(view.ts_ms_of(decision.since_ms)) if view and decision.since_ms else None

    def _card(self, station: StationState) -> StationCard:
        bridge, device = self._bridge, self._bridge.installation().device(station.spec.device)
        view = bridge.device(station.spec.device)
        shown = dict(zip(view.quantities, view.values_n, strict=True)) if view else {}
        session = station.view.session if station.view else None
        return StationCard(
            station,
            device,
            bridge.model_name(device) if device else "",
            shown,
            _errors_of(view, shown),
            self._at(station.reason_since_ms),
            self._at(session.began_ts_ms if session else 0),
        )


def _errors_of(view: DeviceView | None, shown: dict[str, Any]) -> tuple[str, ...]:
    """Codes of the errors of station and charge, of a device that answers."""
    if view is None or view.state != "on":
        return ()
    bits = [shown.get(quantity) for quantity in ("station_errors", "charge_errors")]
    return tuple(dict.fromkeys(code for each in bits if isinstance(each, int) for code in errors_in(each)))


def _fits(card: StationCard, group: int, priority: bool) -> bool:
    is_first = card.state.view.report.priority if card.state.view else card.state.spec.priority
    in_group = not group or (card.device is not None and group in card.device.groups)
    return in_group and (is_first or not priority)


def _query(group: int, priority: bool) -> str:
    parts = [f"group={group}" if group else "", "only=priority" if priority else ""]
    return "&".join(part for part in parts if part)


def _number(field: str) -> int:
    value = str(bottle.request.query.get(field, ""))
    return int(value) if value.isascii() and value.isdigit() and len(value) < 5 else 0


def _month(field: str, default: int) -> int:
    """YYYY-MM as year * 12 + month - 1; what is none is the default."""
    try:
        day = date.fromisoformat(f"{bottle.request.query.get(field, '')}-01")
    except ValueError:
        return default
    return day.year * 12 + day.month - 1


def _first(month: int) -> date:
    return date.fromordinal(first_day(month))
