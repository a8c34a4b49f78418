import pytest

from runtime.core.poll.timeout import TimeoutRule, backoff_s


def test_an_unknown_unit_may_take_all_the_time_there_is():
    assert TimeoutRule().timeout_s(1.0) == 1.0


def test_a_steady_unit_is_given_a_fraction_of_it():
    patience = TimeoutRule()
    for _ in range(50):
        patience.answered(0.1)
    assert 0.2 <= patience.timeout_s(1.0) <= 0.3


def test_a_fast_unit_is_still_given_a_quarter_of_a_second():
    patience = TimeoutRule()
    for _ in range(50):
        patience.answered(0.002)
    assert patience.timeout_s(1.0) == 0.25


def test_a_unit_with_slow_spells_is_given_time_for_them():
    patience = TimeoutRule()
    for turn in range(100):
        patience.answered(0.4 if turn % 5 == 0 else 0.05)
    assert patience.timeout_s(3.0) > 0.6


def test_a_time_out_makes_all_the_time_allowed_again():
    patience = TimeoutRule()
    for _ in range(50):
        patience.answered(0.01)
    patience.timed_out()
    assert patience.timeout_s(1.0) == 1.0


def test_the_wait_doubles_up_to_its_limit():
    assert [backoff_s(n, 0.0) for n in (1, 2, 3, 7, 100)] == [1.0, 2.0, 4.0, 60.0, 60.0]


def test_jitter_takes_off_up_to_a_quarter():
    assert backoff_s(3, 1.0) == pytest.approx(3.0)
