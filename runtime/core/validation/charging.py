"""What must hold for charging by what models can do: meters measure currents, stations obey a limit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from runtime.core.charging.resource import CIRCUIT, STATION, stations_under
from runtime.core.charging.spec import WIRINGS, CircuitSpec, StationSpec
from runtime.core.resource.resource import Report
from runtime.core.site.installation import DeviceSpec, Installation

LIMIT, WATCHDOG, RATED = "limit", "watchdog", "rated_current_a"

Wrong = tuple[str, str, str]  # key, code, message


@dataclass(frozen=True, slots=True)
class Ability:
    """What a model measures, and which commands it takes."""

    measured: Collection[str]
    commands: Collection[str]


Abilities = Mapping[str, Ability]


def check_charging(whole: Installation, abilities: Abilities, report: Report) -> None:
    """A device without a model is shown as such and asked for nothing here."""
    for circuit in whole.of(CIRCUIT):
        meter = whole.device(circuit.meter)
        if meter is not None and meter.model in abilities and not _measures(circuit, meter, whole, abilities):
            message = f"{meter.name!r} does not measure the currents of all phases that are used"
            report("charging_circuit", circuit.id, "meter", "meter_without_currents", message)
    for station in whole.of(STATION):
        device = whole.device(station.device)
        if device is not None and device.model in abilities:
            for key, code, message in _wrong_station(station, device, abilities[device.model]):
                report("charging_station", station.id, key, code, message)


def _measures(circuit: CircuitSpec, meter: DeviceSpec, whole: Installation, abilities: Abilities) -> bool:
    stations = [station for station in stations_under(whole, circuit) if station.wiring in WIRINGS]
    used = {phase for station in stations for phase in station.phases} or {1}
    return {f"current_l{phase}_a" for phase in used} <= set(abilities[meter.model].measured)


def _wrong_station(station: StationSpec, device: DeviceSpec, ability: Ability) -> Iterator[Wrong]:
    if LIMIT not in ability.commands:
        yield "device", "not_a_station", f"{device.name!r} takes no current limit"
        return
    if station.watchdog_s and WATCHDOG not in ability.commands:
        yield "watchdog_s", "station_without_watchdog", f"{device.name!r} has no watchdog that could be set"
    if not station.rated_ma and (RATED not in ability.measured or not station.watchdog_s):
        yield "rated_ma", "rated_unknown", f"{device.name!r} does not report its rated current in time"
    if station.wiring in WIRINGS and len(station.phases) == 3 and "current_l2_a" not in ability.measured:
        yield "wiring", "station_phases", f"{device.name!r} has one phase"
