"""Each line of the table in docs/history.md."""

from __future__ import annotations

import pytest

from runtime.core.energy.belief import Former, Standing, judge
from runtime.core.energy.candidate import Candidate
from runtime.core.energy.counterlimits import Limits

KWH = 1_000_000
HOUR_MS = 3_600_000
AT = Standing(0, 5_000 * KWH, 70 * KWH, 0, None, 0)
FORMER = Former(-HOUR_MS, 2_000 * KWH, 70 * KWH)


def verdict(first_n, *, at=AT, limits=Limits(), after_ms=HOUR_MS):
    readings = tuple((after_ms + s * 1000, first_n + 1000 * s) for s in (0, 15, 30))
    found = judge(at, Candidate(readings), limits, 3_680_000, 30_000)
    return found.code, found.advance_n


def standing(**changes):
    return Standing(**{name: changes.get(name, getattr(AT, name)) for name in Standing.__slots__})


@pytest.mark.parametrize(
    ("first_n", "expected"),
    [
        (5_003 * KWH, ("", 3 * KWH)),
        (5_000 * KWH - 20_000, ("counter_dropped", 0)),
        (1 * KWH, ("counter_reset", 0)),
        (4_998 * KWH, ("counter_fell_back", 0)),
        (4_000 * KWH, ("counter_exchanged", 0)),
        (6_000 * KWH, ("counter_exchanged", 0)),
    ],
)
def test_a_candidate_is_the_first_line_that_fits(first_n, expected):
    assert verdict(first_n) == expected


def test_only_a_known_span_rolls_over():
    at = standing(raw_n=65_535 * 20_000)
    assert verdict(20_000, at=at, limits=Limits(modulus_n=65_536 * 20_000)) == ("counter_rolled_over", 40_000)
    assert verdict(20_000, at=at) == ("counter_reset", 0)


def test_what_did_not_count_was_no_counter_however_long_ago():
    at = standing(raw_n=0, former=FORMER)
    assert verdict(2_003 * KWH, at=at, after_ms=HOUR_MS) == ("counter_returned", 3 * KWH)
    assert verdict(2_003 * KWH, at=at, after_ms=90 * 24 * HOUR_MS) == ("counter_returned", 3 * KWH)


def test_what_counted_is_given_a_day_and_what_it_counted_is_not_counted_twice():
    at = standing(raw_n=KWH, total_n=71 * KWH, former=FORMER)
    assert verdict(2_003 * KWH, at=at) == ("counter_returned", 2 * KWH)
    assert verdict(2_003 * KWH, at=at, after_ms=26 * HOUR_MS)[0] == "counter_exchanged"


def test_a_third_fall_in_a_row_is_a_counter_that_falls_and_is_reported_once():
    assert verdict(4_999 * KWH, at=standing(falls=2)) == ("counter_falling", 0)
    assert verdict(4_999 * KWH, at=standing(falls=3)) == ("", 0)


def test_the_rated_current_bounds_a_climb():
    assert verdict(5_030 * KWH, limits=Limits(circuit_n=16_000 * 1200)) == ("counter_exchanged", 0)
    assert verdict(5_030 * KWH, limits=Limits(circuit_n=32_000 * 1200)) == ("", 30 * KWH)


@pytest.mark.parametrize(
    ("first_n", "expected"),
    [
        (5_600 * KWH, ("", 600 * KWH)),  # what a week of its most can be, though it moved a moment ago
        (7_000 * KWH, ("counter_exchanged", 0)),
        (4_998 * KWH, ("counter_dropped", 0)),  # what its server had not kept, and counts again
        (4_900 * KWH, ("counter_exchanged", 0)),
        (1 * KWH, ("counter_reset", 0)),
    ],
)
def test_a_ledger_of_another_server_catches_up_at_once(first_n, expected):
    at = standing(moved_ms=HOUR_MS)
    assert verdict(first_n, at=at, limits=Limits(ledger=True)) == expected


def test_when_a_ledger_counted_what_it_catches_up_with_nobody_knows():
    found = Candidate(tuple((HOUR_MS + s * 1000, 5_600 * KWH) for s in (0, 15, 30)))
    assert judge(AT, found, Limits(ledger=True), 3_680_000, 30_000).is_late
    found = Candidate(tuple((HOUR_MS + s * 1000, 5_003 * KWH) for s in (0, 15, 30)))
    assert not judge(AT, found, Limits(ledger=True), 3_680_000, 30_000).is_late


def test_a_slave_that_was_another_one_for_a_while_is_not_counted_twice():
    at = standing(raw_n=KWH, total_n=71 * KWH, former=FORMER, moved_ms=HOUR_MS)
    assert verdict(2_003 * KWH, at=at, limits=Limits(ledger=True)) == ("counter_returned", 2 * KWH)
