from zoneinfo import ZoneInfo

from runtime.core.sample.interval import Intervals

T = 1_780_000_200  # a full ten minutes


def edges():
    return Intervals(600, ZoneInfo("Europe/Paris"))


def test_a_moment_belongs_to_the_slot_that_began_last():
    assert edges().interval_of(T) == edges().interval_of(T + 599) == (T, T + 600)


def test_an_edge_is_passed_once():
    slots = edges()
    assert not slots.has_passed((T + 1) * 1000)
    assert slots.next_in_s((T + 590) * 1000) == 10.0
    assert slots.has_passed((T + 600) * 1000)
    assert not slots.has_passed((T + 601) * 1000)


def test_an_edge_of_the_time_before_the_clock_was_put_right_is_none_that_passed():
    slots = edges()
    slots.has_passed((T + 1) * 1000)
    slots.begin_anew()
    assert not slots.has_passed((T + 700) * 1000)
