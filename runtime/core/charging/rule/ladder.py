"""A meter that is silent counts as full: hold, then less, then the safe current, then stop; by itself back again.

The safety argument counts with the age at which the safe current is commanded: a station that takes no lower limit is
found out then, and not before.
"""

from __future__ import annotations

from runtime.core.charging.controlstep import ControlStep
from runtime.core.charging.decision import METER_SAFE, METER_SHRINK, METER_STOP
from runtime.core.charging.line import Line, age_ms
from runtime.core.charging.spec import LEAST_MA
from runtime.core.charging.timing import SAFE_MS

SECOND = 2


def descend(step: ControlStep) -> None:
    """Lower the charges on lines without a reading, by how long there has been none."""
    for charge in step.in_progress():
        silent = [line for line in step.lines_of(charge.station) if line.level_ma is None]
        if silent:
            _lower(step, charge.station, silent[0])


def _lower(step: ControlStep, station: int, line: Line) -> None:
    reading = step.inputs.readings.get(line.circuit.id)
    age = age_ms(reading, step.now_ms)
    charge, report = step.charges[station], step.reports[station]
    if age is None or age >= line.circuit.lost_s * 1000:
        step.command(station, 0, METER_STOP, line)
    elif age >= SAFE_MS:
        safe_ma = report.fallback_ma if report.fallback_ma >= LEAST_MA else 0
        if charge.limit_ma > safe_ma:
            step.command(station, safe_ma, METER_SAFE, line, step=SECOND)
            step.count_reduction(station)
    elif charge.limit_ma > step.rated_step_ma(station, SECOND):
        step.reduce(station, SECOND, METER_SHRINK, line, ())
