"""A candidate is believed once readings agree, over a stretch that noise does not last."""

from __future__ import annotations

from runtime.core.energy.candidate import MOST, Candidate, Tolerance, offer
from runtime.core.energy.counterlimits import Limits

LIMITS = Limits()
TOLERANCE = Tolerance(3_680_000, 690_000_000, 1 << 60, 30_000)


def offered(*readings, is_home=False):
    held = ()
    for ts_s, raw_n in readings:
        held, found = offer(
            held, (ts_s * 1000, raw_n), LIMITS, TOLERANCE, is_home=is_home, follows=True, steady_after_ms=0
        )
    return held, found


def is_agreed(candidate, at_last=False):
    return candidate.is_agreed(TOLERANCE.hourly_n, TOLERANCE.large_n, 1, at_last=at_last)


def test_three_readings_over_half_a_minute_agree():
    assert not is_agreed(offered((0, 0), (10, 10_000), (20, 20_000))[1])
    assert is_agreed(offered((0, 0), (15, 10_000), (30, 20_000))[1])


def test_five_agree_where_the_counter_would_begin_anew_within_a_day():
    readings = [(15 * i, 10_000 * i) for i in range(5)]
    assert not Limits().narrow_n and Limits(modulus_n=65_536_000).narrow_n == 2_730_666
    agreed = [
        offered(*readings[:count])[1].is_agreed(3_680_000, 690_000_000, 1, at_last=False, narrow_n=1_000_000)
        for count in (3, 4, 5)
    ]
    assert agreed == [False, False, True]


def test_what_stands_still_elsewhere_has_to_last_unless_nothing_else_was_believed_for_long():
    zeros = offered(*((s, 0) for s in range(0, 599, 10)))[1]
    assert not is_agreed(zeros) and is_agreed(zeros, at_last=True)
    assert is_agreed(offered(*((s, 0) for s in range(0, 601, 10)))[1])
    assert is_agreed(offered((0, 0), (15, 0), (30, 0), is_home=True)[1])


def test_noise_begins_candidates_and_the_best_are_kept():
    noise = [(s, (9 - s) * 10**12) for s in range(5)]
    held, found = offered(*noise, (10, 5), (20, 1_005), (30, 2_005))
    assert len(held) <= MOST and found.count == 3 and found.first_n == 5


def test_a_last_or_first_reading_that_the_others_leave_behind_was_misread():
    _, found = offered((0, 0), (10, 10_000), (20, 1_500_000), (30, 30_000))
    assert found.readings == ((0, 0), (10_000, 10_000), (30_000, 30_000))
    _, found = offered((0, 0), (10, 1_010_000), (20, 1_020_000))
    assert found.readings == ((10_000, 1_010_000), (20_000, 1_020_000))


def test_a_first_reading_from_which_others_climbed_alike_was_not_misread():
    held = (Candidate(((1_000, 2_000_000),)),)
    for ts_ms, raw_n, steady_after_ms in ((230_000, 8_000_000, 1_000), (290_000, 7_990_000, 0)):
        held, found = offer(
            held, (ts_ms, raw_n), LIMITS, TOLERANCE, is_home=False, follows=True, steady_after_ms=steady_after_ms
        )
    assert found.first_ms == 1_000 and is_agreed(found)


def test_many_readings_keep_their_first_and_their_last():
    _, found = offered(*((s, 10 * s) for s in range(100)))
    assert (found.count, found.first_ms, found.last_ms) == (100, 0, 99_000)
    assert isinstance(found, Candidate) and len(found.readings) < 30


def test_a_candidate_follows_the_clock():
    moved = Candidate(((1000, 5), (2000, 6)), is_home=True, count=4).moved(-500)
    assert moved == Candidate(((500, 5), (1500, 6)), is_home=True, count=4)


def test_one_of_two_or_three_that_the_next_reading_follows_is_enough_to_begin_with():
    _, found = offered((0, 81_234_000), (10, 6_200_000_000), (20, 81_254_000))
    assert found.readings == ((0, 81_234_000), (20_000, 81_254_000))
    _, found = offered((0, 0), (10, 81_234_000), (20, 81_244_000))
    assert found.readings == ((10_000, 81_234_000), (20_000, 81_244_000))
    _, found = offered((0, 0), (10, 2_000_000_000), (20, 6_000_000_000), (30, 30_000))
    assert found.readings == ((0, 0), (30_000, 30_000))
