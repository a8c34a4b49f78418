"""The rules of the manual's section 7.16.5.1: areas, steps of reduction, who is stopped, who recovers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from runtime.core.charging.controlstep import ControlStep
from runtime.core.charging.decision import (
    RAISE_REDUCED,
    RED_PROTECTED,
    REDUCE_RED,
    REDUCE_WAITING,
    STOP_HARD,
    STOP_RED,
)
from runtime.core.charging.line import Line
from runtime.core.charging.rule.waiting import candidates, is_welcome
from runtime.core.charging.spec import STEPS
from runtime.core.charging.state import Charge, LineKey

SECOND = 2


def relieve_red(step: ControlStep) -> None:
    """Red area: reduce by the steps; once all are at the second step and it remains red, stop."""
    for line in [line for line in step.lines.values() if line.is_red and line.circuit.allocation == STEPS]:
        reduce_until(step, line, line.thresholds.yellow_ma, REDUCE_RED)
        if step.lowered_ma(line) > line.thresholds.yellow_ma and _all_reduced(step, line) and remains(step, line):
            stop_until(step, line, line.thresholds.yellow_ma)


def relieve_yellow(step: ControlStep) -> None:
    """Yellow area with a charge that waits for this line: reduce those in progress until the line is green."""
    crowded = [line for line in step.lines.values() if line.is_yellow]
    wanted = {key for charge in candidates(step) for key in step.keys_of(charge.station)} if crowded else set()
    for line in crowded:
        if line.key in wanted:
            reduce_until(step, line, line.thresholds.green_ma, REDUCE_WAITING)


def make_room(step: ControlStep) -> None:
    """Green area with a charge that waits for power: reduce those in progress until its second step fits.

    A new request is authorised without, unless the limit is a hard one.
    """
    for charge in candidates(step):
        if step.circuit_of(charge.station).allocation != STEPS or is_welcome(step, charge):
            continue
        for line in [line for line in step.lines_of(charge.station) if line.is_green]:
            target_ma = line.thresholds.available_ma - step.rated_step_ma(charge.station, SECOND)
            if step.expected_ma(line) > target_ma:
                reduce_until(step, line, target_ma, REDUCE_WAITING)
        return


def recover(step: ControlStep, waited_for: Iterable[LineKey]) -> None:
    """Raise what was reduced, the first one first, by one step; none that would lead into the red area.

    waited_for  lines that charges wait for: nobody is raised there
    """
    full = set(waited_for)
    order = sorted(_reduced(step), key=lambda charge: charge.reduced_no)
    for number, charge in enumerate(order):
        lines = step.lines_of(charge.station)
        limit_ma = step.rated_step_ma(charge.station, charge.step - 1)
        crowded = [line for line in lines if not _fits(step, line, limit_ma - charge.limit_ma)]
        if crowded or any(line.key in full for line in lines):
            full |= {line.key for line in crowded}
            continue
        line = min(lines, key=lambda line: line.thresholds.available_ma - step.expected_ma(line))
        step.command(charge.station, limit_ma, RAISE_REDUCED, line, order[number:], charge.step - 1)
        forget_reduction(step, charge.station)


def stop_order(step: ControlStep, line: Line, *, guaranteed: bool) -> list[Charge]:
    """Charges on a line that had their guaranteed quantity, or had not: non-priority first, then connected longest."""
    return sorted(
        (charge for charge in step.in_progress(line) if step.has_guarantee(charge) == guaranteed),
        key=lambda charge: (step.reports[charge.station].priority, charge.connected_ms, charge.station),
    )


def remains(step: ControlStep, line: Line) -> bool:
    """Red although all reductions had their time; where the limit is a hard one, also when they cannot suffice."""
    if line.circuit.hard_limit and step.least_ma(line) > line.thresholds.yellow_ma:
        return True
    return step.is_quiet(line)


def forget_reduction(step: ControlStep, station: int) -> None:
    """A charge that is back at its rated current is not reduced any more."""
    charge = step.charges[station]
    if charge.step == 0:
        step.remember(replace(charge, reduced_no=0))


def stop_until(step: ControlStep, line: Line, target_ma: int) -> None:
    """Stop one after the other until a line is expected to carry no more; what is protected stays and is reported."""
    for rule, guaranteed in ((STOP_RED, True), (STOP_HARD, False)):
        order = stop_order(step, line, guaranteed=guaranteed)
        for charge in order:
            if step.lowered_ma(line) <= target_ma:
                return
            if guaranteed or step.circuit_of(charge.station).hard_limit:
                step.command(charge.station, 0, rule, line, order)
            else:
                step.explain(charge.station, RED_PROTECTED, line)


def reduce_until(step: ControlStep, line: Line, target_ma: int, rule: str) -> None:
    """All to the first step before any goes to the second: non-priority first, then who is connected longest."""
    for number in (1, SECOND):
        order = [charge for charge in _reduction_order(step, line) if charge.step < number]
        for charge in order:
            if step.lowered_ma(line) <= target_ma:
                return
            if step.rated_step_ma(charge.station, number) < charge.limit_ma:
                step.reduce(charge.station, number, rule, line, order)


def _reduction_order(step: ControlStep, line: Line) -> list[Charge]:
    return sorted(
        (charge for charge in step.in_progress(line) if step.circuit_of(charge.station).allocation == STEPS),
        key=lambda charge: (step.reports[charge.station].priority, charge.connected_ms, charge.station),
    )


def _all_reduced(step: ControlStep, line: Line) -> bool:
    """All at the second step, or stopped."""
    return all(
        charge.limit_ma <= step.rated_step_ma(charge.station, SECOND)
        for charge in step.charges.values()
        if step.is_on(charge, line) and step.reports[charge.station].heard
    )


def _reduced(step: ControlStep) -> list[Charge]:
    return [
        charge for charge in step.in_progress() if charge.step and step.circuit_of(charge.station).allocation == STEPS
    ]


def _fits(step: ControlStep, line: Line, more_ma: int) -> bool:
    return line.level_ma is not None and step.expected_ma(line) + more_ma <= line.thresholds.yellow_ma
