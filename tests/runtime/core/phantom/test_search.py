"""Phantoms of one counter: what its index, jumps, edits and power prove, and what stays alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from runtime.core.energy.continuity import Jump
from runtime.core.energy.counterlimits import limits_of
from runtime.core.phantom.evidence import CounterInterval, Evidence
from runtime.core.phantom.phantom import EDITED, JUMPED, NEGATIVE, REPORTED_TWICE, RESET, RETURNED, ROLLED_OVER, Phantom
from runtime.core.phantom.search import find_phantoms

T0, STEP_S, KWH, WH = 1_780_034_400, 600, 1_000_000, 1000
USUAL = limits_of("active_energy_import_wh")
Pair = tuple[int | None, int]  # index, energy, both in 0.001 Wh


def intervals(pairs: Sequence[Pair], power_n: int | None = None) -> list[CounterInterval]:
    starts = range(T0, T0 + len(pairs) * STEP_S, STEP_S)
    return [
        CounterInterval(start_ts, start_ts + STEP_S, index_n, energy_n, power_n)
        for start_ts, (index_n, energy_n) in zip(starts, pairs, strict=True)
    ]


def steady(index_n: int, count: int, each_n: int = 600 * WH) -> list[Pair]:
    return [(index_n + at * each_n, each_n) for at in range(1, count + 1)]


def searched(pairs: Sequence[Pair], *jumps: Jump, edits_ms: Sequence[int] = ()) -> list[Phantom]:
    return find_phantoms(Evidence(intervals(pairs), jumps, edits_ms), USUAL)


def jump(code: str, at: float, before_n: int, after_n: int, author: str = "") -> Jump:
    ts_ms = int((T0 + at * STEP_S) * 1000)
    since_ms = ts_ms if code == "meter_replaced" else ts_ms - 10_000
    return Jump(code, since_ms, ts_ms, before_n, after_n, author=author)


BEFORE = steady(5_000 * KWH + 1, 12)
LAST_N = BEFORE[-1][0] or 0


def and_on(index_n: int) -> list[Pair]:
    return steady(index_n, 12)


def test_a_counter_as_it_should_be_has_none() -> None:
    assert searched([*BEFORE, *and_on(LAST_N)]) == []


def test_an_outage_a_heavier_load_and_a_true_roll_over_are_none() -> None:
    outage = [*BEFORE, (None, 600 * WH), (None, 600 * WH), *and_on(LAST_N + 1200 * WH)]
    heavier = [*BEFORE, *steady(LAST_N, 6, 3000 * WH)]
    rolled = [*BEFORE, (100 * WH, 600 * WH), *and_on(100 * WH)]
    over = jump("counter_rolled_over", 12.5, LAST_N + 400 * WH, 0)
    assert searched(outage) == searched(heavier) == searched(rolled, over) == []


def test_power_that_was_read_beside_it_is_believed() -> None:
    once = [*BEFORE, (LAST_N + 20 * KWH, 20 * KWH), *and_on(LAST_N + 20 * KWH)]
    assert [each.kind for each in searched(once)] == [JUMPED]
    read = intervals(once, 1_200_000)  # 120 kW
    assert find_phantoms(Evidence(read), USUAL) == []


def test_the_circuit_says_what_can_be_where_it_is_known() -> None:
    once = [*BEFORE, (LAST_N + 20 * KWH, 20 * KWH), *and_on(LAST_N + 20 * KWH)]
    rated = limits_of("active_energy_import_wh", rated_ma=125_000)
    assert find_phantoms(Evidence(intervals(once)), rated) == searched(once) != []


@pytest.mark.parametrize(
    ("code", "kind"),
    [("counter_rolled_over", ROLLED_OVER), ("counter_reset", RESET), ("counter_returned", RETURNED)],
)
def test_a_jump_for_which_too_much_was_booked_leaves_what_both_meters_counted(code: str, kind: str) -> None:
    pairs = [*BEFORE, (200 * WH, 350 * KWH), *and_on(200 * WH)]
    (phantom,) = searched(pairs, jump(code, 12.5, LAST_N + 300 * WH, 0))
    assert phantom.kind == kind
    assert phantom.right_n == 300 * WH + 200 * WH
    assert phantom.parts == ((T0 + 12 * STEP_S, T0 + 13 * STEP_S, -phantom.excess_n),)


def test_a_misread_index_leaves_the_way_of_the_true_one() -> None:
    pairs = [*BEFORE, (LAST_N + 600 * WH, 600 * KWH), *and_on(LAST_N + 600 * WH)]
    (phantom,) = searched(pairs)
    assert (phantom.kind, phantom.right_n) == (JUMPED, 600 * WH)


def test_a_misread_index_that_was_recorded_does_too() -> None:
    pairs = [*BEFORE, (LAST_N + 600 * KWH, 600 * KWH), (LAST_N + 1200 * WH, 600 * WH), *and_on(LAST_N + 1200 * WH)]
    (phantom,) = searched(pairs)
    assert (phantom.kind, phantom.right_n) == (JUMPED, 600 * WH)


def test_zeros_before_a_silence_are_no_way() -> None:
    night = [(0, 0), *[(None, 833 * KWH)] * 5, (LAST_N, 833 * KWH)]
    (phantom,) = searched([*BEFORE, *night, *and_on(LAST_N)])
    assert phantom.right_n == 0 and phantom.excess_n == 6 * 833 * KWH
    assert sum(energy_n for _, _, energy_n in phantom.parts) == pytest.approx(-6 * 833 * KWH, abs=20)


def test_a_line_across_an_edge_has_put_some_of_it_into_the_interval_before() -> None:
    pairs = [*BEFORE[:-1], (LAST_N, 600 * WH + 5 * KWH), (LAST_N + 600 * WH, 345 * KWH), *and_on(LAST_N + 600 * WH)]
    (phantom,) = searched(pairs)
    assert (phantom.start_ts, phantom.end_ts) == (T0 + 11 * STEP_S, T0 + 13 * STEP_S)
    assert phantom.right_n == 1200 * WH


def test_an_edit_passes_no_energy_on() -> None:
    pairs = [*BEFORE, (LAST_N + 1380 * WH, 1380 * WH), *and_on(LAST_N + 1380 * WH)]
    edit_ms = (T0 + 12 * STEP_S + 100) * 1000
    assert searched(pairs) == []
    (phantom,) = searched(pairs, edits_ms=[edit_ms])
    assert (phantom.kind, phantom.right_n) == (EDITED, 600 * WH)
    assert searched([*BEFORE, *and_on(LAST_N)], edits_ms=[edit_ms]) == []


def test_an_exchange_that_was_reported_and_guessed_is_named() -> None:
    pairs = [*BEFORE, (200 * WH, 350 * KWH), *and_on(200 * WH)]
    guessed = jump("counter_rolled_over", 12.5, LAST_N + 300 * WH, 0)
    reported = jump("meter_replaced", 10, LAST_N, 0, "Ann")
    assert [each.kind for each in searched(pairs, guessed, reported)] == [REPORTED_TWICE]


def test_energy_below_zero_is_put_right_where_it_was_taken_for_a_roll_over() -> None:
    falls = [(-100 * KWH - at * WH, -34 * WH) for at in range(6)]
    over = [jump("counter_rolled_over", at + 0.5, 0, -WH) for at in range(6)]
    (phantom,) = searched(falls, *over)
    assert (phantom.kind, phantom.excess_n) == (NEGATIVE, -6 * 34 * WH)
    assert phantom.parts == ((T0, T0 + 6 * STEP_S, 6 * 34 * WH),)
    assert searched(falls) == []  # a counter that may give back


def test_what_was_booked_too_early_is_given_where_the_index_passes_it() -> None:
    early = [*BEFORE, (LAST_N + 600 * WH, 12 * KWH), *[(LAST_N + n * 600 * WH, 0) for n in range(2, 20)]]
    later = steady(LAST_N + 19 * 600 * WH, 6)
    (phantom,) = searched([*early, *later])
    assert sum(energy_n for _, _, energy_n in phantom.parts if energy_n > 0) == 18 * 600 * WH
    assert phantom.right_n == pytest.approx(19 * 600 * WH)
