"""Green, yellow, red, and the hysteresis between them."""

import pytest

from runtime.core.charging.area import GREEN, RED, YELLOW, Area, Thresholds, next_area, thresholds_of
from runtime.core.charging.spec import CircuitSpec

CIRCUIT = CircuitSpec(1, "Building", 1, available_ma=250_000, charging_ma=230_000, hysteresis_pct=4)


@pytest.mark.parametrize(
    "before, level_a, after",
    [
        (GREEN, 230, GREEN),
        (GREEN, 231, YELLOW),
        (GREEN, 251, RED),
        (YELLOW, 250, YELLOW),
        (YELLOW, 251, RED),
        (YELLOW, 221, YELLOW),
        (YELLOW, 220, GREEN),
        (RED, 241, RED),
        (RED, 240, YELLOW),
        (RED, 221, YELLOW),
        (RED, 220, GREEN),
    ],
)
def test_an_area_is_entered_above_its_threshold_and_left_the_hysteresis_below(before, level_a, after):
    area = next_area(Area(before, 5), level_a * 1000, thresholds_of(CIRCUIT), 9)
    assert area == Area(after, 5 if after == before else 9)


def test_equal_thresholds_leave_no_yellow_area():
    equal = Thresholds(63_000, 63_000)
    assert next_area(Area(), 63_000, equal, 1).colour == GREEN
    assert next_area(Area(), 63_001, equal, 1).colour == RED


def test_a_limit_from_outside_lowers_both_thresholds():
    assert thresholds_of(CIRCUIT, 100_000) == Thresholds(100_000, 100_000, 10_000)
    assert thresholds_of(CIRCUIT, 240_000) == Thresholds(230_000, 240_000, 10_000)
