import math

from runtime.core.wire.twice import DOUBLED_S, KNOWN_S, PROBATION, Twice

SHAPE = b"\x05\x03\x14"


def answered(at: float = 100.0) -> Twice:
    twice = Twice()
    twice.answered(5, "a", SHAPE, at)
    return twice


def test_at_first_another_request_of_the_same_shape_waits_and_what_cannot_be_mixed_up_does_not():
    twice = answered()
    assert twice.ready_at(5, "b", SHAPE, 100.0) == 100.0 + DOUBLED_S
    assert twice.ready_at(5, "a", SHAPE, 100.0) == -math.inf
    assert twice.ready_at(5, "b", b"\x05\x03\x16", 100.0) == -math.inf
    assert twice.ready_at(6, "b", SHAPE, 100.0) == -math.inf


def test_a_unit_of_which_nothing_came_in_the_pauses_is_asked_at_once():
    twice, now = answered(), 100.0
    for turn in range(PROBATION):
        now += DOUBLED_S
        twice.heard_nothing(5, now)
        twice.answered(5, turn, SHAPE, now)
    assert twice.ready_at(5, "b", SHAPE, now) == -math.inf


def test_a_pause_that_was_too_short_says_nothing():
    twice = answered()
    for _ in range(10):
        twice.heard_nothing(5, 100.1)
    assert twice.ready_at(5, "b", SHAPE, 100.1) > 100.0


def test_one_that_answered_twice_is_waited_for_until_that_is_long_ago():
    twice = answered()
    twice.came_again(5, 100.1)
    assert twice.ready_at(5, "a", SHAPE, 101.0) == 100.0 + DOUBLED_S
    twice.answered(5, "a", SHAPE, 1000.0)
    assert twice.ready_at(5, "a", SHAPE, 100.1 + KNOWN_S) == -math.inf


def test_a_double_now_and_then_makes_nobody_wait_who_was_well():
    twice = answered()
    for _ in range(PROBATION):
        twice.heard_nothing(5, 101.0)
    twice.came_again(5, 101.0)
    assert twice.ready_at(5, "b", SHAPE, 101.0) == -math.inf
    twice.proven(5, 101.0)
    assert twice.ready_at(5, "b", SHAPE, 101.0) == 100.0 + DOUBLED_S
