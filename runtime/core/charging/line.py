"""A line: one phase of one circuit, with what was measured there and what is still on its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from runtime.core.charging.area import GREEN, RED, YELLOW, Area, Thresholds, next_area, thresholds_of
from runtime.core.charging.spec import CircuitSpec
from runtime.core.charging.state import Inputs, LineKey, MeterReading
from runtime.core.charging.timing import FRESH_MS

PHASES = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Line:
    """``level_ma`` None: the meter is silent, or measures no current on this phase. It counts as full."""

    key: LineKey
    circuit: CircuitSpec
    thresholds: Thresholds
    level_ma: int | None
    area: Area

    @property
    def is_green(self) -> bool:
        return self.level_ma is not None and self.area.colour == GREEN

    @property
    def is_yellow(self) -> bool:
        return self.level_ma is not None and self.area.colour == YELLOW

    @property
    def is_red(self) -> bool:
        return self.level_ma is not None and self.area.colour == RED


def lines_of(inputs: Inputs, before: Mapping[LineKey, Area]) -> dict[LineKey, Line]:
    """All phases of all circuits at work. A phase whose current is not measured keeps its area."""
    lines = {}
    for circuit in (circuit for circuit in inputs.circuits if circuit.on):
        limit = inputs.limits.get(circuit.id)
        in_force = limit.limit_ma if limit is not None and limit.until_ms > inputs.now_ms else None
        thresholds = thresholds_of(circuit, in_force)
        reading = inputs.readings.get(circuit.id)
        for phase in PHASES:
            level_ma, area = _level(reading, phase, inputs.now_ms), before.get((circuit.id, phase), Area())
            if level_ma is not None:
                area = next_area(area, level_ma, thresholds, inputs.now_ms)
            lines[circuit.id, phase] = Line((circuit.id, phase), circuit, thresholds, level_ma, area)
    return lines


def age_ms(reading: MeterReading | None, now_ms: int) -> int | None:
    """How old a reading is; None = there never was one."""
    return None if reading is None else now_ms - reading.ts_ms


def _level(reading: MeterReading | None, phase: int, now_ms: int) -> int | None:
    if reading is None or now_ms - reading.ts_ms > FRESH_MS or phase > len(reading.currents_ma):
        return None
    return reading.currents_ma[phase - 1]
