"""The site's calendar, by what people who live there would say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.oracle.sitecalendar import SiteCalendar

HOUR_S, DAY_S = 3600, 86_400


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def around(zone: str, day: str) -> SiteCalendar:
    return SiteCalendar(zone, utc(day) - DAY_S, utc(day) + 2 * DAY_S)


def lengths_min(zone: str, day: str) -> list[int]:
    return [(end - start) // 60 for start, end in around(zone, day).hours_of(day)]


@pytest.mark.parametrize(
    ("zone", "day", "start", "hours"),
    [
        ("Europe/Paris", "2026-03-29", "2026-03-28 23:00", [60] * 23),
        ("Europe/Paris", "2026-10-25", "2026-10-24 22:00", [60] * 25),
        ("Europe/Paris", "2026-07-01", "2026-06-30 22:00", [60] * 24),
        ("Asia/Kolkata", "2026-03-29", "2026-03-28 18:30", [60] * 24),
        ("Asia/Kathmandu", "2026-03-29", "2026-03-28 18:15", [60] * 24),
        # 01:30 to 02:00 comes twice: the hour from 1 o'clock is cut where the offset changes
        ("Australia/Lord_Howe", "2026-04-05", "2026-04-04 13:00", [60, 60, 30, *[60] * 22]),
        # 02:00 becomes 02:30
        ("Australia/Lord_Howe", "2026-10-04", "2026-10-03 13:30", [60, 60, 30, *[60] * 21]),
        ("America/St_Johns", "2026-03-08", "2026-03-08 03:30", [60] * 23),
        # at 00:01 back to 23:01 of the day before, whose second midnight counts
        ("America/St_Johns", "2010-11-06", "2010-11-06 02:30", [*[60] * 24, 1, 59]),
        ("America/St_Johns", "2010-11-07", "2010-11-07 03:30", [60] * 24),
        ("America/Sao_Paulo", "2017-10-15", "2017-10-15 03:00", [60] * 23),
        # at 01:00 back to 00:00 of the same day
        ("America/Havana", "2025-11-02", "2025-11-02 04:00", [60] * 25),
        ("Antarctica/Troll", "2026-03-29", "2026-03-29 00:00", [60] * 22),
        ("Pacific/Apia", "2011-12-29", "2011-12-29 10:00", [60] * 24),
        ("Pacific/Apia", "2011-12-31", "2011-12-30 10:00", [60] * 24),
    ],
)
def test_hours_of_a_day(zone: str, day: str, start: str, hours: list[int]) -> None:
    calendar = around(zone, day)
    assert calendar.hours_of(day)[0][0] == utc(start)
    if zone == "America/St_Johns" and day == "2010-11-06":
        assert lengths_min(zone, day)[-2:] == [1, 59]
    assert lengths_min(zone, day) == hours


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Pacific/Apia", "2011-12-30"), ("Pacific/Kiritimati", "1994-12-31"), ("Pacific/Kwajalein", "1993-08-21")],
)
def test_a_day_that_was_skipped_has_no_hours(zone: str, day: str) -> None:
    calendar = around(zone, day)
    assert calendar.hours_of(day) == ()
    assert day not in [bin.label for bin in calendar.bins("day")]
    assert sum(lengths_min(zone, day)) == 0


def test_the_local_year_begins_at_local_midnight() -> None:
    calendar = SiteCalendar("Pacific/Chatham", utc("2025-12-31"), utc("2026-01-02"))
    old, new = calendar.bins("year")
    assert (old.label, new.label) == ("2025", "2026")
    assert old.end_ts == new.start_ts == utc("2025-12-31 10:15")
    assert [bin.label for bin in calendar.bins("month")] == ["2025-12", "2026-01"]


def test_hours_add_up_to_days_and_days_to_months() -> None:
    calendar = SiteCalendar("Europe/Paris", utc("2025-12-31 23:00"), utc("2026-12-31 23:00"))
    hours, days, months = (calendar.bins(length) for length in ("hour", "day", "month"))
    assert (len(hours), len(days), len(months)) == (8760, 365, 12)
    assert [bin.end_ts - bin.start_ts for bin in months][2] == 31 * DAY_S - HOUR_S
    for shorter, longer in ((hours, days), (days, months)):
        edges = {bin.start_ts for bin in shorter} | {shorter[-1].end_ts}
        assert all({bin.start_ts, bin.end_ts} <= edges for bin in longer)


def test_a_new_zone_holds_from_the_moment_on_that_is_given() -> None:
    midnight = utc("2026-09-10 22:00")  # of the 11th in Paris
    calendar = SiteCalendar(
        [(0, "Europe/Paris"), (midnight, "America/New_York")], midnight - DAY_S, midnight + 2 * DAY_S
    )
    lengths = {bin.label: (bin.end_ts - bin.start_ts) // HOUR_S for bin in calendar.bins("day")}
    # the 10th goes on in New York from 18:00 to midnight
    assert lengths["2026-09-10"] == 30 and lengths["2026-09-11"] == 24
    east = SiteCalendar([(0, "Europe/Paris"), (midnight, "Asia/Tokyo")], midnight - DAY_S, midnight + 2 * DAY_S)
    lengths = {bin.label: (bin.end_ts - bin.start_ts) // HOUR_S for bin in east.bins("day")}
    assert lengths["2026-09-10"] == 24 and lengths["2026-09-11"] == 17


def test_slots_are_cut_where_the_offset_changes() -> None:
    day = around("Australia/Lord_Howe", "2026-04-05")
    hour = day.hours_of("2026-04-05")[2]
    assert [end - start for start, end in day.intervals(3600) if hour[0] <= start < hour[1]] == [1800]
    assert [end - start for start, end in day.intervals(600) if hour[0] <= start < hour[1]] == [600] * 3
