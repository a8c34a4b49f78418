"""Bins: consumption of an hour, day, month or year in site time, and where each is kept.

A cell holds one quantity of one bin for 120 devices. Which four cells a slot's energy belongs to follows from its start
alone, since slots nest in hours, hours in days, days in months and months in years.
"""

from __future__ import annotations

import datetime
from array import array
from dataclasses import dataclass
from enum import IntEnum
from zoneinfo import ZoneInfo

from runtime.core.clock import timegrid
from runtime.core.quantity.quality import Quality

SLOTS = 120  # devices in a cell: 8 bytes each stay well under LMDB's 2,024


class Period(IntEnum):
    """Lengths of a bin; the numbers are the store's."""

    HOUR = 0
    DAY = 1
    MONTH = 2
    YEAR = 3


@dataclass(frozen=True, slots=True)
class Address:
    """The four bins of a moment: start of its hour in UTC s, local day, month and year as ``timegrid`` counts."""

    hour: int
    day: int
    month: int
    year: int


def address(ts: int, zone: ZoneInfo) -> Address:
    day = timegrid.day_of(ts, zone)
    month = timegrid.month_of_day(day)
    return Address(timegrid.hour_start(ts, zone), day, month, month // 12)


class Cell:
    """One quantity of one bin for 120 devices. Changes in place: it lives within one transaction.

    values_n  one count a slot, 0 where nothing is known
    known     bit mask of the slots that have a value
    doubts    slot -> Quality where it is not good
    """

    __slots__ = ("doubts", "known", "values_n")

    def __init__(
        self, values_n: array[int] | None = None, known: int = 0, doubts: dict[int, int] | None = None
    ) -> None:
        self.values_n = array("q", bytes(8 * SLOTS)) if values_n is None else values_n
        self.known = known
        self.doubts = {} if doubts is None else doubts

    def add(self, slot: int, energy_n: int, quality: int = Quality.GOOD) -> None:
        self.values_n[slot] += energy_n
        self.known |= 1 << slot
        if quality and quality > self.doubts.get(slot, 0):
            self.doubts[slot] = quality

    def forget(self, slot: int) -> None:
        """Nothing is known of a slot any more."""
        self.values_n[slot] = 0
        self.known &= ~(1 << slot)
        self.doubts.pop(slot, None)

    def value_n(self, slot: int) -> int | None:
        return self.values_n[slot] if self.known >> slot & 1 else None

    def quality(self, slot: int) -> int:
        return self.doubts.get(slot, Quality.GOOD)

    @property
    def used(self) -> int:
        """Slots up to the highest one with a value."""
        return self.known.bit_length()


def periods_of(period: str, date: datetime.date) -> tuple[Period, tuple[int, ...]]:
    """The bins that a chart of a day, month, year or decade shows, as ordinals; hours are asked of ``hours_of``."""
    if period == "month":
        first = timegrid.first_day(date.year * 12 + date.month - 1)
        return Period.DAY, tuple(range(first, timegrid.first_day(date.year * 12 + date.month)))
    if period == "year":
        return Period.MONTH, tuple(range(date.year * 12, date.year * 12 + 12))
    if period == "decade":
        return Period.YEAR, tuple(range(date.year - 9, date.year + 1))
    raise ValueError(period)


def start_of(period: Period, ordinal: int, zone: ZoneInfo) -> int:
    """First moment of a bin, UTC s."""
    if period is Period.HOUR:
        return ordinal
    if period is Period.DAY:
        return timegrid.day_start(ordinal, zone)
    if period is Period.MONTH:
        return timegrid.month_start(ordinal, zone)
    return timegrid.year_start(ordinal, zone)


def before(period: str, date: datetime.date) -> datetime.date:
    """A date in the period of the same length before the one that holds ``date``."""
    if period == "day":
        return date - datetime.timedelta(days=1)
    if period == "month":
        return date.replace(day=1) - datetime.timedelta(days=1)
    return datetime.date(date.year - (10 if period == "decade" else 1), 1, 1)
