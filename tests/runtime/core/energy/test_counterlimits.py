"""A counter's limits follow from what it counts, its circuit, its map and its past."""

from runtime.core.energy.counterlimits import CounterFacts, Limits, limits_of, rated_ma

KWH = 1_000_000  # steps


def test_energy_without_a_rating_may_climb_by_a_socket_until_it_has_drawn_more():
    limits = limits_of("active_energy_import_wh", pause_ms=Limits().pause_ms)
    assert limits == Limits()
    assert limits.hourly_n(0) == 3_680_000
    assert 2 * 20 * KWH < limits.hourly_n((20 * KWH).bit_length()) <= 4 * 20 * KWH


def test_a_rated_current_bounds_what_is_plausible_whatever_was_drawn():
    limits = limits_of("active_energy_import_wh", rated_ma=16_000)
    assert 3 * 230 * 16_000 < limits.circuit_n < 2 * 3 * 230 * 16_000
    assert limits.hourly_n(24) == limits.circuit_n
    assert limits.hourly_n(40) > limits.circuit_n, "what was believed is stronger than what was typed"


def test_two_polls_may_bracket_an_edge():
    assert limits_of("water_dm3", poll_ms=5_000).bracket_ms == 10_000


def test_a_rating_is_read_from_the_parameters():
    assert rated_ma({"rated_current_a": 63}) == 63_000
    assert rated_ma({"rated_current_a": "?"}) == rated_ma({}) == 0


def test_the_grain_of_a_real_number_grows_with_it():
    assert CounterFacts(1, 24).grain_at(0) == 1
    assert CounterFacts(1, 24).grain_at(20_303 * KWH) == 20_303 * KWH >> 22
    assert CounterFacts(100).grain_at(20_303 * KWH) == 100


def test_only_a_ledger_of_another_server_catches_up_and_counts_again_what_it_lost():
    meter, ledger = Limits(), limits_of("active_energy_import_wh", facts=CounterFacts(ledger=True))
    assert (meter.late_ms, meter.lost_n(5 * KWH)) == (0, 0)
    assert (ledger.late_ms, ledger.lost_n(5 * KWH)) == (8 * 86_400_000, 5 * KWH)
