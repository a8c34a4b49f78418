from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from runtime.store.chart.consumption import ConsumptionBin
from runtime.store.chart.spans import spans_of
from webui.pages.display.daybefore import sum_until

ZONE = ZoneInfo("Europe/Paris")


def _bars(day: date, value_n: int | None = 3600) -> list[ConsumptionBin]:
    return [
        ConsumptionBin(span.start_ts, span.end_ts, value_n, cost_p=value_n and value_n * 2)
        for span in spans_of("day", day, ZONE)
    ]


def test_whole_hours_count_and_the_running_one_by_its_share() -> None:
    now = datetime(2026, 11, 20, 14, 30, 59, tzinfo=ZONE)
    assert sum_until(_bars(date(2026, 11, 19)), now, ZONE) == (14 * 3600 + 1800, 2 * (14 * 3600 + 1800))


def test_at_midnight_nothing_was_taken_yet() -> None:
    assert sum_until(_bars(date(2026, 11, 19)), datetime(2026, 11, 20, tzinfo=ZONE), ZONE) == (0, 0)


def test_what_is_not_known_stays_unknown() -> None:
    assert sum_until(_bars(date(2026, 11, 19), None), datetime(2026, 11, 20, 14, tzinfo=ZONE), ZONE) == (None, None)


def test_a_repeated_hour_counts_twice_and_a_skipped_one_not() -> None:
    noon = datetime(2026, 10, 26, 12, tzinfo=ZONE)
    assert sum_until(_bars(date(2026, 10, 25)), noon, ZONE)[0] == 13 * 3600
    assert sum_until(_bars(date(2026, 3, 29)), noon, ZONE)[0] == 11 * 3600
