"""Who may be contacted by a server that begins: nobody who has a part in an overload, or of whom that is not known."""

from dataclasses import replace

import pytest

from runtime.core.charging.contact import calm_stations
from runtime.core.charging.spec import CircuitSpec
from runtime.core.charging.state import Inputs, MeterReading, OutsideLimit, StationReport

BUILDING = CircuitSpec(1, "Building", 1, available_ma=63_000, charging_ma=50_000, on=True, hysteresis_pct=10)
HALL = replace(BUILDING, id=2, name="Hall", available_ma=32_000, charging_ma=32_000, parent=1)
STATIONS = (
    StationReport(1, 1, (1,), 16_000),
    StationReport(2, 2, (1, 2, 3), 16_000),
    StationReport(3, 2, (3,), 16_000),
)


def calm(building, hall=(0, 0, 0), age_ms=0, limits=None):
    readings = {1: MeterReading(10_000 - age_ms, building), 2: MeterReading(10_000, hall)}
    return set(calm_stations(Inputs(10_000, (BUILDING, HALL), STATIONS, readings, limits or {})))


@pytest.mark.parametrize(
    "building, hall, expected",
    [
        ((63_000,) * 3, (32_000,) * 3, {1, 2, 3}),
        ((63_001, 0, 0), (0, 0, 0), {3}),
        ((0, 0, 0), (0, 32_001, 0), {1, 3}),
        ((0, 0, None), (0, 0, 0), {1}),
        ((58_000, 0, 0), (0, 0, 0), {1, 2, 3}),
    ],
)
def test_whose_own_lines_are_all_measured_and_none_is_red(building, hall, expected):
    assert calm(building, hall) == expected


def test_nobody_while_the_meter_is_silent():
    assert calm((0, 0, 0), age_ms=4_001) == set()


def test_a_limit_from_outside_counts():
    assert calm((20_001, 0, 0), limits={1: OutsideLimit(20_000, 99_000)}) == {3}


def test_circuits_that_feed_each_other_end_where_they_began():
    looped = replace(BUILDING, parent=2)
    readings = {id: MeterReading(10_000, (0, 0, 0)) for id in (1, 2)}
    assert calm_stations(Inputs(10_000, (looped, HALL), STATIONS, readings)) == {1, 2, 3}
