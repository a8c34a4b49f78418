"""A counter's limits follow from what it counts."""

from runtime.core.energy.counterlimits import Limits, limits_of, rated_ma


def test_energy_without_a_rating_may_climb_by_five_megawatts():
    assert limits_of("active_energy_import_wh") == Limits()
    assert limits_of("active_energy_import_wh").per_s_n * 3600 >= 5_000_000 * 1000


def test_a_rated_current_tightens_what_is_plausible():
    assert limits_of("active_energy_import_wh", rated_ma=16_000).per_s_n < 16_000
    assert limits_of("active_energy_import_wh", rated_ma=16_000).per_s_n * 3600 > 3 * 230 * 16 * 1000


def test_two_polls_may_bracket_an_edge():
    assert limits_of("water_dm3", poll_ms=5_000).bracket_ms == 10_000


def test_a_rating_is_read_from_the_parameters():
    assert rated_ma({"rated_a": 63}) == 63_000
    assert rated_ma({"rated_a": "?"}) == rated_ma({}) == 0
