from __future__ import annotations

import datetime
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from runtime.core.accounting.assignments import date_changes
from runtime.core.clock import timegrid
from runtime.core.energy.bins import address
from runtime.core.site.installation import DeviceSpec, Installation, ZoneSince, as_record, from_record
from runtime.core.site.sitezone import date_zone, key_at, zone_of

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime.datetime(2026, 11, 20, 14, 30, tzinfo=PARIS)
NOW_TS = int(NOW.timestamp())
MIDNIGHT_TS = int(datetime.datetime(2026, 11, 21, tzinfo=PARIS).timestamp())
SITE = Installation(devices=(DeviceSpec(1, "Main", 1, 1, "m"),))
FAR = ("America/New_York", "Asia/Tokyo", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Pago_Pago", "Australia/Lord_Howe")


def moved(zone: str) -> Installation:
    return date_changes(SITE, replace(SITE, zone=zone), NOW_TS)


def test_a_site_that_never_moved_has_a_plain_zone() -> None:
    assert zone_of(SITE) is PARIS and date_changes(SITE, SITE, NOW_TS).zones == ()


def test_a_new_zone_holds_from_the_next_local_midnight_on() -> None:
    site = moved("Asia/Tokyo")
    assert site.zones == (ZoneSince("Europe/Paris"), ZoneSince("Asia/Tokyo", MIDNIGHT_TS))
    zone = zone_of(site)
    assert timegrid.local(MIDNIGHT_TS - 1, zone).isoformat() == "2026-11-20T23:59:59+01:00"
    assert timegrid.local(MIDNIGHT_TS, zone).isoformat() == "2026-11-21T08:00:00+09:00"
    assert (key_at(zone, MIDNIGHT_TS - 1), key_at(zone, MIDNIGHT_TS)) == ("Europe/Paris", "Asia/Tokyo")
    assert key_at(PARIS, 0) == "Europe/Paris"
    assert zone is zone_of(from_record(as_record(site))) and zone.key == "Asia/Tokyo"


def test_a_change_that_did_not_begin_yet_is_replaced_or_forgotten() -> None:
    again = date_zone(moved("Asia/Tokyo"), replace(moved("Asia/Tokyo"), zone="Asia/Kolkata"), NOW_TS + 60)
    assert again.zones == (ZoneSince("Europe/Paris"), ZoneSince("Asia/Kolkata", MIDNIGHT_TS))
    assert date_zone(again, replace(again, zone="Europe/Paris"), NOW_TS + 120).zones == ()


def test_without_devices_a_zone_holds_from_ever() -> None:
    empty = Installation()
    assert date_changes(empty, replace(SITE, zone="Asia/Tokyo"), NOW_TS).zones == ()


def test_what_devices_recorded_that_are_deleted_keeps_its_zone() -> None:
    deleted = date_changes(SITE, replace(SITE, devices=()), NOW_TS)
    assert deleted.assignments
    for empty in (deleted, replace(deleted, assignments=(), used={"device": 1})):
        site = date_changes(empty, replace(empty, zone="Asia/Tokyo"), NOW_TS + 60)
        assert site.zones == (ZoneSince("Europe/Paris"), ZoneSince("Asia/Tokyo", MIDNIGHT_TS))


@pytest.mark.parametrize("name", FAR)
def test_slots_hours_and_days_tile_the_time_across_the_change(name: str) -> None:
    zone = zone_of(moved(name))
    first, last = timegrid.day_of(NOW_TS - 5 * 86_400, zone), timegrid.day_of(NOW_TS + 5 * 86_400, zone)
    starts = [timegrid.day_start(day, zone) for day in range(first, last + 1)]
    assert starts == sorted(starts)
    for day, (start_ts, end_ts) in enumerate(zip(starts, starts[1:], strict=False), first):
        for hour_ts, after_ts in timegrid.hours(start_ts, end_ts, zone):
            assert 0 < after_ts - hour_ts <= 3600
            assert address(hour_ts, zone).day == address(after_ts - 1, zone).day == day
            assert {address(ts, zone).hour for ts, _ in timegrid.intervals(hour_ts, after_ts, 600, zone)} == {hour_ts}
    assert MIDNIGHT_TS in {ts for ts, _ in timegrid.hours(starts[0], starts[-1], zone)}


def test_what_was_booked_before_keeps_its_bins() -> None:
    for name in FAR:
        zone = zone_of(moved(name))
        before = range(MIDNIGHT_TS - 3 * 86_400, MIDNIGHT_TS - 86_400, 1800)
        assert [address(ts, zone) for ts in before] == [address(ts, PARIS) for ts in before]


def test_a_wall_clock_s_time_is_found_on_either_side() -> None:
    zone = zone_of(moved("Asia/Tokyo"))
    for ts in (MIDNIGHT_TS - 7200, MIDNIGHT_TS + 7200):
        wall = timegrid.local(ts, zone).replace(tzinfo=zone)
        assert (int(wall.timestamp()), wall.dst(), wall.tzname()) == (
            ts, datetime.timedelta(0), "CET" if ts < MIDNIGHT_TS else "JST"
        )  # fmt: skip
