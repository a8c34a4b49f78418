"""Whether the safe currents fit, and for how long a limit may be exceeded."""

from dataclasses import replace

import pytest

from runtime.core.charging.safety import longest_excess_s, objections
from runtime.core.charging.spec import CircuitSpec, StationSpec

CIRCUIT = CircuitSpec(1, "Building", meter=1, available_ma=63_000, charging_ma=50_000)
STATION = StationSpec(1, device=2, circuit=1, wiring="l1l2l3", rated_ma=32_000)


def codes(circuit=CIRCUIT, *stations, rated=None):
    return [each.code for each in objections(circuit, stations or (STATION,), rated or {})]


def test_a_circuit_whose_safe_currents_fit_is_switched_on():
    assert codes() == []


def test_safe_currents_and_other_loads_must_fit_each_phase():
    others = replace(CIRCUIT, others_ma=57_000)
    assert codes(others) == []
    assert codes(replace(others, others_ma=57_001)) == ["safe_currents_too_high"]


def test_a_station_on_another_phase_does_not_count_there():
    on_l1 = [StationSpec(id, id, 1, "l1", rated_ma=32_000, fallback_ma=25_000) for id in (1, 2)]
    assert codes(CIRCUIT, *on_l1, StationSpec(3, 3, 1, "l2", rated_ma=32_000, fallback_ma=25_000)) == []
    assert codes(CIRCUIT, *on_l1, StationSpec(3, 3, 1, "l1", rated_ma=32_000, fallback_ma=25_000)) == [
        "safe_currents_too_high"
    ]


def test_a_station_without_a_watchdog_is_reserved_its_rated_current():
    deaf = replace(STATION, watchdog_s=0)
    assert codes(replace(CIRCUIT, others_ma=31_000), deaf) == []
    assert codes(replace(CIRCUIT, others_ma=31_001), deaf) == ["safe_currents_too_high"]


@pytest.mark.parametrize("watchdog_s, expected_s", [(0, 24), (10, 24), (30, 44), (46, 60)])
def test_the_excess_is_watchdog_meter_age_period_and_what_a_vehicle_takes(watchdog_s, expected_s):
    assert longest_excess_s([replace(STATION, watchdog_s=watchdog_s)]) == expected_s


def test_more_than_a_minute_is_refused():
    assert codes(CIRCUIT, replace(STATION, watchdog_s=46)) == []
    assert codes(CIRCUIT, replace(STATION, watchdog_s=47)) == ["excess_too_long"]


def test_a_watchdog_must_be_long_enough_to_be_fed():
    assert codes(CIRCUIT, replace(STATION, watchdog_s=9)) == ["watchdog_too_short"]


def test_the_rated_current_must_be_known_and_fit():
    unknown = replace(STATION, rated_ma=0)
    assert codes(CIRCUIT, unknown) == ["rated_unknown"]
    assert codes(CIRCUIT, unknown, rated={1: 32_000}) == []
    assert codes(CIRCUIT, replace(STATION, rated_ma=64_000)) == ["rated_too_high"]
