"""One control step at work: charges as they become, the decisions so far, and what each line carries with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from runtime.core.charging.contact import feeders_of
from runtime.core.charging.decision import Decision
from runtime.core.charging.line import Line, lines_of
from runtime.core.charging.load import LineLoads, current_of, is_deaf, is_settled, load_of, loads_alike, worst_ma
from runtime.core.charging.spec import LEAST_MA, CircuitSpec
from runtime.core.charging.state import Charge, Inputs, LineKey, Reason, ShareState, StationReport
from runtime.core.charging.timing import HOUR_MS


class ControlStep:
    """The rules read it and command through it; it looks at nothing but the inputs and the state before.

    lines     by circuit and phase
    reports   of stations in circuits at work
    charges   by station; whoever changes one goes through ``remember`` or ``forget``, which keep the sums right
    """

    def __init__(self, inputs: Inputs, state: ShareState) -> None:
        self.inputs, self.now_ms = inputs, inputs.now_ms
        self.lines = lines_of(inputs, state.areas)
        self.circuits = {circuit.id: circuit for circuit in inputs.circuits if circuit.on}
        self.reports = {report.id: report for report in inputs.stations if report.circuit in self.circuits}
        self.charges = {charge.station: charge for charge in state.charges if charge.station in self.reports}
        self.decisions: list[Decision] = []
        self.reductions = state.reductions
        self._deaf = {id for id, charge in self.charges.items() if is_deaf(self.reports[id], charge, self.now_ms)}
        self._keys = {report.id: self._keys_of(report) for report in self.reports.values()}
        self._wired = {id: {key for keys in by_phase for key in keys} for id, by_phase in self._keys.items()}
        self._index: dict[int, dict[LineKey, int]] = {}  # own phase of a station by line that it loads
        self._loads = LineLoads(self.lines)
        for id in self.reports:
            self._sum_up(id)

    def remember(self, charge: Charge) -> None:
        """Instead of what was known of it."""
        before = self.charges.get(charge.station)
        self.charges[charge.station] = charge
        if before is None or not loads_alike(before, charge):
            self._sum_up(charge.station)

    def forget(self, station: int) -> Charge:
        """The charge is over."""
        charge = self.charges.pop(station)
        self._sum_up(station)
        return charge

    # ---- who is where

    def circuit_of(self, station: int) -> CircuitSpec:
        return self.circuits[self.reports[station].circuit]

    def lines_of(self, station: int) -> list[Line]:
        """Those that its vehicle loads: of the phases that it was seen to draw from, or of all."""
        return [self.lines[key] for key in self._index[station]]

    def keys_of(self, station: int) -> list[LineKey]:
        return list(self._index[station])

    def in_progress(self, line: Line | None = None) -> list[Charge]:
        """Charges with a limit, of stations that answer; those that load a line."""
        return [
            charge
            for charge in self.charges.values()
            if charge.limit_ma and self.reports[charge.station].heard and (line is None or self.is_on(charge, line))
        ]

    def rated_step_ma(self, station: int, step: int) -> int:
        """The limit at a step of the reductions, on the base of the rated current of the station."""
        circuit, rated_ma = self.circuit_of(station), self.reports[station].rated_ma
        percent = (100, circuit.first_step_pct, circuit.second_step_pct)[step]
        return max(LEAST_MA, rated_ma * percent // 100)

    def is_on(self, charge: Charge, line: Line) -> bool:
        """Its vehicle loads the line."""
        return line.key in self._index[charge.station]

    def is_deaf(self, charge: Charge) -> bool:
        """It had the time to show a lower limit before this step, and did not."""
        return charge.station in self._deaf

    def is_wired(self, station: int, line: Line) -> bool:
        """It could load the line, whatever its vehicle does."""
        return line.key in self._wired[station]

    def has_guarantee(self, charge: Charge) -> bool:
        """It received the minimum guaranteed charging quantity."""
        return self.reports[charge.station].charged_mah >= self.circuit_of(charge.station).guaranteed_mah

    # ---- what lines carry

    def expected_ma(self, line: Line) -> int:
        """What was measured and what may come by itself: of vehicles that may draw more, of silent stations."""
        return (line.level_ma or 0) + self._loads.rise_ma(line.key)

    def lowered_ma(self, line: Line) -> int:
        """What was measured without what is being lowered."""
        return (line.level_ma or 0) - self._loads.drop_ma(line.key)

    def least_ma(self, line: Line) -> int:
        """What it carries at least once all that was lowered follows, even if nothing of it shows at the meter yet."""
        return (line.level_ma or 0) - self._loads.relief_ma(line.key)

    def is_settled(self, charge: Charge) -> bool:
        """Its last reduction shows at the meter."""
        return is_settled(charge, self.now_ms)

    def is_quiet(self, line: Line) -> bool:
        """No reduction of a charge on it is on its way."""
        return self._loads.is_settled(line.key)

    def drawn_on_ma(self, charge: Charge, line: Line) -> int:
        """Measured on a line; its limit where nothing is measured."""
        index = self._index[charge.station].get(line.key)
        drawn_ma = None if index is None else current_of(self.reports[charge.station], index)
        return 0 if index is None else charge.limit_ma if drawn_ma is None else drawn_ma

    def most_drawn_ma(self, station: int) -> int | None:
        """On the phase that it draws most from; None = not measured."""
        known = [current for current in self.reports[station].currents_ma if current is not None]
        return max(known) if known else None

    def worst_ma(self, station: int) -> int:
        """What a silent station may come to draw."""
        return worst_ma(self.reports[station], self.charges.get(station), self.now_ms)

    # ---- what rules command

    def command(
        self,
        station: int,
        limit_ma: int,
        rule: str,
        line: Line | None = None,
        among: Iterable[Charge] = (),
        step: int = 0,
    ) -> None:
        """Another limit; the decision is kept."""
        before = self.charges[station]
        target_ma = 0 if line is None else line.thresholds.available_ma
        self._keep(rule, before, limit_ma, line, target_ma, [charge.station for charge in among])
        self.remember(replace(self._moved(before, limit_ma), step=step, reason=Reason("")))

    def end(self, station: int, rule: str) -> None:
        """The vehicle left."""
        self._keep(rule, self.forget(station), 0, None, 0, [])

    def explain(self, station: int, code: str, line: Line | None = None) -> None:
        """Why it stays as it is; kept when it is another reason than before."""
        before = self.charges[station]
        circuit, phase = (0, 0) if line is None else line.key
        if (before.reason.code, before.reason.circuit, before.reason.phase) == (code, circuit, phase):
            return
        if code:
            self._keep(code, before, before.limit_ma, line, 0 if line is None else line.thresholds.charging_ma, [])
        self.remember(replace(before, reason=Reason(code, circuit, phase, self.now_ms)))

    def start(self, station: int, number: int, rule: str, line: Line, among: Iterable[Charge]) -> None:
        """Begin a charge at a step of the reductions, 0 = at its rated current."""
        self.command(station, self.rated_step_ma(station, number), rule, line, among, number)
        self.count_reduction(station)

    def reduce(self, station: int, step: int, rule: str, line: Line, among: Iterable[Charge]) -> None:
        """To a step of the reductions; who was reduced first is remembered."""
        self.command(station, self.rated_step_ma(station, step), rule, line, among, step)
        self.count_reduction(station)

    def count_reduction(self, station: int) -> None:
        charge = self.charges[station]
        if charge.step and not charge.reduced_no:
            self.reductions += 1
            self.remember(replace(charge, reduced_no=self.reductions))

    # ---- inside

    def _keep(
        self, rule: str, charge: Charge, limit_ma: int, line: Line | None, target_ma: int, among: Sequence[int]
    ) -> None:
        circuit, phase = (0, 0) if line is None else line.key
        colour, since_ms, level_ma = (
            (-1, 0, None) if line is None else (line.area.colour, line.area.since_ms, line.level_ma)
        )
        self.decisions.append(
            Decision(
                self.now_ms, rule, charge.station, charge.limit_ma, limit_ma,
                circuit, phase, colour, since_ms, level_ma, target_ma, tuple(among),
            )
        )  # fmt: skip

    def _moved(self, charge: Charge, limit_ma: int) -> Charge:
        now_ms = self.now_ms
        if limit_ma < charge.limit_ma:
            before_ma = self.reports[charge.station].currents_ma
            charge = replace(charge, limit_ma=limit_ma, lowered_ms=now_ms, before_ma=before_ma)
        if limit_ma == 0:
            return replace(charge, stopped_ms=now_ms, waits_ms=now_ms, reduced_no=0, is_new=False)
        if charge.limit_ma == 0:
            recent = tuple(ms for ms in charge.starts_ms if now_ms - ms < HOUR_MS)
            return replace(charge, limit_ma=limit_ma, raised_ms=now_ms, starts_ms=(*recent, now_ms), is_new=False)
        return charge if limit_ma == charge.limit_ma else replace(charge, limit_ma=limit_ma, raised_ms=now_ms)

    def _keys_of(self, report: StationReport) -> list[list[LineKey]]:
        """Lines by the station's own phase, of its circuit and all that feed it."""
        fed_by = feeders_of(self.circuits.get(report.circuit), self.circuits)
        return [[(id, phase) for id in fed_by] for phase in report.phases]

    def _sum_up(self, station: int) -> None:
        """Which lines its vehicle loads, and with what."""
        report, charge = self.reports[station], self.charges.get(station)
        uses = charge.uses if charge is not None else ()
        deaf = station in self._deaf
        index_of: dict[LineKey, int] = {}
        parts = []
        for index, keys in enumerate(self._keys[station]):
            if not uses or uses[index]:
                load = load_of(report, charge, index, self.now_ms, deaf=deaf)
                for key in keys:
                    index_of[key] = index
                    parts.append((key, load))
        self._index[station] = index_of
        self._loads.put(station, parts)
