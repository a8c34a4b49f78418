"""Which stations may be contacted by a server that begins: those that overload nothing just now."""

from __future__ import annotations

from collections.abc import Iterable

from runtime.core.charging.line import lines_of
from runtime.core.charging.spec import CircuitSpec
from runtime.core.charging.state import Inputs, LineKey, StationReport


def calm_stations(inputs: Inputs) -> frozenset[int]:
    """Those of whose lines all are measured and none is above what is available, whatever the hysteresis says."""
    lines = lines_of(inputs, {})
    circuits = {circuit.id: circuit for circuit in inputs.circuits if circuit.on}
    calm = {key for key, line in lines.items() if line.level_ma is not None and not line.is_red}
    return frozenset(each.id for each in inputs.stations if calm.issuperset(_wired_keys(each, circuits)))


def feeders_of(circuit: CircuitSpec | None, circuits: dict[int, CircuitSpec]) -> list[int]:
    """Itself and all at work that feed it, each once."""
    fed_by: list[int] = []
    while circuit is not None and circuit.id not in fed_by:
        fed_by.append(circuit.id)
        circuit = circuits.get(circuit.parent)
    return fed_by


def _wired_keys(report: StationReport, circuits: dict[int, CircuitSpec]) -> Iterable[LineKey]:
    fed_by = feeders_of(circuits.get(report.circuit), circuits)
    return [(id, phase) for id in fed_by for phase in report.phases]
