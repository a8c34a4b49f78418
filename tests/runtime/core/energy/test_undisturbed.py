"""The short ways of the fold are the same and only quicker, or leave it to the fold."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.core.clock.timegrid import Grid
from runtime.core.energy.counterlimits import Limits
from runtime.core.energy.ledger import fold
from runtime.core.energy.ledgerwalk import Walk
from runtime.core.energy.undisturbed import fold_on_edges, fold_undisturbed
from runtime.core.quantity.quality import Quality

GRID = Grid(600, ZoneInfo("Europe/Paris"))
LIMITS = Limits()
T0 = 1_700_000_400  # an edge
KWH = 1_000_000  # steps


def walked(state, readings, grid, limits, resumed, steady, expected_n):
    walk = Walk(state, grid, limits)
    for ts_ms, raw_n in readings:
        if ts_ms > walk.newest_ms:
            walk.take(ts_ms, raw_n, resumed=ts_ms in resumed, steady=ts_ms in steady)
    return walk.end(expected_n)


# seconds since the reading before, steps that it climbed by, whether it is marked as resumed or steady
steps = st.tuples(
    st.sampled_from([-5, 0, 1, 10, 10, 10, 10, 60, 600, 3000, 100_000]),
    st.sampled_from([0, 1, 10, 1_000, 10_000, 10_000, 40_000, 2_000_000, -1, -30_000]),
    st.sampled_from(["", "", "", "", "resumed", "steady"]),
)
limits = st.builds(
    Limits, circuit_n=st.sampled_from([0, 19_200_000]), grain_n=st.sampled_from([1, 1_000]),
    float_bits=st.sampled_from([0, 24]), net=st.booleans(), bracket_ms=st.sampled_from([20_000, 60_000]),
    pause_ms=st.sampled_from([640_000, 3_600_000]), stuck_n=st.just(3 * KWH),
)  # fmt: skip


@given(st.lists(st.lists(steps, max_size=6), min_size=1, max_size=12), limits, st.sampled_from([0, KWH]))
def test_an_undisturbed_fold_is_the_same_and_only_quicker(samples, allowed, expected_n):
    ts_ms, raw_n = T0 * 1000 + 1, 5 * KWH
    state = fold(None, [(ts_ms, raw_n)], GRID, allowed).state
    for sample in samples:
        readings, marks = [], {"resumed": [], "steady": [], "": []}
        for after_s, climb_n, mark in sample:
            ts_ms, raw_n = ts_ms + after_s * 1000, raw_n + climb_n
            readings.append((ts_ms, raw_n))
            marks[mark].append(ts_ms)
        marked = {"resumed": tuple(marks["resumed"]), "steady": tuple(marks["steady"])}
        slow = walked(state, readings, GRID, allowed, **marked, expected_n=expected_n)
        quick = fold_undisturbed(state, readings, GRID, allowed, **marked, expected_n=expected_n)
        assert quick is None or quick == slow
        assert fold(state, readings, GRID, allowed, **marked, expected_n=expected_n) == slow
        state = slow.state


def test_a_counter_that_counts_as_ever_is_folded_the_short_way():
    times = (0, 595, 605, 1_195, 1_205)
    readings = [((T0 + s) * 1000, 1_000 * s) for s in times]
    learnt = fold(None, readings[:3], GRID, LIMITS).state
    folded = fold_undisturbed(learnt, readings[3:], GRID, LIMITS, steady=(readings[3][0],))
    booked = [(slot.end_ts, slot.energy_n, slot.quality) for slot in folded.booked]
    assert booked == [(T0 + 1_200, 600_000, Quality.GOOD)]


@pytest.mark.parametrize(
    ("readings", "marks"),
    [
        ([(10, -1)], {}),
        ([(10, 40 * KWH)], {}),
        ([(10, 5)], {"resumed": ((T0 + 10) * 1000,)}),
        ([(4_000, 5)], {}),
        ([(599, 5), (601, 6), (1_199, 7), (1_201, 8)], {}),
    ],
    ids=["fallen", "too fast", "after a silence", "much later", "two edges"],
)
def test_what_is_odd_is_left_to_the_fold(readings, marks):
    state = fold(None, [(T0 * 1000, 0)], GRID, LIMITS).state
    at = [((T0 + s) * 1000, n) for s, n in readings]
    assert fold_undisturbed(state, at, GRID, LIMITS, **marks) is None
    assert fold_undisturbed(state._replace(again_ts=T0 + 600), [((T0 + 10) * 1000, 1)], GRID, LIMITS) is None
    assert fold_undisturbed(state, [((T0 + 10) * 1000, 0)], GRID, replace(LIMITS, stuck_n=1), expected_n=1) is None


@given(st.lists(st.integers(0, 600_000), min_size=1, max_size=30))
def test_folding_on_edges_is_the_same_and_only_faster(climbed):
    edges = [T0 + 600 * (i + 1) for i in range(len(climbed))]
    indexes = [10_000 * KWH + sum(climbed[: i + 1]) for i in range(len(climbed))]
    begun = fold(None, [(T0 * 1000, 10_000 * KWH)], GRID, LIMITS).state
    slow = fold(begun, [(ts * 1000, n) for ts, n in zip(edges, indexes, strict=True)], GRID, LIMITS)
    state, energies = fold_on_edges(begun, edges, indexes, LIMITS)
    assert state == slow.state and energies == [slot.energy_n for slot in slow.booked] == climbed
    assert {slot.quality for slot in slow.booked} == {Quality.GOOD} and slow.findings == ()


@pytest.mark.parametrize("index_n", [5, 10**18, 10_000 * KWH + 40 * KWH])
def test_folding_on_edges_leaves_odd_counters_to_the_fold(index_n):
    begun = fold(None, [(T0 * 1000, 10_000 * KWH)], GRID, LIMITS).state
    assert fold_on_edges(begun, [T0 + 600], [index_n], LIMITS) is None
    assert fold_on_edges(begun._replace(paused=True), [T0 + 600], [10_000 * KWH], LIMITS) is None
