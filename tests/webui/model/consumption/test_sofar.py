from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from runtime.store.chart.consumption import ConsumptionBin
from runtime.store.chart.spans import spans_of
from webui.model.consumption.sofar import SoFar, sum_until

ZONE = ZoneInfo("Europe/Paris")


def _bars(day: date, value_n: int | None = 3600, period: str = "day") -> list[ConsumptionBin]:
    return [
        ConsumptionBin(span.start_ts, span.end_ts, value_n, cost_p=value_n and value_n * 2)
        for span in spans_of(period, day, ZONE)
    ]


def test_whole_hours_count_and_the_running_one_by_its_share() -> None:
    now = datetime(2026, 11, 20, 14, 30, 59, tzinfo=ZONE)
    half_past = 14 * 3600 + 1800
    assert sum_until(_bars(date(2026, 11, 19)), "day", now, ZONE) == SoFar(half_past, 2 * half_past)


def test_at_midnight_nothing_was_taken_yet() -> None:
    assert sum_until(_bars(date(2026, 11, 19)), "day", datetime(2026, 11, 20, tzinfo=ZONE), ZONE) == SoFar(0, 0)


def test_what_is_not_known_stays_unknown() -> None:
    afternoon = datetime(2026, 11, 20, 14, tzinfo=ZONE)
    assert sum_until(_bars(date(2026, 11, 19), None), "day", afternoon, ZONE) == SoFar(None, None)


def test_a_repeated_hour_counts_twice_and_a_skipped_one_not() -> None:
    noon = datetime(2026, 10, 26, 12, tzinfo=ZONE)
    assert sum_until(_bars(date(2026, 10, 25)), "day", noon, ZONE).total_n == 13 * 3600
    assert sum_until(_bars(date(2026, 3, 29)), "day", noon, ZONE).total_n == 11 * 3600


def test_a_month_counts_its_days_until_this_time_of_this_day() -> None:
    now = datetime(2026, 11, 20, 18, tzinfo=ZONE)
    assert sum_until(_bars(date(2026, 10, 1), 2400, "month"), "month", now, ZONE).total_n == 19 * 2400 + 1800


def test_a_month_that_is_shorter_than_today_counts_as_a_whole() -> None:
    now = datetime(2026, 3, 31, 12, tzinfo=ZONE)
    assert sum_until(_bars(date(2026, 2, 1), 100, "month"), "month", now, ZONE).total_n == 2800


def test_a_year_counts_its_months_and_of_this_one_the_days_that_passed() -> None:
    now = datetime(2026, 11, 16, 0, tzinfo=ZONE)
    assert sum_until(_bars(date(2025, 1, 1), 3000, "year"), "year", now, ZONE).total_n == 10 * 3000 + 1500


def test_ten_years_count_to_the_same_day_of_the_same_year_of_them() -> None:
    now = datetime(2026, 12, 31, 23, 59, tzinfo=ZONE)
    bars = _bars(date(2016, 1, 1), 365 * 1440, "decade")
    assert sum_until(bars, "decade", now, ZONE).total_n == 10 * 365 * 1440 - 1
