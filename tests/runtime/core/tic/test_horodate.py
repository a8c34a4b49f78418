"""Moments of the meter's clock."""

from datetime import UTC, datetime

import pytest

from runtime.core.tic.horodate import Horodate, read_horodate


def ts(*moment):
    return int(datetime(*moment, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"H081225223518", Horodate(ts(2008, 12, 25, 21, 35, 18), False)),
        (b"E090714074553", Horodate(ts(2009, 7, 14, 5, 45, 53), False)),
        (b"e090714074553", Horodate(ts(2009, 7, 14, 5, 45, 53), True)),
        (b"E261025023000", Horodate(ts(2026, 10, 25, 0, 30, 0), False)),  # the hour that comes twice
        (b"H261025023000", Horodate(ts(2026, 10, 25, 1, 30, 0), False)),
        (b" 000000000000", None),
    ],
)
def test_the_season_says_how_far_legal_time_is_from_utc(text, expected):
    assert read_horodate(text) == expected


@pytest.mark.parametrize("text", [b"", b"H0812252235", b"X081225223518", b"H081325223518", b"H08122522351a"])
def test_what_is_no_moment_is_refused(text):
    with pytest.raises(ValueError):
        read_horodate(text)
