"""Charging circuits and charging stations as resources, and the settings that cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from runtime.core.charging.safety import objections
from runtime.core.charging.spec import FILL, STEPS, WIRINGS, CircuitSpec, StationSpec
from runtime.core.resource.key import MISSING, Key, id_key, name_key, one_of, reference_key, within
from runtime.core.resource.reference import Reference, Refusal
from runtime.core.resource.resource import Report, Resource, Tree

SEE = ("green_up", "system_configuration")
MOST_MA, LEAST_LIMIT_MA = 6_300_000, 6_000
STEADY = ("allocation", "hard_limit")  # the same in a circuit and in what feeds it
_HELD = Refusal("in_use", "{count} charging circuits or stations refer to it", "change or erase them first")


def stations_under(tree: Tree, circuit: CircuitSpec) -> tuple[StationSpec, ...]:
    """All that it feeds, directly or through others."""
    fed = {each.id for each in tree.of(CIRCUIT) if circuit.id in _feeders(tree, each)}
    return tuple(station for station in tree.of(STATION) if station.circuit in fed)


def _feeders(tree: Tree, circuit: CircuitSpec) -> list[int]:
    """Itself and what feeds it, each once: a loop ends where it began."""
    by_id, line = {each.id: each for each in tree.of(CIRCUIT)}, list[int]()
    next_one: CircuitSpec | None = circuit
    while next_one is not None and next_one.id not in line:
        line.append(next_one.id)
        next_one = by_id.get(next_one.parent)
    return line


def _check_circuits(tree: Tree, report: Report) -> None:
    circuits = {circuit.id: circuit for circuit in tree.of(CIRCUIT)}
    for circuit in circuits.values():
        for key, code, message in (*_wrong_currents(circuit), *_wrong_feed(circuit, circuits)):
            report("charging_circuit", circuit.id, key, code, message)
        if circuit.on:
            for objection in objections(circuit, _known_stations(tree, circuit), {}):
                if not objection.station:
                    report("charging_circuit", circuit.id, objection.key, objection.code, objection.message)


def _known_stations(tree: Tree, circuit: CircuitSpec) -> Sequence[StationSpec]:
    return [station for station in stations_under(tree, circuit) if station.wiring in WIRINGS]


def _wrong_currents(circuit: CircuitSpec) -> Iterable[tuple[str, str, str]]:
    if circuit.charging_ma > circuit.available_ma:
        charging_a, available_a = circuit.charging_ma / 1000, circuit.available_ma / 1000
        message = f"{charging_a:g} A for charging are more than the {available_a:g} A available"
        yield "charging_ma", "charging_above_available", message
    if circuit.second_step_pct > circuit.first_step_pct:
        message = f"the second step, {circuit.second_step_pct} %, is above the first, {circuit.first_step_pct} %"
        yield "second_step_pct", "steps_reversed", message
    if circuit.others_ma >= circuit.available_ma:
        yield "others_ma", "charging_without_room", "the other loads alone need all that is available"


def _wrong_feed(circuit: CircuitSpec, circuits: dict[int, CircuitSpec]) -> Iterable[tuple[str, str, str]]:
    seen, feeder = {circuit.id}, circuits.get(circuit.parent)
    while feeder is not None and feeder.id not in seen:
        seen.add(feeder.id)
        feeder = circuits.get(feeder.parent)
    if feeder is not None:
        yield "parent", "circuit_loop", "it feeds itself"
        return
    parent = circuits.get(circuit.parent)
    for key in STEADY if parent is not None else ():
        if getattr(parent, key) != getattr(circuit, key):
            yield key, "circuit_differs", f"{key} is not as in the circuit that feeds it"


def _check_stations(tree: Tree, report: Report) -> None:
    first: dict[int, int] = {}
    circuits = {circuit.id: circuit for circuit in tree.of(CIRCUIT)}
    for station in tree.of(STATION):
        if first.setdefault(station.device, station.id) != station.id:
            message = f"device {station.device} is charging station {first[station.device]} already"
            report("charging_station", station.id, "device", "station_doubled", message)
        circuit = circuits.get(station.circuit)
        if circuit is not None and circuit.on and station.wiring in WIRINGS:
            for objection in objections(circuit, [station], {station.id: station.rated_ma or 1}):
                if objection.station:
                    report("charging_station", station.id, objection.key, objection.code, objection.message)


def _current_key(least_ma: int, default: object = MISSING) -> Key:
    return Key((int,), default, within(least_ma, MOST_MA))


CIRCUIT = Resource(
    "charging_circuit",
    "charging_circuits",
    CircuitSpec,
    {
        "id": id_key(),
        "name": name_key(),
        "meter": reference_key(MISSING),
        "available_ma": _current_key(LEAST_LIMIT_MA),
        "charging_ma": _current_key(LEAST_LIMIT_MA),
        "on": Key((bool,), False),
        "hysteresis_pct": Key((int,), 0, within(0, 50)),
        "first_step_pct": Key((int,), 75, within(10, 100)),
        "second_step_pct": Key((int,), 50, within(10, 100)),
        "guaranteed_mah": Key((int,), 32_000, within(0, 1_000_000)),
        "hard_limit": Key((bool,), False),
        "parent": reference_key(),
        "allocation": Key((str,), STEPS, one_of(STEPS, FILL)),
        "others_ma": _current_key(0, 0),
        "pause_s": Key((int,), 600, within(0, 86_400)),
        "turn_s": Key((int,), 0, within(0, 86_400)),
        "lost_s": Key((int,), 600, within(10, 86_400)),
    },
    references=(
        Reference("meter", "device", held=_HELD),
        Reference("parent", "charging_circuit", held=_HELD),
    ),
    see=SEE,
    unknown="circuit_unknown",
    check=_check_circuits,
)
STATION = Resource(
    "charging_station",
    "charging_stations",
    StationSpec,
    {
        "id": id_key(),
        "device": reference_key(MISSING),
        "circuit": reference_key(MISSING),
        "wiring": Key((str,), problem=one_of(*WIRINGS)),
        "priority": Key((bool,), False),
        "rated_ma": _current_key(0, 0),
        "fallback_ma": _current_key(0, LEAST_LIMIT_MA),
        "watchdog_s": Key((int,), 30, within(0, 3_600)),
    },
    references=(
        Reference("device", "device", held=_HELD),
        Reference("circuit", "charging_circuit", held=_HELD),
    ),
    see=SEE,
    unique=("id", "device"),
    check=_check_stations,
)
