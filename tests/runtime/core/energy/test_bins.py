"""Where a moment's energy belongs, and what a chart shows."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from runtime.core.energy.bins import Address, Period, address, before, periods_of, start_of

PARIS = ZoneInfo("Europe/Paris")


def test_a_moment_belongs_to_four_local_bins():
    ts = int(datetime(2025, 12, 31, 23, 40, tzinfo=ZoneInfo("UTC")).timestamp())
    assert address(ts, PARIS) == Address(ts - 2400, date(2026, 1, 1).toordinal(), 2026 * 12, 2026)


@pytest.mark.parametrize(("period", "count", "length"), [("month", 28, Period.DAY), ("year", 12, Period.MONTH)])
def test_a_chart_covers_its_whole_period(period, count, length):
    assert (periods_of(period, date(2026, 2, 14))[0], len(periods_of(period, date(2026, 2, 14))[1])) == (length, count)


def test_a_decade_ends_with_the_year_of_its_date():
    assert periods_of("decade", date(2026, 2, 14)) == (Period.YEAR, tuple(range(2017, 2027)))


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("day", date(2024, 2, 29)),
        ("month", date(2024, 2, 29)),
        ("year", date(2023, 1, 1)),
        ("decade", date(2014, 1, 1)),
    ],
)
def test_the_period_before_is_the_calendars(period, expected):
    assert before(period, date(2024, 3, 1)) == expected


def test_bins_start_where_the_calendar_says():
    assert start_of(Period.YEAR, 2026, PARIS) == start_of(Period.MONTH, 2026 * 12, PARIS)
    assert start_of(Period.MONTH, 2026 * 12, PARIS) == start_of(Period.DAY, date(2026, 1, 1).toordinal(), PARIS)
    assert start_of(Period.HOUR, 7200, PARIS) == 7200
