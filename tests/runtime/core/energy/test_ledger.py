"""The ledger climbs as the counter does, whatever the counter does."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.core.clock.timegrid import Grid
from runtime.core.energy.counterlimits import Limits
from runtime.core.energy.ledger import fold, fold_on_edges, replace_index
from runtime.core.quantity.quality import Quality

GRID = Grid(600, ZoneInfo("Europe/Paris"))
LIMITS = Limits()
T0 = 1_700_000_400  # an edge
KWH = 1_000_000  # steps


def readings(*raw_n, start_s=0, every_s=10):
    return [((T0 + start_s + every_s * i) * 1000, n) for i, n in enumerate(raw_n)]


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
    folded = fold(None, taken, GRID, LIMITS)
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
    most_n = LIMITS.per_s_n * (10 * len(raw) + 15 * len(raw)) + len(raw) * 1_000_000_000
    energies = [slot.energy_n for slot in folded.booked]
    assert all(energy_n >= 0 for energy_n in energies)
    assert 0 <= total(folded) <= most_n


@given(st.integers(1, 10**14), wild, st.integers(1, 20))
def test_a_single_glitch_leaves_no_trace_in_the_energy(first_n, glitch_n, at):
    true = [first_n + 7 * i for i in range(30)]
    seen = [*true]
    seen[at] = glitch_n
    folded = fold(None, readings(*seen), GRID, LIMITS)
    jumps = abs(glitch_n - first_n) > LIMITS.per_s_n * 20 and "counter_rolled_over" not in codes(folded)
    if jumps and first_n % (glitch_n - true[at - 1]):
        assert total(folded) == true[-1] - true[0]
        assert codes(folded) == ["counter_glitch"]


@pytest.mark.parametrize("modulus_n", [2**16 * 1000, 2**32, 2**32 * 1000, 10**13, 10**12])
def test_a_counter_that_rolls_over_goes_on(modulus_n):
    folded = fold(None, readings(modulus_n - 300, modulus_n - 100, 100, 300), GRID, LIMITS)
    assert total(folded) == 600
    assert codes(folded) == ["counter_rolled_over"] and folded.state.rollovers == 1


def test_a_reset_counts_from_zero_once_three_readings_agree():
    before = fold(None, readings(5_000 * KWH, 5_000 * KWH + 100), GRID, LIMITS)
    held = fold(before.state, readings(50, 150, start_s=20), GRID, LIMITS)
    assert total(held) == 100 and len(held.state.held) == 2
    folded = fold(held.state, readings(250, 350, start_s=40), GRID, LIMITS)
    assert total(folded) == 100 + 350
    assert codes(folded) == ["counter_reset"]


@pytest.mark.parametrize("start_n", [3_000 * KWH, 90_000 * KWH])
def test_an_exchanged_meter_starts_lower_or_higher_without_a_jump(start_n):
    raw = [50_000 * KWH, 50_000 * KWH + 100, start_n, start_n + 100, start_n + 200, start_n + 300]
    folded = fold(None, readings(*raw), GRID, LIMITS)
    assert total(folded) == 100 + 300
    assert codes(folded) == ["counter_exchanged"]


def test_the_slot_of_an_exchange_is_estimated_and_the_next_one_is_not():
    raw = [50_000 * KWH] * 10 + [9_000 * KWH] * 200
    folded = fold(None, readings(*raw), GRID, LIMITS)
    assert [slot.quality for slot in folded.booked] == [Quality.ESTIMATED, Quality.GOOD, Quality.GOOD]


def test_a_counter_that_shows_zero_for_a_while_and_comes_back_books_what_passed_and_no_more():
    raw = [5_000 * KWH, 5_000 * KWH + 100, 0, 0, 0, 0, 0, 5_000 * KWH + 700, 5_000 * KWH + 800]
    folded = fold(None, readings(*raw), GRID, LIMITS)
    assert total(folded) == 800
    assert codes(folded) == ["counter_reset", "counter_returned"]


@pytest.mark.parametrize(("high", "low"), [(5_000 * KWH, 5_000 * KWH - 1), (50 * KWH, 49 * KWH)])
def test_a_counter_that_falls_by_one_step_is_no_reset(high, low):
    folded = fold(None, readings(high, low, high, low, high + KWH // 100), GRID, LIMITS)
    assert total(folded) == KWH // 100
    assert codes(folded) == ["counter_dropped"]


def test_a_coarse_counter_may_climb_by_its_unit_at_once():
    raw = [900 * 10 * KWH] * 5 + [901 * 10 * KWH] * 5
    folded = fold(None, readings(*raw, every_s=1), GRID, LIMITS)
    assert total(folded) == 10 * KWH and folded.findings == ()


def test_the_energy_of_a_gap_is_kept_spread_and_marked():
    folded = fold(None, [(T0 * 1000, 0), ((T0 + 7200) * 1000, 7_200_001)], GRID, LIMITS)
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
    folded = fold(begun, [((T0 + 2400 + 11 * 3600) * 1000, 660)], grid, LIMITS)
    assert [slot.end_ts - slot.start_ts for slot in folded.booked] == [2400] + [3600] * 10 + [600] * 6


def test_a_changed_ct_ratio_makes_an_event_and_no_energy():
    raw = readings(1_000 * KWH, 1_000 * KWH + 50, 5_000 * KWH, 5_000 * KWH + 250)
    folded = fold(None, raw, GRID, LIMITS, rescaled_ms=raw[2][0] - 1)
    assert total(folded) == 50 + 250
    assert codes(folded) == ["counter_rescaled"]


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


@given(st.lists(st.integers(0, 6 * KWH), min_size=1, max_size=30))
def test_folding_on_edges_is_the_same_and_only_faster(climbed):
    edges = [T0 + 600 * (i + 1) for i in range(len(climbed))]
    indexes = [10_000 * KWH + sum(climbed[: i + 1]) for i in range(len(climbed))]
    begun = fold(None, [(T0 * 1000, 10_000 * KWH)], GRID, LIMITS).state
    slow = fold(begun, [(ts * 1000, n) for ts, n in zip(edges, indexes, strict=True)], GRID, LIMITS)
    state, energies = fold_on_edges(begun, edges, indexes, LIMITS)
    assert state == slow.state and energies == [slot.energy_n for slot in slow.booked] == climbed
    assert {slot.quality for slot in slow.booked} == {Quality.GOOD} and slow.findings == ()


def test_folding_on_edges_leaves_odd_counters_to_the_fold():
    begun = fold(None, [(T0 * 1000, 10_000 * KWH)], GRID, LIMITS).state
    assert fold_on_edges(begun, [T0 + 600], [5], LIMITS) is None
    assert fold_on_edges(begun, [T0 + 600], [10**18], LIMITS) is None
