from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.core.energy.candidate import AGREED_MS, AGREEING
from runtime.core.energy.counterlimits import CounterFacts
from runtime.core.sample.aggregation import ODD_MOST, CounterReadings, Gauges, readings_of

WH = "active_energy_import_wh"


def trail_of(*readings):
    trail = CounterReadings(WH)
    for ts_s, raw_n in readings:
        trail.take(ts_s * 1000, raw_n)
    return trail


def kept_of(trail):
    return list(readings_of(trail.cut().readings))


def seconds(readings):
    return [ts_ms // 1000 for ts_ms, _ in readings]


BEGUN = [0, 1, 2, 3, 10, 17, 24, 31, 38]  # of a reading each second: followers, and some of the rest of 40 s


def test_of_a_steady_counter_only_the_first_ones_and_the_last_are_kept():
    trail = trail_of(*((s, 100 * s) for s in range(60)))
    assert seconds(kept_of(trail)) == [*BEGUN, 59]
    for s in range(60, 120):
        trail.take(s * 1000, 100 * s)
    readings, resumed, steady = trail.cut()
    assert (seconds(readings_of(readings)), resumed, steady) == ([59, 60, 119], (), (119_000,))


def test_after_a_silence_the_first_readings_are_kept_and_marked():
    trail = trail_of(*((s, s) for s in (0, 10, 20, 30, 40, 50, 110, 120, 130, 140, 150, 300, 310, 320)))
    readings, resumed, steady = trail.cut()
    assert resumed == (0, 300_000)
    assert seconds(readings_of(readings)) == [0, 10, 20, 30, 150, 300, 310, 320] and steady == (150_000,)


def test_those_after_a_silence_span_half_a_minute_also_where_each_is_a_little_early_or_late():
    trail = CounterReadings(WH)
    for ts_ms in (0, 10_600, 19_600, 29_600, 40_300, 50_100, 60_200):
        trail.take(ts_ms, ts_ms)
    kept = [ts_ms for ts_ms, _ in readings_of(trail.cut().readings)]
    assert kept == [0, 10_600, 19_600, 29_600, 40_300, 60_200]


def test_a_counter_that_may_fall_is_steady_while_it_falls():
    trail = CounterReadings(WH, CounterFacts(net=True))
    for ts_s in range(60):
        trail.take(ts_s * 1000, -100 * ts_s)
    assert seconds(kept_of(trail)) == [*BEGUN, 59]


def test_the_last_before_the_slot_leads_the_next_one():
    trail = trail_of(*((s, s) for s in range(10, 70, 10)))
    trail.cut()
    for s in range(70, 100, 10):
        trail.take(s * 1000, s)
    assert seconds(kept_of(trail)) == [60, 70, 90]


def test_a_slot_without_a_reading_has_no_trail():
    trail = trail_of((10, 1))
    trail.cut()
    assert trail.cut() == (array("q"), (), ())


def test_a_fall_is_kept_with_its_neighbours():
    readings = [(s, 1_000_000 + s) for s in range(100)]
    readings[50:] = [(s, s) for s in range(50, 100)]
    followed = [60, 67, 74, 81, 88]
    assert seconds(kept_of(trail_of(*readings))) == [*BEGUN, 49, 50, 51, 52, 53, *followed, 99]


@pytest.mark.parametrize("poll_s", [1, 2, 5, 9, 10, 11, 20, 60])
def test_after_an_odd_one_enough_are_kept_to_agree_however_quick_polls_are(poll_s):
    trail = trail_of(*((s, s) for s in range(0, 300, poll_s)))
    trail.cut()
    for s in range(300, 1200, poll_s):
        trail.take(s * 1000, 10**9 + s)
    odd = [ts_ms for ts_ms, raw_n in kept_of(trail) if raw_n >= 10**9][:-1]
    assert len(odd) >= AGREEING and odd[-1] - odd[0] >= AGREED_MS and len(odd) < 12


def test_a_jump_is_kept_with_its_neighbours():
    readings = [(s, s + (10**12 if s == 50 else 0)) for s in range(100)]
    followed = [61, 68, 75, 82, 89]
    assert seconds(kept_of(trail_of(*readings))) == [*BEGUN, 49, 50, 51, 52, 53, 54, *followed, 99]


def test_the_neighbours_of_an_odd_reading_may_lie_in_the_next_slot():
    trail = trail_of((1, 100), (2, 101), (3, 5))
    trail.cut()
    for s in range(4, 10):
        trail.take(s * 1000, 10 * s)
    assert seconds(kept_of(trail)) == [3, 4, 5, 6, 9]


def test_a_counter_gone_mad_keeps_within_bounds():
    trail = trail_of(*((s, s % 2 * 10**15) for s in range(1000)))
    assert len(kept_of(trail)) <= ODD_MOST + 2


def test_a_reading_that_is_not_newer_is_passed_over():
    assert kept_of(trail_of((10, 1), (10, 2), (9, 3))) == [(10_000, 1)]


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 10**13)), min_size=1, max_size=80), st.integers(0, 80))
def test_what_is_kept_is_in_order_and_begins_and_ends_with_what_was_read(steps, cut_at):
    trail, ts_ms, taken = CounterReadings(WH), 0, []
    for i, (pause_s, raw_n) in enumerate(steps):
        if i == cut_at:
            trail.cut()
            taken = taken[-1:]
        ts_ms += pause_s * 1000
        trail.take(ts_ms, raw_n)
        taken.append((ts_ms, raw_n))
    kept = kept_of(trail)
    assert kept == sorted(set(kept))
    assert kept[0] == taken[0]
    assert kept[-1] == taken[-1]
    assert set(kept) <= set(taken)


def test_a_gauge_has_its_mean_and_extremes():
    gauges = Gauges([0, 2])
    for n in range(100):
        gauges.take([n, "text", -n])
    assert gauges.cut() == {
        (0, "mean"): 50, (0, "min"): 0, (0, "max"): 99, (0, "last"): 99,
        (2, "mean"): -49, (2, "min"): -99, (2, "max"): 0, (2, "last"): -99,
    }  # fmt: skip


def test_missing_values_count_for_nothing():
    gauges = Gauges([0])
    for value in (None, 4, None, 8, None):
        gauges.take([value])
    assert gauges.cut() == {(0, "mean"): 6, (0, "min"): 4, (0, "max"): 8, (0, "last"): 8}


def test_a_gauge_that_was_never_read_has_nothing_to_tell():
    gauges = Gauges([0])
    gauges.take([None])
    assert gauges.cut() == {}


@given(st.lists(st.one_of(st.none(), st.integers(-(10**9), 10**9)), max_size=70))
def test_statistics_do_not_depend_on_how_readings_are_added_up(column):
    gauges = Gauges([0])
    for value in column:
        gauges.take([value])
    known = [value for value in column if value is not None]
    if known:
        mean = (2 * sum(known) + len(known)) // (2 * len(known))
        assert gauges.cut() == {
            (0, "mean"): mean,
            (0, "min"): min(known),
            (0, "max"): max(known),
            (0, "last"): known[-1],
        }
    else:
        assert gauges.cut() == {}


def test_readings_get_the_time_of_a_clock_that_was_put_right():
    trail = trail_of(*((s, s) for s in (100, 110, 120, 130, 140, 300, 310)))
    trail.shift(-60_000)
    trail.take(260_000, 320)
    right = trail_of(*((s, s + 60) for s in (40, 50, 60, 70, 80, 240, 250, 260)))
    assert trail.cut() == right.cut()
