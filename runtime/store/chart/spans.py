"""The stretches of time that a chart shows, and the bins that hold them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from runtime.core.clock import timegrid
from runtime.core.energy import bins
from runtime.core.energy.bins import Period

PERIODS = ("day", "month", "year", "decade")


@dataclass(frozen=True, slots=True)
class Span:
    """One bin: its length, its ordinal, [start_ts, end_ts)."""

    length: Period
    ordinal: int
    start_ts: int
    end_ts: int


@lru_cache(maxsize=256)
def spans_of(period: str, date: datetime.date, zone: ZoneInfo) -> tuple[Span, ...]:
    """The bins of the chart of the local day, month, year or ten years that hold a date.

    A day that the zone skipped (a site that changes sides of the date line) has no hours and is in no month.
    """
    if period == "day":
        return tuple(_hours(date.toordinal(), zone))
    length, ordinals = bins.periods_of(period, date)
    spans = (_span(length, ordinal, zone) for ordinal in ordinals)
    return tuple(span for span in spans if span.start_ts < span.end_ts)


@lru_cache(maxsize=256)
def whole_spans_of(period: str, date: datetime.date, zone: ZoneInfo) -> tuple[Span, ...]:
    """The fewest bins that cover the same time."""
    if period == "day":
        return (_span(Period.DAY, date.toordinal(), zone),)
    if period == "month":
        return (_span(Period.MONTH, date.year * 12 + date.month - 1, zone),)
    if period == "year":
        return (_span(Period.YEAR, date.year, zone),)
    return spans_of(period, date, zone)


def pieces(span: Span, cut_after: Callable[[int], int], zone: ZoneInfo) -> Iterator[Span]:
    """The same time in bins that no cut divides; cuts lie where hours begin."""
    if span.length is Period.HOUR or cut_after(span.start_ts) >= span.end_ts:
        yield span
        return
    for part in parts_of(span, zone):
        yield from pieces(part, cut_after, zone)


def parts_of(span: Span, zone: ZoneInfo) -> Iterator[Span]:
    """The bins of the next shorter length that a bin is the sum of."""
    if span.length is Period.YEAR:
        yield from (_span(Period.MONTH, month, zone) for month in range(span.ordinal * 12, span.ordinal * 12 + 12))
    elif span.length is Period.MONTH:
        first, after = timegrid.first_day(span.ordinal), timegrid.first_day(span.ordinal + 1)
        yield from (_span(Period.DAY, day, zone) for day in range(first, after))
    elif span.length is Period.DAY:
        yield from _hours(span.ordinal, zone)


def _hours(day: int, zone: ZoneInfo) -> Iterator[Span]:
    for start_ts, end_ts in timegrid.hours(timegrid.day_start(day, zone), timegrid.day_start(day + 1, zone), zone):
        yield Span(Period.HOUR, start_ts, start_ts, end_ts)


def _span(length: Period, ordinal: int, zone: ZoneInfo) -> Span:
    return Span(length, ordinal, bins.start_of(length, ordinal, zone), bins.start_of(length, ordinal + 1, zone))
