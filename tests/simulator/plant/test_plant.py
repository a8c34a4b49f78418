from itertools import pairwise

import pytest

from simulator.plant.plant import HOUR_MS, Branch, BranchSpec
from simulator.plant.profiles import PROFILES, Weather

ORIGIN_TS = 1_672_531_200  # 2023-01-01
DAY_MS = 24 * HOUR_MS
MONDAY_MS = (ORIGIN_TS + 8 * 86_400) * 1000  # 2023-01-09


def branch(profile="machines", *, name="Presses", seed=7, rated_w=40_000, shares=(340, 330, 330)):
    spec = BranchSpec(name, profile, rated_w, shares)
    return Branch(spec, seed, ORIGIN_TS, Weather(seed, "Europe/Paris"))


@pytest.mark.parametrize("profile", PROFILES)
def test_energy_never_falls_and_power_never_turns(profile):
    moments = range(MONDAY_MS + 9 * HOUR_MS, MONDAY_MS + 13 * HOUR_MS, 7_919)
    one = branch(profile)
    flows = [one.at(moment) for moment in moments]
    for before, after in pairwise(flows):
        assert all(a <= b for a, b in zip(before.energy, after.energy, strict=True))
    assert all(power >= 0 for flow in flows for power in flow.power)


@pytest.mark.parametrize("profile", PROFILES)
def test_energy_is_the_integral_of_power(profile):
    presses = branch(profile)
    begin, step = MONDAY_MS + 6 * HOUR_MS, 1000
    summed = sum(sum(presses.at(at).power) for at in range(begin + step // 2, begin + 2 * HOUR_MS, step)) * step
    truth = sum(presses.at(begin + 2 * HOUR_MS).energy) - sum(presses.at(begin).energy)
    assert abs(summed / HOUR_MS - truth) <= 1 + truth * 1e-6


def test_power_is_smooth_over_hours_and_days():
    presses = branch()
    for edge in range(MONDAY_MS, MONDAY_MS + DAY_MS + 1, HOUR_MS // 6):
        before, after = (sum(presses.at(at).power) for at in (edge - 1, edge))
        assert abs(after - before) < 1000  # mW within a millisecond


def test_power_swings_inside_an_hour():
    compressors = branch("compressors")
    powers = [sum(compressors.at(MONDAY_MS + 9 * HOUR_MS + minute * 60_000).power) for minute in range(60)]
    directions = [after > before for before, after in pairwise(powers)]
    assert sum(a != b for a, b in pairwise(directions)) >= 4


def test_the_same_moment_gives_the_same_energy_whoever_asked_before():
    asked, fresh = branch(), branch()
    asked.at(MONDAY_MS + 300 * DAY_MS)
    asked.energy_by_hour(ORIGIN_TS // 3600, ORIGIN_TS // 3600 + 50)
    for moment in (MONDAY_MS + 12_345, MONDAY_MS + 40 * DAY_MS + 77, ORIGIN_TS * 1000):
        assert asked.at(moment) == fresh.at(moment)


def test_seed_and_name_make_the_difference():
    energies = {sum(branch(name=name, seed=seed).at(MONDAY_MS + 5).energy) for name in "ab" for seed in (1, 2)}
    assert len(energies) == 4


def test_the_hours_of_the_table_are_those_of_any_moment():
    presses = branch()
    first = MONDAY_MS // HOUR_MS
    hours = presses.energy_by_hour(first, first + 48)
    assert hours == [sum(presses.at(hour * HOUR_MS).energy) for hour in range(first, first + 49)]


def test_full_hours_hold_whole_watt_hours_so_that_shares_lose_nothing():
    presses = branch(shares=(421, 379, 200))
    first = MONDAY_MS // HOUR_MS
    assert all(energy % 1000 == 0 for energy in presses.energy_by_hour(first, first + 24))


def test_a_branch_on_one_phase_draws_on_that_phase_only():
    flow = branch(shares=(0, 1000, 0)).at(MONDAY_MS + 10 * HOUR_MS)
    assert flow.energy[0] == flow.energy[2] == flow.power[0] == flow.power[2] == 0 < flow.energy[1]


def test_nothing_is_known_before_the_origin():
    with pytest.raises(ValueError, match="begins at"):
        branch().at(ORIGIN_TS * 1000 - 1)
    with pytest.raises(ValueError, match="begins at"):
        branch().energy_by_hour(ORIGIN_TS // 3600 - 1, ORIGIN_TS // 3600)


def test_machines_rest_at_night_and_on_sunday_and_heating_rests_in_summer():
    presses, heating = branch(), branch("heating")
    noon, night = (sum(presses.at(MONDAY_MS + hour * HOUR_MS).power) for hour in (9, 1))
    sunday = sum(presses.at(MONDAY_MS + 6 * DAY_MS + 9 * HOUR_MS).power)
    assert noon > 5 * night and noon > 5 * sunday
    winter, summer = (
        sum(heating.at(MONDAY_MS + (day + 7) * DAY_MS).energy) - sum(heating.at(MONDAY_MS + day * DAY_MS).energy)
        for day in (7, 190)
    )
    assert winter > 10 * summer
