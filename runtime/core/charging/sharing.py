"""One control step: who begins, waits, is reduced, stopped or raised (manual, section 7.16.5.1), per phase."""

from __future__ import annotations

from dataclasses import replace

from runtime.core.charging.controlstep import ControlStep
from runtime.core.charging.decision import CHARGE_OVER, RED_PROTECTED, STOP_ORDERED, Decision
from runtime.core.charging.learning import DRAWS_MA, learn_phases
from runtime.core.charging.rule import fill, ladder, steps, waiting
from runtime.core.charging.spec import LEAST_MA
from runtime.core.charging.state import Charge, Inputs, Reason, ShareState, StationReport


def decide(inputs: Inputs, state: ShareState) -> tuple[ShareState, tuple[Decision, ...]]:
    """The state after one control step and its decisions: the same inputs and state, the same outputs.

    ``charges`` of the state have the limits that hold from now on. Stations of circuits that are off are left alone.
    """
    step = ControlStep(inputs, state)
    _follow_vehicles(step, state)
    ladder.descend(step)
    steps.relieve_red(step)
    steps.relieve_yellow(step)
    steps.make_room(step)
    waiting.yield_to_waiting(step)
    waited_for = waiting.authorise(step)
    steps.recover(step, waited_for)
    fill.divide(step)
    _forget_protection(step)
    areas = {key: line.area for key, line in step.lines.items()}
    charges = tuple(sorted(step.charges.values(), key=lambda charge: charge.station))
    return ShareState(areas, charges, step.reductions), tuple(step.decisions)


def _follow_vehicles(step: ControlStep, state: ShareState) -> None:
    """A charge lives from plug to unplug. A station that is silent keeps its own."""
    for report in step.reports.values():
        charge = step.charges.get(report.id)
        if report.heard and charge is not None and (not report.plugged or charge.connected_ms != report.connected_ms):
            step.end(report.id, CHARGE_OVER)
            charge = None
        if report.heard and report.plugged and charge is None:
            step.remember(_first_seen(report, step.now_ms))
            _adopt(step, report)
            charge = step.charges[report.id]
        if report.heard and charge is not None:
            step.remember(learn_phases(charge, report.currents_ma, step.now_ms))
            if charge.limit_ma and not report.allowed:
                step.command(report.id, 0, STOP_ORDERED)
                step.remember(replace(step.charges[report.id], is_new=True))  # "Start" asks anew


def _first_seen(report: StationReport, now_ms: int) -> Charge:
    """One that was started before is no new request, whoever began anew meanwhile."""
    starts_ms = report.starts_ms
    return Charge(
        report.id, report.connected_ms, waits_ms=now_ms, differs_ms=now_ms, is_new=not starts_ms, starts_ms=starts_ms
    )


def _adopt(step: ControlStep, report: StationReport) -> None:
    """A charge that is at work when it is first seen goes on: the server began anew, or the station did without it."""
    limit_ma = min(report.confirmed_ma or 0, report.rated_ma)
    if limit_ma < LEAST_MA or max((current or 0 for current in report.currents_ma), default=0) < DRAWS_MA:
        return
    number = next((number for number in (0, 1) if limit_ma >= step.rated_step_ma(report.id, number)), 2)
    charge = step.charges[report.id]
    step.remember(
        replace(charge, limit_ma=limit_ma, step=number, is_new=False, starts_ms=report.starts_ms or (step.now_ms,))
    )
    step.count_reduction(report.id)


def _forget_protection(step: ControlStep) -> None:
    """A charge is protected from being stopped as long as its line is red."""
    for charge in list(step.charges.values()):
        if charge.reason.code == RED_PROTECTED and not step.lines[charge.reason.circuit, charge.reason.phase].is_red:
            step.remember(replace(charge, reason=Reason("")))
