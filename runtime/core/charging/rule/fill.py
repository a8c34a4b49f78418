"""Finer than the manual's steps: what a circuit leaves is divided by 1 A, to each charge alike, none under 6 A."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from runtime.core.charging.controlstep import ControlStep
from runtime.core.charging.decision import FILL_LOWER, FILL_RAISE, WAIT_POWER
from runtime.core.charging.line import Line
from runtime.core.charging.rule.steps import remains, stop_until
from runtime.core.charging.rule.waiting import obstacle, start_rule, waiting
from runtime.core.charging.spec import FILL, LEAST_MA
from runtime.core.charging.state import Charge, LineKey
from runtime.core.charging.timing import PACE_MS, RESERVE_MS

STEP_MA = 1_000
MARGIN_MA = 2_000  # a vehicle that takes less than its limit keeps so much above it

Room = dict[LineKey, int]


def divide(step: ControlStep) -> None:
    """Begin what fits, divide the rest, stop what does not fit: lower at once, raise at a slow pace."""
    if not any(_is_ours(step, charge) for charge in step.charges.values()):
        return
    room = {line.key: line.thresholds.charging_ma - _others_ma(step, line) for line in step.lines.values()}
    progress = [
        charge
        for charge in step.in_progress()
        if _is_ours(step, charge) and _is_metered(step, charge) and not step.is_deaf(charge)
    ]
    joined = [*progress, *_begin(step, dict(room), progress)]
    for charge, limit_ma in _targets(step, room, joined):
        if charge.limit_ma:
            _apply(step, charge, limit_ma)
    for line in step.lines.values():
        if line.circuit.allocation == FILL and line.is_red and _is_least(step, line) and remains(step, line):
            stop_until(step, line, line.thresholds.yellow_ma)


def share(wants_ma: Mapping[int, int], lines: Mapping[int, Sequence[LineKey]], room: Room) -> dict[int, int]:
    """Divide the room of lines among charges: 6 A each, and then 1 A in turns as far as it goes.

    wants_ma  most that each may have, in the order in which the last ampere is given
    room      what is left of each line; it is used up, and may be below zero before
    """
    limits = dict.fromkeys(wants_ma, LEAST_MA)
    for id in wants_ma:
        _take(room, lines[id], LEAST_MA)
    open_ids = list(wants_ma)
    while open_ids := [id for id in open_ids if _may_have_more(limits[id], wants_ma[id], lines[id], room)]:
        steps = max(1, _steps_for_all(open_ids, limits, wants_ma, lines, room))
        for id in open_ids:
            if steps > 1 or _may_have_more(limits[id], wants_ma[id], lines[id], room):
                limits[id] += steps * STEP_MA
                _take(room, lines[id], steps * STEP_MA)
    return limits


def _steps_for_all(
    ids: Sequence[int],
    limits: Mapping[int, int],
    wants_ma: Mapping[int, int],
    lines: Mapping[int, Sequence[LineKey]],
    room: Room,
) -> int:
    """So many steps of 1 A may all of them have before one may have no more."""
    loaded = Counter(key for id in ids for key in lines[id])
    steps_of_lines = min((room[key] // (STEP_MA * count) for key, count in loaded.items()), default=0)
    steps_of_wants = min((wants_ma[id] - limits[id]) // STEP_MA for id in ids)
    return min(steps_of_wants, steps_of_lines) if loaded else steps_of_wants


def _may_have_more(limit_ma: int, want_ma: int, lines: Sequence[LineKey], room: Room) -> bool:
    return limit_ma + STEP_MA <= want_ma and all(room[key] >= STEP_MA for key in lines)


def _take(room: Room, lines: Sequence[LineKey], ma: int) -> None:
    for key in lines:
        room[key] -= ma


def _is_ours(step: ControlStep, charge: Charge) -> bool:
    return step.circuit_of(charge.station).allocation == FILL


def _is_metered(step: ControlStep, charge: Charge) -> bool:
    """Where a meter is silent the ladder rules."""
    return all(line.level_ma is not None for line in step.lines_of(charge.station))


def _is_least(step: ControlStep, line: Line) -> bool:
    """All that answer and obey have the least current."""
    charges = [charge for charge in step.in_progress(line) if not step.is_deaf(charge)]
    return all(charge.limit_ma <= LEAST_MA for charge in charges)


def _others_ma(step: ControlStep, line: Line) -> int:
    """What draws on a line beside the charges that are divided, and what silent stations may draw.

    A station that does not obey is among the others.
    """
    drawn_ma = sum(
        step.drawn_on_ma(charge, line)
        for charge in step.in_progress(line)
        if _is_ours(step, charge) and not step.is_deaf(charge)
    )
    silent_ma = sum(
        step.worst_ma(report.id)
        for report in step.reports.values()
        if not report.heard and step.is_wired(report.id, line)
    )
    return max(0, (line.level_ma or 0) - drawn_ma) + silent_ma


def _begin(step: ControlStep, room: Room, progress: Sequence[Charge]) -> list[Charge]:
    """Start what waits where 6 A are left for each; who has to wait until others gave way is counted with them."""
    joined = []
    for charge in progress:
        _take(room, step.keys_of(charge.station), LEAST_MA)
    for charge in [charge for charge in waiting(step) if _is_ours(step, charge)]:
        lines, keys = step.lines_of(charge.station), step.keys_of(charge.station)
        if code := obstacle(step, charge):
            step.explain(charge.station, code)
            continue
        full = [line for line in lines if room[line.key] < LEAST_MA]
        _take(room, keys, LEAST_MA)
        if full:
            step.explain(charge.station, WAIT_POWER, full[0])
            continue
        joined.append(charge)
        crowded = [line for line in lines if step.expected_ma(line) + LEAST_MA > line.thresholds.available_ma]
        if crowded:
            step.explain(charge.station, WAIT_POWER, crowded[0])
        else:
            step.command(charge.station, LEAST_MA, start_rule(step, charge), lines[0])
    return joined


def _targets(step: ControlStep, room: Room, charges: Sequence[Charge]) -> list[tuple[Charge, int]]:
    """Priority stations have what they can take first, then the others."""
    order = sorted(charges, key=lambda charge: (charge.connected_ms, charge.station))
    lines = {charge.station: step.keys_of(charge.station) for charge in order}
    limits: dict[int, int] = {}
    normal = [charge for charge in order if not step.reports[charge.station].priority]
    for charge in normal:
        _take(room, lines[charge.station], LEAST_MA)
    for group in ([charge for charge in order if step.reports[charge.station].priority], normal):
        if group is normal:
            for charge in normal:
                _take(room, lines[charge.station], -LEAST_MA)
        limits |= share({charge.station: _want_ma(step, charge) for charge in group}, lines, room)
    return [(step.charges[charge.station], limits[charge.station]) for charge in order]


def _want_ma(step: ControlStep, charge: Charge) -> int:
    """The rated current, unless the vehicle has shown for a minute that it takes less than it may."""
    rated_ma = step.rated_step_ma(charge.station, 0)
    drawn_ma = step.most_drawn_ma(charge.station)
    if drawn_ma is None or step.now_ms - charge.raised_ms < RESERVE_MS or charge.limit_ma == 0:
        return rated_ma
    if drawn_ma < charge.limit_ma - MARGIN_MA:
        return min(rated_ma, max(LEAST_MA, -(-drawn_ma // STEP_MA) * STEP_MA + MARGIN_MA))
    return rated_ma if drawn_ma > charge.limit_ma - STEP_MA else charge.limit_ma


def _apply(step: ControlStep, charge: Charge, limit_ma: int) -> None:
    lines = step.lines_of(charge.station)
    if limit_ma < charge.limit_ma:
        urgent = [line for line in lines if step.lowered_ma(line) > line.thresholds.charging_ma]
        if urgent or _is_quiet(step, lines):
            step.command(charge.station, limit_ma, FILL_LOWER, (urgent or lines)[0])
        return
    left_ma = min(line.thresholds.available_ma - step.expected_ma(line) for line in lines)
    more_ma = min(limit_ma - charge.limit_ma, max(0, left_ma) // STEP_MA * STEP_MA)
    is_due = step.now_ms - max(charge.raised_ms, charge.lowered_ms) >= PACE_MS
    if more_ma >= STEP_MA and is_due and _is_quiet(step, lines):
        step.command(charge.station, charge.limit_ma + more_ma, FILL_RAISE, lines[0])


def _is_quiet(step: ControlStep, lines: Sequence[Line]) -> bool:
    """No reduction is on its way on any of the lines."""
    return all(step.is_quiet(line) for line in lines)
