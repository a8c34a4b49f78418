"""Slots tile time, nest in hours, hours in days, days in months, months in years, wherever the site is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.core.clock import timegrid

ZONES = ("Europe/Paris", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns", "America/Sao_Paulo", "Pacific/Apia")
INTERVALS = (60, 300, 600, 900, 1800, 3600)
FROM = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())
TO = int(datetime(2035, 1, 1, tzinfo=UTC).timestamp())

zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.integers(FROM, TO)


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def changes(zone: ZoneInfo) -> list[int]:
    found = []
    for ts in range(FROM, TO, 3600):
        if timegrid.offset_s(ts, zone) != timegrid.offset_s(ts + 3600, zone):
            found.append(ts)
    return found


near_a_change = st.one_of(
    [
        st.tuples(
            st.just(ZoneInfo(name)), st.sampled_from(changes(ZoneInfo(name)) or [FROM]), st.integers(-90_000, 90_000)
        )
        for name in ZONES
    ]
).map(lambda drawn: (drawn[0], drawn[1] + drawn[2]))
anywhere = st.one_of(st.tuples(zones, moments), near_a_change)


@given(anywhere, st.sampled_from(INTERVALS))
def test_slots_tile_time(at, interval_s):
    zone, ts = at
    start, end = timegrid.interval_start(ts, interval_s, zone), timegrid.next_boundary(ts, interval_s, zone)
    assert start <= ts < end <= start + interval_s
    assert timegrid.interval_start(start, interval_s, zone) == start
    assert timegrid.interval_start(end - 1, interval_s, zone) == start
    assert timegrid.interval_start(end, interval_s, zone) == end


@given(anywhere, st.sampled_from(INTERVALS))
def test_a_slot_lies_within_one_hour(at, interval_s):
    zone, ts = at
    start, end = timegrid.interval_start(ts, interval_s, zone), timegrid.next_boundary(ts, interval_s, zone)
    assert timegrid.hour_start(start, zone) <= start < end <= timegrid.next_hour(start, zone)


@given(anywhere)
def test_hours_nest_in_days_days_in_months_months_in_years(at):
    zone, ts = at
    day, month, year = timegrid.day_of(ts, zone), timegrid.month_of(ts, zone), timegrid.year_of(ts, zone)
    day_start, next_day = timegrid.day_start(day, zone), timegrid.day_start(day + 1, zone)
    assert day_start <= ts < next_day
    assert timegrid.hour_start(day_start, zone) == day_start
    assert timegrid.month_start(month, zone) <= day_start < next_day <= timegrid.month_start(month + 1, zone)
    assert timegrid.year_start(year, zone) <= timegrid.month_start(month, zone)
    assert timegrid.month_start(month + 1, zone) <= timegrid.year_start(year + 1, zone)


@given(anywhere)
def test_a_slot_starts_where_the_wall_clock_shows_a_multiple_or_the_offset_changes(at):
    zone, ts = at
    start = timegrid.interval_start(ts, 600, zone)
    changed = timegrid.offset_s(start, zone) != timegrid.offset_s(start - 1, zone)
    assert changed or (start + timegrid.offset_s(start, zone)) % 600 == 0


@given(anywhere)
def test_the_offset_is_the_one_of_the_zone_file(at):
    zone, ts = at
    assert timegrid.offset_s(ts, zone) == datetime.fromtimestamp(ts, zone).utcoffset().total_seconds()


@settings(max_examples=10)
@given(zones, st.integers(2001, 2033))
def test_the_hours_of_a_year_tile_it(zone, year):
    start, end = timegrid.year_start(year, zone), timegrid.year_start(year + 1, zone)
    hours = list(timegrid.hours(start, end, zone))
    assert hours[0][0] == start and hours[-1][1] == end
    assert all(before[1] == after[0] for before, after in zip(hours, hours[1:], strict=False))


@pytest.mark.parametrize(
    ("zone", "day", "lengths"),
    [
        ("Europe/Paris", "2026-03-29", [3600] * 23),
        ("Europe/Paris", "2026-10-25", [3600] * 25),
        ("Australia/Lord_Howe", "2026-10-04", [3600, 3600, 1800] + [3600] * 21),
        ("Australia/Lord_Howe", "2026-04-05", [3600, 3600, 1800] + [3600] * 22),
        ("Asia/Kolkata", "2026-03-29", [3600] * 24),
        ("America/St_Johns", "2026-11-01", [3600] * 25),
        ("America/St_Johns", "2010-11-06", [3600] * 24 + [60, 3540]),  # 00:01 went back to 23:01
        ("America/Sao_Paulo", "2018-11-04", [3600] * 23),  # began at 01:00
    ],
)
def test_a_day_has_the_hours_that_its_wall_clock_shows(zone, day, lengths):
    zone, ordinal = ZoneInfo(zone), date.fromisoformat(day).toordinal()
    start, end = timegrid.day_start(ordinal, zone), timegrid.day_start(ordinal + 1, zone)
    assert [b - a for a, b in timegrid.hours(start, end, zone)] == lengths


def test_a_day_starts_at_local_midnight():
    assert timegrid.day_start(date(2026, 7, 1).toordinal(), ZoneInfo("Asia/Kolkata")) == utc(
        "2026-06-30T18:30:00+00:00"
    )


def test_a_day_that_the_zone_skipped_is_empty():
    apia, skipped = ZoneInfo("Pacific/Apia"), date(2011, 12, 30).toordinal()
    assert timegrid.day_start(skipped, apia) == timegrid.day_start(skipped + 1, apia)


def test_ten_minute_slots_of_kolkata_start_at_its_wall_clock():
    ts = utc("2026-01-01T00:07:00+05:30")
    assert timegrid.interval_start(ts, 3600, ZoneInfo("Asia/Kolkata")) == utc("2026-01-01T00:00:00+05:30")


def test_months_and_years_are_counted_locally():
    paris, ts = ZoneInfo("Europe/Paris"), utc("2025-12-31T23:30:00+00:00")
    assert (timegrid.month_of(ts, paris), timegrid.year_of(ts, paris)) == (2026 * 12, 2026)
