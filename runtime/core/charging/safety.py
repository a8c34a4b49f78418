"""The safety argument in figures: how long a limit may be exceeded, whether the safe currents fit the circuit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from runtime.core.charging.spec import CircuitSpec, StationSpec
from runtime.core.charging.timing import CAR_MS, PERIOD_MS, SAFE_MS

LONGEST_S = 60
LEAST_WATCHDOG_S = 10
MARGIN_MS = 1_000  # of a write and its reading back


@dataclass(frozen=True, slots=True)
class Objection:
    """Why the control logic is not switched on: of a circuit, or of a station in it."""

    code: str
    key: str
    message: str
    station: int = 0


def longest_excess_s(stations: Iterable[StationSpec]) -> int:
    """T: watchdog + age of the meter's values + control period + what a vehicle and a write take, in s.

    The age is the one at which a silent meter brings the safe current: until then its last values are believed.
    """
    watchdog_s = max([LEAST_WATCHDOG_S, *(station.watchdog_s for station in stations)])
    return watchdog_s + -(-(SAFE_MS + PERIOD_MS + CAR_MS + MARGIN_MS) // 1000)


def objections(circuit: CircuitSpec, stations: Sequence[StationSpec], rated_ma: Mapping[int, int]) -> list[Objection]:
    """What must hold before a circuit is switched on.

    stations  all that it feeds, directly or through others
    rated_ma  by station, where it is known
    """
    objected = [*_of_watchdogs(stations), *_of_steps(circuit, stations, rated_ma)]
    if (excess_s := longest_excess_s(stations)) > LONGEST_S:
        message = f"the limit could be exceeded for {excess_s} s, {LONGEST_S} s at most"
        objected.append(Objection("excess_too_long", "on", message))
    for phase in (1, 2, 3):
        reserved_ma = circuit.others_ma + sum(
            _reserved_ma(station, rated_ma) for station in stations if phase in station.phases
        )
        if reserved_ma > circuit.available_ma:
            message = f"safe currents and other loads come to {reserved_ma / 1000:g} A on phase {phase}"
            objected.append(Objection("safe_currents_too_high", "available_ma", message))
            break
    return objected


def _reserved_ma(station: StationSpec, rated_ma: Mapping[int, int]) -> int:
    """What it may draw while nobody is heard: its safe current, or all it can where it has no watchdog."""
    return station.fallback_ma if station.watchdog_s else station.rated_ma or rated_ma.get(station.id, 0)


def _of_watchdogs(stations: Sequence[StationSpec]) -> Iterable[Objection]:
    for station in stations:
        if 0 < station.watchdog_s < LEAST_WATCHDOG_S:
            message = f"a watchdog of {station.watchdog_s} s is too short to be fed, {LEAST_WATCHDOG_S} s at least"
            yield Objection("watchdog_too_short", "watchdog_s", message, station.id)


def _of_steps(
    circuit: CircuitSpec, stations: Sequence[StationSpec], rated_ma: Mapping[int, int]
) -> Iterable[Objection]:  # fmt: skip
    for station in stations:
        known_ma = station.rated_ma or rated_ma.get(station.id, 0)
        if not known_ma:
            yield Objection("rated_unknown", "rated_ma", "its rated current is not known", station.id)
        elif known_ma > circuit.available_ma:
            message = f"its {known_ma / 1000:g} A are more than the circuit has"
            yield Objection("rated_too_high", "rated_ma", message, station.id)
