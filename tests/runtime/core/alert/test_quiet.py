"""Quiet hours go by the clock of the site, over midnight too."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from runtime.core.alert.quiet import quiet_until_ms

PARIS = ZoneInfo("Europe/Paris")


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp()) * 1000


@pytest.mark.parametrize(
    ("now", "start", "end", "until"),
    [
        ("2026-11-20 21:59", "22:00", "06:30", ""),
        ("2026-11-20 22:00", "22:00", "06:30", "2026-11-21 06:30"),
        ("2026-11-21 06:29", "22:00", "06:30", "2026-11-21 06:30"),
        ("2026-11-21 06:30", "22:00", "06:30", ""),
        ("2026-11-20 13:00", "12:00", "14:00", "2026-11-20 14:00"),
        ("2026-11-20 13:00", "00:00", "00:00", ""),
        ("2026-10-24 23:00", "22:00", "06:30", "2026-10-25 06:30"),  # the clocks go back in that night
    ],
)
def test_quiet_hours(now, start, end, until):
    assert quiet_until_ms(ms(now), start, end, PARIS) == (ms(until) if until else 0)
