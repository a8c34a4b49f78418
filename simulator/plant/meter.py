"""What a meter on one or several branches measures: every quantity of the catalogue that electricity has.

Powers, currents and energies follow from the flows of the branches, so a meter over others shows their exact sum.
Apparent power and energy add up by branch and phase; so S = U * I and P = U * I * PF hold on each phase.
Reactive power is always inductive and imported.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from operator import add

from simulator.plant.energies import ENERGIES, KINDS, PHASES, Counted
from simulator.plant.grid import Grid
from simulator.plant.plant import HOUR_MS, Branch

DEMAND_MS = 600_000
DEMANDS = {
    "active_power_demand_w": "active_energy_sum_wh",
    "reactive_power_demand_var": "reactive_energy_sum_varh",
    "apparent_power_demand_va": "apparent_energy_vah",
}
Phased = list[int]


@dataclass(frozen=True, slots=True)
class Nature:
    """What a branch draws beside active power, permille of it; the THD of its current in 0.01 %."""

    branch: Branch
    tan: int
    sec: int
    thd: int


class Meter:
    """Branches that flow one way: all draw or all produce (a scenario refuses a mixture).

    wanted  the ids of the energies that are read at all
    """

    def __init__(self, branches: Sequence[Branch], grid: Grid, wanted: Collection[str] = ENERGIES) -> None:
        self.branches = tuple(branches)
        self.produces = branches[0].produces
        self._sign = -1 if self.produces else 1
        self._grid = grid
        self._wanted = [(id, ENERGIES[id]) for id in wanted if id in ENERGIES]
        self._natures = [
            Nature(
                branch,
                branch.profile.tan_phi,
                math.isqrt(1_000_000 + branch.profile.tan_phi**2),
                round(branch.profile.thd_pct * 100),
            )
            for branch in branches
        ]

    def energies(self, at_ms: int) -> dict[str, int]:
        """The wanted energies since the origin, counts of 0.001 Wh, varh, VAh."""
        by_kind = self._by_kind(at_ms)
        return {id: self._pick(by_kind[counted.kind], counted) for id, counted in self._wanted}

    def energies_by_hour(self, from_hour: int, to_hour: int) -> dict[str, list[int]]:
        """What ``energies`` says at each full UTC hour since 1970 in [from_hour, to_hour], much faster."""
        kinds = {counted.kind for _, counted in self._wanted}
        zero = [0] * (to_hour - from_hour + 1)
        by_kind = {kind: [zero, zero, zero] for kind in kinds}
        for nature in self._natures:
            whole = nature.branch.energy_by_hour(from_hour, to_hour)
            for phase, share in enumerate(nature.branch.spec.shares):
                active = [energy * share // 1000 for energy in whole] if share else zero
                for kind in kinds:
                    factor = {"active": 1000, "reactive": nature.tan, "apparent": nature.sec}[kind]
                    part = active if factor == 1000 else [energy * factor // 1000 for energy in active]
                    by_kind[kind][phase] = list(map(add, by_kind[kind][phase], part))
        sums = {kind: [sum(phases) for phases in zip(*by_kind[kind], strict=True)] for kind in kinds}
        series = {}
        for id, counted in self._wanted:
            whole = sums[counted.kind] if counted.phase is None else by_kind[counted.kind][counted.phase]
            series[id] = whole if self._flows(counted) else zero
        return series

    def gauges(self, at_ms: int) -> dict[str, int]:
        """Every power, current, voltage and the like, counts of each quantity's step."""
        network = self._grid.at(at_ms)
        active, reactive, apparent, distorted = [0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]  # mW, mvar, mVA
        for nature in self._natures:
            for phase, power in enumerate(nature.branch.at(at_ms).power):
                active[phase] += power * self._sign
                reactive[phase] += power * nature.tan // 1000
                apparent[phase] += power * nature.sec // 1000
                distorted[phase] += power * nature.thd
        milliamperes = [va * 100 // volts for va, volts in zip(apparent, network.volts, strict=True)]
        gauges = dict(_powers(active, reactive, apparent))
        gauges.update(_currents(milliamperes))
        gauges.update(_voltages(network.volts, network.lines))
        gauges.update(_distortion("voltage", network.thd))
        gauges.update(_distortion("current", [thd // (abs(p) or 1) for thd, p in zip(distorted, active, strict=True)]))
        gauges["frequency_hz"] = network.frequency
        return gauges

    def basics(self, at_ms: int) -> dict[str, int]:
        """Active power, currents and voltages as in ``gauges``, at a fraction of its cost."""
        volts = self._grid.at(at_ms).volts
        active, apparent = [0, 0, 0], [0, 0, 0]
        for nature in self._natures:
            for phase, power in enumerate(nature.branch.at(at_ms).power):
                active[phase] += power * self._sign
                apparent[phase] += power * nature.sec // 1000
        one, two, three = ((value + 50) // 100 for value in active)
        basics = {"active_power_w": one + two + three}
        basics["active_power_l1_w"], basics["active_power_l2_w"], basics["active_power_l3_w"] = one, two, three
        for name, va, voltage in zip(PHASES, apparent, volts, strict=True):
            basics[f"current_{name}_a"] = va * 100 // voltage
            basics[f"voltage_{name}_v"] = voltage
        return basics

    def demands(self, at_ms: int) -> dict[str, int]:
        """Averages of the ten minutes before; what the branches are rated for stands for the highest ever."""
        now, before = self._by_kind(at_ms), self._by_kind(max(at_ms - DEMAND_MS, self.branches[0].origin_ms))
        highest = sum(branch.spec.rated_w for branch in self.branches) * 10
        values = {}
        for id, energy in DEMANDS.items():
            kind = ENERGIES[energy].kind
            used = sum(now[kind]) - sum(before[kind])
            sign = self._sign if kind == "active" else 1
            values[id] = sign * used * (HOUR_MS // DEMAND_MS) // 100
            values[id.replace("demand", "demand_max")] = highest
        return values

    def _by_kind(self, at_ms: int) -> dict[str, Phased]:
        by_kind = {kind: [0, 0, 0] for kind in KINDS}
        active, reactive, apparent = by_kind.values()
        for nature in self._natures:
            for phase, energy in enumerate(nature.branch.at(at_ms).energy):
                active[phase] += energy
                reactive[phase] += energy * nature.tan // 1000
                apparent[phase] += energy * nature.sec // 1000
        return by_kind

    def _pick(self, phases: Phased, counted: Counted) -> int:
        """One energy out of the three phases of its kind: 0 where it flows the other way."""
        if not self._flows(counted):
            return 0
        return sum(phases) if counted.phase is None else phases[counted.phase]

    def _flows(self, counted: Counted) -> bool:
        way = "export" if self.produces and counted.kind != "reactive" else "import"
        return counted.way in (way, "sum")


def _powers(active: Phased, reactive: Phased, apparent: Phased) -> Iterator[tuple[str, int]]:
    """From mW, mvar, mVA to 0.1 W, var, VA; the whole is the sum of the phases as shown."""
    for stem, unit, milli in (("active", "w", active), ("reactive", "var", reactive), ("apparent", "va", apparent)):
        shown = [(value + 50) // 100 for value in milli]
        yield f"{stem}_power_{unit}", sum(shown)
        for phase, value in zip(PHASES, shown, strict=True):
            yield f"{stem}_power_{phase}_{unit}", value
    endings = ("", *(f"_{phase}" for phase in PHASES))
    for ending, power, whole in zip(endings, (sum(active), *active), (sum(apparent), *apparent), strict=True):
        factor = round(1000 * power / whole) if whole else 1000
        yield f"power_factor{ending}", factor
        yield f"power_factor_sector{ending}", 0 if abs(factor) == 1000 else 1
        yield f"phase_angle{ending}_deg", round(100 * math.degrees(math.acos(max(-1, min(1, factor / 1000)))))


def _currents(milliamperes: Phased) -> Iterator[tuple[str, int]]:
    one, two, three = milliamperes
    square = one * one + two * two + three * three - one * two - two * three - three * one
    mean = sum(milliamperes) // 3
    others = {"n": math.isqrt(square), "mean": mean, "sum": sum(milliamperes)}
    for part, value in (*zip(PHASES, milliamperes, strict=True), *others.items()):
        yield f"current_{part}_a", value
        yield f"current_demand_{part}_a", value
    worst = max(abs(value - mean) for value in milliamperes)
    yield "current_unbalance_pct", 10_000 * worst // mean if mean else 0


def _voltages(volts: Sequence[int], lines: Sequence[int]) -> Iterator[tuple[str, int]]:
    for phase, value in zip(PHASES, volts, strict=True):
        yield f"voltage_{phase}_v", value
        yield f"voltage_min_{phase}_v", 22_700
        yield f"voltage_max_{phase}_v", 23_500
    for pair, value in zip(("l12", "l23", "l31"), lines, strict=True):
        yield f"voltage_{pair}_v", value
    mean = sum(volts) // 3
    yield "voltage_mean_v", mean
    yield "voltage_line_mean_v", sum(lines) // 3
    yield "voltage_unbalance_pct", 10_000 * max(abs(value - mean) for value in volts) // mean


def _distortion(what: str, pct: Sequence[int]) -> Iterator[tuple[str, int]]:
    for part, value in zip((*PHASES, "mean"), (*pct, sum(pct) // 3), strict=True):
        yield f"thd_{what}_{part}_pct", value
