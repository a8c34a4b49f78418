"""A set-point is written, read back and refreshed; who does not obey is left to the own watchdog."""

import pytest

from runtime.core.charging.station.lease import Lease, refresh_ms, rest_ms

LEASE = Lease(watchdog_s=30)


def held(limit_ma=16_000, now_ms=0):
    return LEASE.command(limit_ma).written(now_ms, limit_ma)


def test_nothing_is_written_before_anything_is_commanded():
    assert LEASE.due(0) is None


def test_what_is_commanded_is_written_at_once():
    assert LEASE.command(16_000).due(0) == 16_000
    assert held().command(10_000).due(1) == 10_000


def test_what_was_read_back_is_written_again_after_a_while():
    assert held().due(9_999) is None
    assert held().due(10_000) == 16_000


def test_what_does_not_show_is_written_again_after_a_second():
    lease = LEASE.command(16_000).written(0, None)
    assert (lease.due(999), lease.due(1_000)) == (None, 16_000)


@pytest.mark.parametrize("shown", [None, 32_000])
def test_a_station_that_does_not_obey_twice_is_left_alone_until_its_watchdog_acted(shown):
    lease = held(32_000).command(10_000).written(0, shown).written(1_000, shown)
    assert lease.is_quiet(32_999) and lease.due(32_999) is None
    assert not lease.is_quiet(33_000) and lease.due(33_000) == 10_000


def test_whoever_begins_anew_leaves_it_alone_for_the_rest_and_never_longer_than_at_first():
    assert [rest_ms(until, 50_000, 30) for until in (0, 50_000, 60_000, 10**12)] == [0, 0, 10_000, 32_000]
    assert rest_ms(60_000, 50_000, 0) == 0, "without a watchdog nothing acts by itself"
    lease = LEASE.resumed(5_000, 10_000).command(8_000)
    assert (lease.due(14_999), lease.due(15_000)) == (None, 8_000)
    assert LEASE.resumed(5_000, 0).command(8_000).due(5_000) == 8_000


def test_a_server_that_begins_holds_a_station_back_until_its_lines_are_calm_or_its_watchdog_acted():
    lease = LEASE.begun(5_000).command(8_000)
    assert (lease.due(36_999), lease.due(37_000)) == (None, 8_000)
    assert lease.released().due(5_001) == 8_000


def test_calm_lines_release_no_station_that_is_left_alone_since_it_took_no_limit():
    resumed = LEASE.resumed(5_000, 10_000)
    assert resumed.released().is_quiet(14_999)
    failed = LEASE.begun(0).command(8_000).written(32_000, 16_000).written(33_000, 16_000)
    assert failed.released().is_quiet(64_999)


def test_a_station_without_a_watchdog_is_never_held_back():
    assert not Lease(watchdog_s=0).begun(5_000).is_quiet(5_000)


def test_a_station_without_a_watchdog_is_written_to_without_end():
    lease = Lease(watchdog_s=0).command(10_000)
    for now_ms in range(0, 10_000, 1_000):
        assert lease.due(now_ms) == 10_000
        lease = lease.written(now_ms, 32_000)


def test_a_smaller_limit_than_the_commanded_one_obeys():
    assert LEASE.command(16_000).written(0, 13_000).failures == 0


def test_a_station_that_started_anew_gets_its_set_point_back():
    lease = held().observed(32_000)
    assert lease.due(1_000) == 16_000


@pytest.mark.parametrize(
    "watchdog_s, asked_s, expected_ms", [(30, 0, 10_000), (60, 10, 10_000), (3, 0, 2_000), (0, 0, 30_000)]
)
def test_it_is_refreshed_three_times_in_the_time_of_the_watchdog(watchdog_s, asked_s, expected_ms):
    assert refresh_ms(watchdog_s, asked_s) == expected_ms
