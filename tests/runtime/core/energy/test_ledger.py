"""The ledger climbs as the counter does, whatever the counter does. Each line of docs/history.md's table is here."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.core.clock.timegrid import Grid
from runtime.core.energy.counterlimits import Limits
from runtime.core.energy.ledger import fold, replace_index
from runtime.core.quantity.quality import Quality

GRID = Grid(600, ZoneInfo("Europe/Paris"))
LIMITS = Limits()
WIDE = Limits(usual_n=5_000_000_000)  # a counter that may do anything up to 5 MW
T0 = 1_700_000_400  # an edge
KWH = 1_000_000  # steps
WH = 1_000


def readings(*raw_n, start_s=0, every_s=10):
    return [((T0 + start_s + every_s * i) * 1000, n) for i, n in enumerate(raw_n)]


def counting(first_n, seconds, *, start_s=0, every_s=10, per_s_n=WH):
    """A consumer of 3.6 kW, read for so long."""
    times = range(start_s, start_s + seconds, every_s)
    return [((T0 + s) * 1000, first_n + per_s_n * (s - start_s)) for s in times]


def codes(folded):
    return [finding.code for finding in folded.findings]


def total(folded):
    return folded.state.total_n


def test_the_first_reading_starts_the_ledger_at_zero():
    folded = fold(None, readings(5_000 * KWH), GRID, LIMITS)
    assert (total(folded), folded.booked, folded.findings) == (0, (), ())
    assert folded.state.offset_n == -5_000 * KWH


def test_an_edge_between_two_readings_is_interpolated_and_the_rest_goes_to_the_next_slot():
    folded = fold(None, [(T0 * 1000, 0), ((T0 + 599) * 1000, 5990), ((T0 + 602) * 1000, 6021)], GRID, LIMITS)
    (slot,) = folded.booked
    assert (slot.start_ts, slot.end_ts, slot.energy_n, slot.quality) == (T0, T0 + 600, 5990 + 31 // 3, Quality.GOOD)
    assert total(folded) - folded.state.edge_total_n == 6021 - 6000


climbs = st.lists(st.tuples(st.integers(1, 30_000), st.integers(0, 40_000)), min_size=2, max_size=60)


def climb(steps, first_n=123_456_789):
    ts_ms, raw_n, taken = T0 * 1000, first_n, [(T0 * 1000, first_n)]
    for after_ms, climbed_n in steps:
        ts_ms, raw_n = ts_ms + after_ms, raw_n + climbed_n
        taken.append((ts_ms, raw_n))
    return taken


@given(climbs)
def test_the_slots_add_up_to_last_minus_first_index(steps):
    taken = climb(steps)
    folded = fold(None, taken, GRID, WIDE)
    booked_n = sum(slot.energy_n for slot in folded.booked)
    assert booked_n == folded.state.edge_total_n
    assert total(folded) == taken[-1][1] - taken[0][1]
    assert all(slot.energy_n >= 0 for slot in folded.booked)


@given(climbs, st.integers(0, 60))
def test_it_does_not_matter_how_readings_are_bundled_or_repeated(steps, cut):
    taken = climb(steps)
    at_once = fold(None, taken, GRID, LIMITS)
    first = fold(None, taken[: cut + 1], GRID, LIMITS)
    second = fold(first.state, taken[max(0, cut - 2) :], GRID, LIMITS)
    assert second.state == at_once.state
    assert first.booked + second.booked == at_once.booked


wild = st.integers(0, 2**33 * 1000)


@given(st.lists(st.one_of(st.integers(0, 5_000), wild), min_size=1, max_size=80))
def test_energy_is_never_negative_and_never_more_than_the_counter_could_count(raw):
    """Whatever the wire says: plausible for its time, or it is not booked."""
    folded = fold(None, readings(*raw, every_s=10), GRID, LIMITS)
    assert all(slot.energy_n >= 0 for slot in folded.booked)
    assert 0 <= total(folded) <= LIMITS.large_n * (25 * len(raw)) // 3600


@given(st.integers(1, 10**14), wild, st.integers(1, 20))
def test_a_single_glitch_leaves_no_trace_in_the_energy(first_n, glitch_n, at):
    seen = [first_n + 7 * i for i in range(30)]
    seen[at] = glitch_n
    folded = fold(None, readings(*seen), GRID, LIMITS)
    assert total(folded) == 7 * 29


def test_a_glitch_that_is_plausible_is_taken_back_before_its_slot_ends():
    seen = counting(5_000 * KWH, 300)
    seen[10] = (seen[10][0], seen[10][1] + 20 * WH)
    folded = fold(None, seen, GRID, LIMITS)
    assert total(folded) == 290 * WH


def test_a_glitch_after_an_outage_leaves_no_trace():
    """One answer of 0, or one that is too high, by as much as the consumer could have taken meanwhile."""
    for wrong_n in (0, 5_000 * KWH + 600 * KWH, 5_000 * KWH + 1_000 * WH):
        before = fold(None, counting(5_000 * KWH, 60), GRID, LIMITS).state
        after = [((T0 + 650) * 1000, wrong_n), *counting(5_000 * KWH + 660 * WH, 100, start_s=660)]
        folded = fold(before, after, GRID, LIMITS, resumed={after[0][0]})
        assert total(folded) == 750 * WH
        assert codes(folded).count("counter_glitch") == 1


@pytest.mark.parametrize("modulus_n", [2**16 * 1000, 2**32, 2**32 * 2_500, 10**8 * 5_000, 9_999_999 + 1])
def test_a_counter_whose_span_is_known_rolls_over(modulus_n):
    raw = [(n % modulus_n) for n in range(modulus_n - 200, modulus_n + 300, 100)]
    folded = fold(None, readings(*raw, every_s=20), GRID, replace(LIMITS, modulus_n=modulus_n))
    assert total(folded) == 400
    assert codes(folded) == ["counter_rolled_over"] and folded.state.rollovers == 1


def test_a_counter_whose_span_is_not_known_never_rolls_over():
    raw = [2**32 * WH - 20 * WH, 2**32 * WH - 10 * WH, *range(0, 1000 * WH, 10 * WH)]
    folded = fold(None, readings(*raw), GRID, LIMITS)
    assert total(folded) == 10 * WH + 990 * WH
    assert codes(folded) == ["counter_reset"]


def test_nothing_is_booked_for_a_reset_until_readings_agree_on_it():
    before = fold(None, counting(5_000 * KWH, 60), GRID, LIMITS)
    held = fold(before.state, counting(0, 30, start_s=60), GRID, LIMITS)
    assert total(held) == 50 * WH and held.state.held
    folded = fold(held.state, counting(30 * WH, 60, start_s=90), GRID, LIMITS)
    assert total(folded) == 50 * WH + 80 * WH
    assert codes(folded) == ["counter_reset"]


def test_what_is_held_survives_in_the_state():
    """A server that is started anew between two readings decides the same."""
    state, taken = None, [*counting(81_234 * KWH, 60), *counting(1_500 * KWH, 120, start_s=60)]
    for reading in taken:
        state = fold(state, [reading], GRID, LIMITS).state
    assert state == fold(None, taken, GRID, LIMITS).state
    assert state.total_n == 50 * WH + 110 * WH


@pytest.mark.parametrize("start_n", [3_000 * KWH, 90_000 * KWH])
def test_an_exchanged_meter_starts_lower_or_higher_without_a_jump(start_n):
    folded = fold(None, [*counting(50_000 * KWH, 60), *counting(start_n, 60, start_s=60)], GRID, LIMITS)
    assert total(folded) == 50 * WH + 50 * WH
    assert codes(folded) == ["counter_exchanged"]


def test_the_slot_of_an_exchange_is_estimated_and_the_next_one_is_not():
    folded = fold(None, [*counting(50_000 * KWH, 100), *counting(9_000 * KWH, 2000, start_s=100)], GRID, LIMITS)
    assert [slot.quality for slot in folded.booked] == [Quality.ESTIMATED, Quality.GOOD, Quality.GOOD]


def test_an_index_that_the_meter_had_not_saved_is_counted_on_from_the_lower_one():
    before = fold(None, counting(4_321 * KWH, 600), GRID, LIMITS).state
    folded = fold(
        before, counting(4_321 * KWH + 290 * WH, 600, start_s=1500), GRID, LIMITS, resumed={(T0 + 1500) * 1000}
    )
    assert total(folded) == 590 * WH + 590 * WH
    assert "counter_fell_back" in codes(folded)


@pytest.mark.parametrize("shown_n", [0, (2**32 - 1) * WH])
def test_a_counter_that_shows_something_else_all_night_goes_on_where_it_was(shown_n):
    state = fold(None, counting(4_321 * KWH, 600), GRID, LIMITS).state
    night = fold(state, [((T0 + s) * 1000, shown_n) for s in range(600, 30_000, 10)], GRID, LIMITS)
    folded = fold(night.state, counting(4_321 * KWH + 600 * WH, 100, start_s=30_000), GRID, LIMITS)
    assert total(folded) == 690 * WH
    assert codes(folded)[0] == "counter_returned"


@pytest.mark.parametrize(("high", "grain_n"), [(5_000 * KWH, WH), (50 * KWH, KWH)])
def test_a_counter_that_trembles_is_exact_and_reported_once(high, grain_n):
    limits = replace(LIMITS, grain_n=grain_n)
    low = high - 2 * grain_n
    folded = fold(None, readings(high, low, high, low, low, low, low, low, high, high + grain_n), GRID, limits)
    assert total(folded) == grain_n
    assert codes(folded) == ["counter_dropped"]


def test_a_coarse_counter_may_climb_by_its_unit_at_once():
    raw = [900 * KWH] * 5 + [901 * KWH] * 5
    folded = fold(None, readings(*raw, every_s=1), GRID, replace(LIMITS, grain_n=KWH))
    assert total(folded) == KWH and folded.findings == ()


def test_a_counter_that_is_coarser_than_its_map_says_loses_nothing():
    raw = [n // KWH * KWH for _, n in counting(900 * KWH, 5000)]
    folded = fold(None, readings(*raw), GRID, LIMITS)
    assert total(folded) == 4 * KWH and folded.findings == ()


def test_a_consumer_that_draws_more_than_ever_before_is_believed_when_readings_agree():
    steady = counting(0, 600, per_s_n=30)
    folded = fold(None, [*steady, *counting(steady[-1][1] + 60_000, 300, start_s=600, per_s_n=6_000)], GRID, LIMITS)
    assert total(folded) == steady[-1][1] + 60_000 + 290 * 6_000
    assert folded.findings == ()


def test_a_plant_above_a_megawatt_is_believed_when_it_climbs_alike_for_longer():
    folded = fold(None, counting(0, 600, per_s_n=1_000_000), GRID, LIMITS)
    assert total(folded) == 590 * KWH
    short = fold(None, counting(0, 80, per_s_n=1_000_000), GRID, LIMITS)
    assert total(short) == 0


def test_more_than_the_circuit_can_carry_is_said():
    folded = fold(None, counting(0, 600, per_s_n=40 * WH), GRID, replace(LIMITS, circuit_n=16_000 * 1200))
    assert codes(folded) == ["counter_too_fast"]


def test_a_counter_that_falls_and_is_not_known_to_books_nothing_and_says_why():
    raw = [-987_100_000 - 100_000 * (s // 120) for s in range(0, 6 * 3600, 10)]
    folded = fold(None, readings(*raw), GRID, replace(LIMITS, grain_n=100_000))
    assert total(folded) == 0 and sum(slot.energy_n for slot in folded.booked) == 0
    assert codes(folded).count("counter_falling") == 1 and len(codes(folded)) < 6


def test_a_net_counter_books_what_it_falls_by():
    raw = [5 * KWH - WH * s for s in range(0, 1200, 10)]
    folded = fold(None, readings(*raw), GRID, replace(LIMITS, net=True))
    assert total(folded) == -1190 * WH and folded.findings == ()
    assert folded.booked[0].energy_n == -600 * WH


def test_readings_that_agree_on_nothing_are_reported():
    noise = [(n * 2_654_435_761) % 2**32 * WH for n in range(200)]
    begun = fold(None, counting(5_000 * KWH, 60), GRID, LIMITS).state
    folded = fold(begun, readings(*noise, start_s=60), GRID, LIMITS)
    assert total(folded) == 50 * WH
    assert "counter_unsettled" in codes(folded)


def test_the_energy_of_a_gap_is_kept_spread_and_marked():
    after = counting(7_200_001, 60, start_s=7200)
    folded = fold(None, [(T0 * 1000, 0), *after], GRID, LIMITS)
    assert [slot.energy_n for slot in folded.booked] == [600_000] * 11 + [600_001]
    assert {slot.quality for slot in folded.booked} == {Quality.ESTIMATED}
    (gap,) = folded.findings
    assert (gap.code, gap.since_ms, gap.ts_ms) == ("counter_gap", T0 * 1000, (T0 + 7200) * 1000)


def test_a_short_pause_across_one_edge_marks_its_two_slots_only():
    taken = readings(*range(0, 590, 10), every_s=10) + readings(*range(720, 2500, 10), start_s=720, every_s=10)
    folded = fold(None, taken, GRID, LIMITS)
    assert [slot.quality for slot in folded.booked] == [
        Quality.ESTIMATED,
        Quality.ESTIMATED,
        Quality.GOOD,
        Quality.GOOD,
    ]
    assert folded.findings == ()


def test_a_long_gap_is_spread_over_hours_and_then_over_slots():
    begun = fold(None, [(T0 * 1000, 0)], GRID, LIMITS).state
    grid = replace(GRID, coarse_until=T0 + 2400 + 10 * 3600)
    folded = fold(begun, readings(660, 660, 660, 660, start_s=2400 + 11 * 3600), grid, LIMITS)
    assert [slot.end_ts - slot.start_ts for slot in folded.booked] == [2400] + [3600] * 10 + [600] * 6


def test_a_changed_ct_ratio_makes_an_event_and_no_energy():
    raw = readings(1_000 * KWH, 1_000 * KWH + 50, 5_000 * KWH, 5_000 * KWH + 250)
    folded = fold(None, raw, GRID, LIMITS, rescaled_ms=raw[2][0] - 1)
    assert total(folded) == 50 + 250
    assert codes(folded) == ["counter_rescaled"]


def test_a_slot_length_that_changes_cuts_nothing_that_has_passed():
    begun = fold(None, counting(0, 1300), GRID, LIMITS).state
    folded = fold(begun, counting(1300 * WH, 3000, start_s=1300), Grid(60, GRID.zone), LIMITS)
    assert [slot.end_ts - slot.start_ts for slot in folded.booked[:2]] == [120, 60]
    assert {slot.energy_n // (slot.end_ts - slot.start_ts) for slot in folded.booked} == {WH}


def test_a_counter_that_stands_still_while_power_flows_is_stuck_and_told_once():
    state, found = None, []
    for slot in range(20):
        folded = fold(state, readings(7 * KWH, 7 * KWH, start_s=600 * slot), GRID, LIMITS, expected_n=KWH)
        state, found = folded.state, found + codes(folded)
    assert found.count("counter_stuck") == 1


def test_a_meter_replaced_by_hand_counts_to_the_closing_index_and_on_from_the_opening_index():
    before = fold(None, readings(1_000, 2_000), GRID, LIMITS)
    after = fold(replace_index(before.state, closing_n=2_300, opening_n=77), readings(80, 90, start_s=20), GRID, LIMITS)
    assert total(after) == 1_300 + 13 and after.findings == ()
