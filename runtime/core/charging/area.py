"""Green, yellow, red: the areas of a current (manual, section 7.16.5.1)."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.core.charging.spec import CircuitSpec

GREEN, YELLOW, RED = range(3)
NAMES = ("green", "yellow", "red")


@dataclass(frozen=True, slots=True)
class Area:
    """Which one a current is in, since when."""

    colour: int = GREEN
    since_ms: int = 0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Of one phase of a circuit, as they are now.

    charging_ma, available_ma  above which it is yellow, red
    """

    charging_ma: int
    available_ma: int
    hysteresis_ma: int = 0

    @property
    def green_ma(self) -> int:
        """At or below it, the green area is reached again."""
        return max(0, self.charging_ma - self.hysteresis_ma)

    @property
    def yellow_ma(self) -> int:
        """At or below it, the red area is left."""
        return max(0, self.available_ma - self.hysteresis_ma)


def thresholds_of(circuit: CircuitSpec, limit_ma: int | None = None) -> Thresholds:
    """Those of the settings, or lower ones while a limit comes from outside."""
    available_ma, charging_ma = circuit.available_ma, circuit.charging_ma
    if limit_ma is not None:
        available_ma, charging_ma = min(available_ma, limit_ma), min(charging_ma, limit_ma)
    return Thresholds(charging_ma, available_ma, circuit.hysteresis_ma)


def next_area(before: Area, level_ma: int, thresholds: Thresholds, now_ms: int) -> Area:
    """The area of a current. Upwards a threshold counts itself, downwards the hysteresis below it."""
    rises_to = _colour(level_ma, thresholds.charging_ma, thresholds.available_ma)
    falls_to = _colour(level_ma, thresholds.green_ma, thresholds.yellow_ma)
    colour = min(max(before.colour, rises_to), falls_to)
    return before if colour == before.colour else Area(colour, now_ms)


def _colour(level_ma: int, green_ma: int, yellow_ma: int) -> int:
    return RED if level_ma > yellow_ma else YELLOW if level_ma > green_ma else GREEN
