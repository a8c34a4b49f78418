"""One side of a station as its actor shows it."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.core.charging.state import StationReport
from runtime.core.charging.station.session import ChargeSession
from runtime.viewboard import ViewKeys


@dataclass(frozen=True, slots=True)
class StationView:
    """Published as ``station.ID`` each second.

    report     as the rules take it; its times are monotonic ms
    state      "available", "waiting", "charging", "suspended" (by the vehicle), "communication_error"
    wanted_ma  the set-point that it was given last; None = none yet
    session    of the vehicle that is there
    """

    report: StationReport
    state: str
    wanted_ma: int | None = None
    session: ChargeSession | None = None


STATION_VIEWS = ViewKeys[StationView]("station")
