import math

import pytest

from simulator.plant.grid import Grid
from simulator.plant.meter import PHASES, Meter
from simulator.plant.plant import HOUR_MS, Branch, BranchSpec
from simulator.plant.profiles import Weather

ORIGIN_TS = 1_746_057_600  # 2025-05-01
MOMENTS = [ORIGIN_TS * 1000 + 20 * 24 * HOUR_MS + step for step in (9 * HOUR_MS + 1_234_567, 13 * HOUR_MS, 50_000_001)]
WEATHER = Weather(3, "Europe/Paris")
GRID = Grid(3)


def branch(name, profile, rated_w, shares=(334, 333, 333)):
    return Branch(BranchSpec(name, profile, rated_w, shares), 3, ORIGIN_TS, WEATHER)


PARTS = [
    branch("Presses", "machines", 40_000, (500, 300, 200)),
    branch("Lamps", "lighting", 3_000, (0, 1000, 0)),
    branch("Compressors", "compressors", 22_000),
]
ROOF = Meter([branch("Roof", "pv", 20_000)], GRID)
MAIN = Meter(PARTS, GRID)
SUBS = [Meter([part], GRID) for part in PARTS]


@pytest.mark.parametrize("at_ms", MOMENTS)
def test_the_main_meter_is_the_exact_sum_of_its_sub_meters(at_ms):
    whole, parts = MAIN.energies(at_ms), [sub.energies(at_ms) for sub in SUBS]
    assert whole == {id: sum(part[id] for part in parts) for id in whole}
    power = sum(sub.gauges(at_ms)["active_power_w"] for sub in SUBS)
    assert abs(MAIN.gauges(at_ms)["active_power_w"] - power) <= 2 * len(PARTS)  # each shown in 0.1 W by phase


@pytest.mark.parametrize("at_ms", MOMENTS)
@pytest.mark.parametrize("meter", [MAIN, *SUBS, ROOF])
def test_power_is_voltage_times_current_times_power_factor(meter, at_ms):
    gauges = meter.gauges(at_ms)
    for phase in PHASES:
        volts, amperes = gauges[f"voltage_{phase}_v"] / 100, gauges[f"current_{phase}_a"] / 1000
        watts = gauges[f"active_power_{phase}_w"] / 10
        assert watts == pytest.approx(volts * amperes * gauges[f"power_factor_{phase}"] / 1000, rel=0.002, abs=1)


@pytest.mark.parametrize("at_ms", MOMENTS)
def test_the_phases_sum_to_the_whole(at_ms):
    energies, gauges = MAIN.energies(at_ms), MAIN.gauges(at_ms)
    for values, stem, unit in (
        (energies, "active_energy_import", "wh"),
        (energies, "reactive_energy_import", "varh"),
        (energies, "apparent_energy", "vah"),
        (gauges, "active_power", "w"),
        (gauges, "reactive_power", "var"),
        (gauges, "apparent_power", "va"),
    ):
        assert values[f"{stem}_{unit}"] == sum(values[f"{stem}_{phase}_{unit}"] for phase in PHASES)


def test_apparent_power_is_the_root_of_the_squares_on_a_single_branch():
    gauges = SUBS[0].gauges(MOMENTS[0])
    expected = math.hypot(gauges["active_power_w"], gauges["reactive_power_var"])
    assert gauges["apparent_power_va"] == pytest.approx(expected, rel=0.002)


def test_what_produces_has_negative_power_and_exports():
    noon = ORIGIN_TS * 1000 + 20 * 24 * HOUR_MS + 11 * HOUR_MS
    energies, gauges = ROOF.energies(noon), ROOF.gauges(noon)
    assert gauges["active_power_w"] < 0 < energies["active_energy_export_wh"]
    assert energies["active_energy_import_wh"] == 0 and gauges["power_factor"] == -1000


@pytest.mark.parametrize("meter", [MAIN, SUBS[1], ROOF])
def test_a_table_of_hours_says_what_each_hour_says(meter):
    first = MOMENTS[0] // HOUR_MS
    table = meter.energies_by_hour(first, first + 30)
    for position in (0, 7, 30):
        assert {id: row[position] for id, row in table.items()} == meter.energies((first + position) * HOUR_MS)


def test_the_short_answer_agrees_with_the_long_one():
    for meter in (MAIN, ROOF):
        basics, gauges = meter.basics(MOMENTS[2]), meter.gauges(MOMENTS[2])
        assert basics == {id: gauges[id] for id in basics}


def test_the_average_of_ten_minutes_is_the_energy_of_ten_minutes():
    at_ms = MOMENTS[0]
    before, now = (MAIN.energies(at)["active_energy_import_wh"] for at in (at_ms - 600_000, at_ms))
    assert MAIN.demands(at_ms)["active_power_demand_w"] == (now - before) * 6 // 100


def test_voltages_and_frequency_stay_within_what_a_network_has():
    for at_ms in range(MOMENTS[0], MOMENTS[0] + HOUR_MS, 60_000):
        network = GRID.at(at_ms)
        assert all(22_500 < volts < 24_000 for volts in network.volts)
        assert all(39_000 < volts < 41_500 for volts in network.lines)
        assert 49_900 < network.frequency < 50_100
