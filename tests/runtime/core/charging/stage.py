"""A circuit with stations, moved on by hand: what others draw is given, vehicles draw what they may unless given."""

from __future__ import annotations

from dataclasses import replace

from runtime.core.charging.decision import RED_PROTECTED, WAITS
from runtime.core.charging.sharing import decide
from runtime.core.charging.spec import CircuitSpec
from runtime.core.charging.state import Inputs, MeterReading, OutsideLimit, ShareState, StationReport

A = 1000
CIRCUIT = CircuitSpec(1, "Building", meter=1, available_ma=250 * A, charging_ma=230 * A, on=True)


class Stage:
    """``run`` makes one control step and returns its decisions as (rule, station, from A, to A), without reasons."""

    def __init__(self, *more: CircuitSpec, **settings: object) -> None:
        amperes = {key.replace("_a", "_ma"): value * A for key, value in settings.items() if key.endswith("_a")}
        others = {key: value for key, value in settings.items() if not key.endswith("_a")}
        self.circuits = (replace(CIRCUIT, **amperes, **others), *more)
        self.state, self.now_ms = ShareState(), 1_000_000
        self.stations: dict[int, StationReport] = {}
        self.takes: dict[int, tuple[int, ...]] = {}  # most that a vehicle draws by phase, in A
        self.limits: dict[int, OutsideLimit] = {}
        self.decisions = ()
        self.others: dict[int, tuple[int, ...]] = {}
        self.lost_ms: dict[int, int] = {}  # when a meter fell silent

    def station(
        self, id: int, rated: int = 32, phases: tuple[int, ...] = (1,), circuit: int = 1, **more: object
    ) -> None:
        self.stations[id] = StationReport(
            id, circuit, phases, rated * A, fallback_ma=6 * A, watchdog_s=30, confirmed_ma=0, **more
        )

    def plug(self, id: int, *, ah: int = 0, takes: tuple[int, ...] | None = None, **more: object) -> None:
        """A vehicle is there from now on; each one a millisecond later than the one before."""
        self.now_ms += 1
        self.change(id, plugged=True, connected_ms=self.now_ms, charged_mah=ah * A, **more)
        if takes is not None:
            self.takes[id] = takes

    def change(self, id: int, **more: object) -> None:
        self.stations[id] = replace(self.stations[id], **more)

    def limit(self, id: int) -> int:
        """In A."""
        return next((charge.limit_ma for charge in self.state.charges if charge.station == id), 0) // A

    def waits(self, id: int) -> str:
        return next(charge.reason.code for charge in self.state.charges if charge.station == id)

    def run(self, others: int | tuple[int, ...] | None = None, after_s: int = 2, circuit: int = 1) -> list[tuple]:
        """others  drawn on each phase beside the stations of the circuit, as until now when it is left out"""
        if others is not None:
            self.others[circuit] = others if isinstance(others, tuple) else (others,) * 3
        self.now_ms += after_s * 1000
        self.stations = {id: self._seen(report) for id, report in self.stations.items()}
        inputs = Inputs(self.now_ms, self.circuits, tuple(self.stations.values()), self._readings(), self.limits)
        self.state, self.decisions = decide(inputs, self.state)
        return [
            (each.rule, each.station, each.from_ma // A, each.to_ma // A)
            for each in self.decisions
            if each.rule not in (*WAITS, RED_PROTECTED)
        ]

    def settle(self, steps: int = 30) -> None:
        """Let so many control steps pass."""
        for _ in range(steps):
            self.run()

    def level(self, phase: int = 1, circuit: int = 1) -> int:
        """Measured just now, in A."""
        return self._readings()[circuit].currents_ma[phase - 1] // A

    def _seen(self, report: StationReport) -> StationReport:
        limit_ma = self.limit(report.id) * A if report.plugged else 0
        takes = self.takes.get(report.id, (80,) * len(report.phases))
        drawn = tuple(min(limit_ma, most * A) for most in takes)
        return replace(report, currents_ma=drawn, confirmed_ma=limit_ma, heard_ms=self.now_ms if report.heard else 0)

    def _readings(self) -> dict[int, MeterReading]:
        return {circuit.id: self._reading(circuit.id) for circuit in self.circuits}

    def _reading(self, circuit: int) -> MeterReading:
        currents = [ampere * A for ampere in self.others.get(circuit, (0, 0, 0))]
        for report in self.stations.values():
            for index, phase in enumerate(report.phases):
                if circuit in self._feeders(report.circuit) and report.currents_ma:
                    currents[phase - 1] += report.currents_ma[index]
        return MeterReading(min(self.now_ms, self.lost_ms.get(circuit, self.now_ms)), tuple(currents))

    def _feeders(self, circuit: int) -> set[int]:
        spec = next((each for each in self.circuits if each.id == circuit), None)
        return {circuit} | self._feeders(spec.parent) if spec else set()
