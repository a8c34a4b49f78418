"""Bins that cover a chart, and what they are made of."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest

from runtime.core.clock import timegrid
from runtime.core.energy.bins import Period
from runtime.store.chart.spans import PERIODS, pieces, spans_of, whole_spans_of

DATE = datetime.date(2026, 10, 25)
ZONES = [ZoneInfo(name) for name in ("Europe/Paris", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns")]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("period", PERIODS)
def test_bars_and_whole_bins_cover_the_same_time(period, zone):
    bars, whole = spans_of(period, DATE, zone), whole_spans_of(period, DATE, zone)
    assert (bars[0].start_ts, bars[-1].end_ts) == (whole[0].start_ts, whole[-1].end_ts)
    assert all(one.end_ts == other.start_ts for one, other in zip(bars, bars[1:], strict=False))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("moment", [(10, 25, 3, 0), (1, 1, 0, 0), (12, 31, 22, 0), (4, 5, 1, 30)])
def test_pieces_tile_a_year_around_a_cut(zone, moment):
    cut = timegrid.next_hour(int(datetime.datetime(2026, *moment, tzinfo=zone).timestamp()), zone)
    (year,) = whole_spans_of("year", DATE, zone)
    found = list(pieces(year, lambda ts: cut if ts < cut else timegrid.NEVER, zone))
    assert (found[0].start_ts, found[-1].end_ts) == (year.start_ts, year.end_ts)
    assert all(one.end_ts == other.start_ts for one, other in zip(found, found[1:], strict=False))
    assert all(not span.start_ts < cut < span.end_ts for span in found)
    assert len(found) <= 1 + 12 + 31 + 25


def test_nothing_is_cut_where_nothing_changes():
    (month,) = whole_spans_of("month", DATE, ZONES[0])
    assert list(pieces(month, lambda ts: timegrid.NEVER, ZONES[0])) == [month]
    assert month.length is Period.MONTH
