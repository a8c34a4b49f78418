"""The waiting list: who waits, in which order they begin, and why they wait."""

from __future__ import annotations

from collections.abc import Sequence

from runtime.core.charging.controlstep import ControlStep
from runtime.core.charging.decision import (
    START_AGAIN,
    START_GREEN,
    START_WAITED,
    STOP_TURN,
    WAIT_METER,
    WAIT_ORDERED,
    WAIT_PAUSE,
    WAIT_POWER,
    WAIT_RED,
    WAIT_SILENT,
    WAIT_YELLOW,
)
from runtime.core.charging.line import Line
from runtime.core.charging.spec import STEPS
from runtime.core.charging.state import Charge, LineKey
from runtime.core.charging.timing import HOUR_MS, STARTS_PER_HOUR

SECOND = 2
KEPT_OUT = (WAIT_POWER, WAIT_RED, WAIT_YELLOW)


def waiting(step: ControlStep) -> list[Charge]:
    """All that wait: priority stations first, then who waits longest."""
    return sorted(
        (charge for charge in step.charges.values() if charge.limit_ma == 0),
        key=lambda charge: (not step.reports[charge.station].priority, charge.waits_ms, charge.station),
    )


def candidates(step: ControlStep) -> list[Charge]:
    """Those that would begin at once if there were current."""
    return [charge for charge in waiting(step) if not obstacle(step, charge)]


def obstacle(step: ControlStep, charge: Charge) -> str:
    """Why a charge could not begin whatever current there is, "" = it could."""
    report = step.reports[charge.station]
    if not report.heard:
        return WAIT_SILENT
    if not report.allowed:
        return WAIT_ORDERED
    if any(line.level_ma is None for line in step.lines_of(charge.station)):
        return WAIT_METER
    return "" if may_start(charge, step.circuit_of(charge.station).pause_s, step.now_ms) else WAIT_PAUSE


def may_start(charge: Charge, pause_s: int, now_ms: int) -> bool:
    """Stop and start in turns is excluded: a pause after a stop, and so many starts an hour. A new one always may."""
    recent = [ms for ms in charge.starts_ms if now_ms - ms < HOUR_MS]
    return charge.is_new or (now_ms - charge.stopped_ms >= pause_s * 1000 and len(recent) < STARTS_PER_HOUR)


def is_welcome(step: ControlStep, charge: Charge) -> bool:
    """A new request in the green area is authorised in any case, unless the limit is a hard one."""
    return charge.is_new and not step.circuit_of(charge.station).hard_limit


def crowded_line(step: ControlStep, charge: Charge) -> tuple[str, Line] | None:
    """Why the areas keep a charge waiting; None = all its lines are green."""
    lines = step.lines_of(charge.station)
    for line in lines:
        if line.is_red:
            return WAIT_RED, line
    for line in lines:
        if line.is_yellow:
            return WAIT_YELLOW, line
    for line in lines:
        if step.expected_ma(line) > line.thresholds.charging_ma:  # who was just authorised does not draw yet
            return WAIT_POWER, line
    return None


def authorise(step: ControlStep) -> set[LineKey]:
    """Begin what waits, one after the other, as far as its lines are green.

    returns  lines that are waited for
    """
    waited_for: set[LineKey] = set()
    among = []
    for charge in waiting(step):
        if step.circuit_of(charge.station).allocation != STEPS:
            continue
        if code := obstacle(step, charge):
            step.explain(charge.station, code)
        else:
            among.append(charge)
    for number, charge in enumerate(among):
        if not _begin(step, charge, waited_for, among[number:]):
            waited_for |= set(step.keys_of(charge.station))
    return waited_for


def start_rule(step: ControlStep, charge: Charge) -> str:
    if not charge.is_new:
        return START_AGAIN
    return START_GREEN if charge.waits_ms == step.now_ms else START_WAITED


def yield_to_waiting(step: ControlStep) -> None:
    """Stop one charge for the first one whose turn it is: nobody waits for ever where turns are configured."""
    for charge in candidates(step):
        turn_ms = step.circuit_of(charge.station).turn_s * 1000
        if not turn_ms or step.now_ms - charge.waits_ms < turn_ms or charge.reason.code not in KEPT_OUT:
            continue
        if order := _yielding(step, charge, turn_ms):
            step.command(order[0].station, 0, STOP_TURN, step.lines_of(charge.station)[0], order)
        return


def _begin(step: ControlStep, charge: Charge, waited_for: set[LineKey], among: Sequence[Charge]) -> bool:
    lines = step.lines_of(charge.station)
    if crowded := crowded_line(step, charge):
        step.explain(charge.station, *crowded)
        return False
    for line in lines:
        if line.key in waited_for:
            step.explain(charge.station, WAIT_POWER, line)
            return False
    number = _step_that_fits(step, charge, lines)
    if number is None:
        tightest = min(lines, key=lambda line: line.thresholds.available_ma - step.expected_ma(line))
        step.explain(charge.station, WAIT_POWER, tightest)
        return False
    step.start(charge.station, number, start_rule(step, charge), lines[0], among)
    return True


def _step_that_fits(step: ControlStep, charge: Charge, lines: list[Line]) -> int | None:
    """The highest current with which no line becomes red; None = it has to wait."""
    for number in range(SECOND + 1):
        limit_ma = step.rated_step_ma(charge.station, number)
        if all(step.expected_ma(line) + limit_ma <= line.thresholds.available_ma for line in lines):
            return number
    return SECOND if is_welcome(step, charge) else None


def _yielding(step: ControlStep, waits: Charge, turn_ms: int) -> list[Charge]:
    """Who shares a line with it and had both its guarantee and its turn: non-priority first, then connected longest.

    Priority stations yield to priority stations only.
    """
    lines, is_priority = step.lines_of(waits.station), step.reports[waits.station].priority
    if any(not step.is_settled(charge) for charge in step.charges.values()):
        return []
    charges = [
        charge
        for charge in step.in_progress()
        if any(step.is_on(charge, line) for line in lines)
        and step.has_guarantee(charge)
        and step.now_ms - max(charge.starts_ms, default=0) >= turn_ms
        and (is_priority or not step.reports[charge.station].priority)
    ]
    return sorted(
        charges, key=lambda charge: (step.reports[charge.station].priority, charge.connected_ms, charge.station)
    )
