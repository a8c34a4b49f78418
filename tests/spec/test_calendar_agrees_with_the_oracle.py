"""Slots, hours, days, months and years are those of the oracle, in any zone and around any change of the clock."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.core.clock import timegrid
from tests.oracle import generator
from tests.oracle.sitecalendar import SiteCalendar

ZONES = (
    "Africa/Casablanca", "America/Asuncion", "America/Havana", "America/New_York", "America/Nuuk",
    "America/Sao_Paulo", "America/St_Johns", "Antarctica/Troll", "Asia/Amman", "Asia/Beirut", "Asia/Kathmandu",
    "Asia/Gaza",
    "Asia/Kolkata", "Asia/Pyongyang", "Asia/Tehran", "Australia/Adelaide", "Australia/Eucla", "Australia/Lord_Howe",
    "Europe/Istanbul", "Europe/Lisbon", "Europe/Paris", "Europe/Volgograd", "Pacific/Apia", "Pacific/Bougainville",
    "Pacific/Chatham", "Pacific/Fakaofo", "Pacific/Norfolk", "UTC",
)  # fmt: skip
FIRST, LAST = 631_152_000, 2_082_758_400  # 1990 to 2036
DAY_S = 86_400


def utc(day: str) -> int:
    return int(datetime.datetime.fromisoformat(day).replace(tzinfo=datetime.UTC).timestamp())


def check(zone: ZoneInfo, calendar: SiteCalendar) -> None:
    for hour in calendar.bins("hour"):
        assert timegrid.hour_start(hour.end_ts - 1, zone) == hour.start_ts
        assert timegrid.next_hour(hour.start_ts, zone) == hour.end_ts
    days = calendar.bins("day")
    for day in days[1:-1]:
        ordinal = datetime.date.fromisoformat(str(day.label)).toordinal()
        assert timegrid.day_start(ordinal, zone) == day.start_ts
        assert {timegrid.day_of(ts, zone) for ts in (day.start_ts, day.end_ts - 1)} == {ordinal}
    for before, after in zip(calendar.bins("month"), calendar.bins("month")[1:], strict=False):
        year, month = str(after.label).split("-")
        assert timegrid.month_start(int(year) * 12 + int(month) - 1, zone) == after.start_ts == before.end_ts
    for _, after in zip(calendar.bins("year"), calendar.bins("year")[1:], strict=False):
        assert timegrid.year_start(int(after.label), zone) == after.start_ts


@given(st.sampled_from(ZONES), st.integers(FIRST, LAST))
def test_hours_days_months_and_years_at_any_time(name: str, ts: int) -> None:
    check(ZoneInfo(name), SiteCalendar(name, ts, ts + 5 * DAY_S))


@pytest.mark.parametrize(("name", "day"), generator.DAYS)
def test_hours_days_months_and_years_where_the_clock_changes(name: str, day: str) -> None:
    check(ZoneInfo(name), SiteCalendar(name, utc(day) - 2 * DAY_S, utc(day) + 4 * DAY_S))


@given(st.sampled_from(generator.DAYS), st.sampled_from([60, 300, 600, 900, 1800, 3600]))
def test_slots_of_any_length(zone_day: tuple[str, str], interval_s: int) -> None:
    name, day = zone_day
    calendar = SiteCalendar(name, utc(day), utc(day) + 2 * DAY_S)
    slots = list(calendar.intervals(interval_s))
    assert slots == list(timegrid.intervals(slots[0][0], slots[-1][1], interval_s, ZoneInfo(name)))
