"""Shares the energy of sample intervals out to quarters of an hour, so that each hour keeps what was booked for it.

An interval that lies in one quarter counts there. One that does not (10, 30 or 60 minutes) is shared out by time, and
its quarters are estimated. What an hour's bin has more or less than its intervals (a correction, energy of an outage)
is shared out evenly, and estimated too.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator

QUARTER_S = 900
UNKNOWN = -(1 << 63)


class Quarters:
    """Energy of one device, in counts: ``count`` quarters from ``start_ts`` on, which is where one begins."""

    __slots__ = ("estimated", "start_ts", "values_n")

    def __init__(self, start_ts: int, count: int) -> None:
        self.start_ts = start_ts
        self.values_n = array("q", [UNKNOWN]) * count
        self.estimated = bytearray(count)

    def add(self, start_ts: int, interval_s: int, energy_n: int, *, estimated: bool) -> None:
        """One interval; what lies outside is left out."""
        number, offset_s = divmod(start_ts - self.start_ts, QUARTER_S)
        if offset_s + interval_s <= QUARTER_S:
            self._put(number, energy_n, estimated)
            return
        shared_n = 0
        for number, end_ts in _quarters(self.start_ts, start_ts, start_ts + interval_s):
            until_n = energy_n * (end_ts - start_ts) // interval_s
            self._put(number, until_n - shared_n, True)
            shared_n = until_n

    def fit(self, first: int, end: int, whole_n: int | None, *, estimated: bool) -> None:
        """Make the quarters [first, end) of an hour hold what its bin does; None = nothing is known of it."""
        if whole_n is None:
            self.values_n[first:end] = array("q", [UNKNOWN]) * (end - first)
            return
        known = [number for number in range(first, end) if self.values_n[number] != UNKNOWN]
        rest_n = whole_n - sum(self.values_n[number] for number in known)
        if rest_n or not known:
            numbers = known or range(first, end)
            for number, part_n in zip(numbers, split(rest_n, len(numbers)), strict=True):
                self._put(number, part_n, True)
        elif estimated and not any(self.estimated[first:end]):
            for number in known:
                self.estimated[number] = 1

    def _put(self, number: int, energy_n: int, estimated: bool) -> None:
        if not 0 <= number < len(self.values_n):
            return
        before_n = self.values_n[number]
        self.values_n[number] = energy_n if before_n == UNKNOWN else before_n + energy_n
        if estimated:
            self.estimated[number] = 1


def split(whole_n: int, parts: int) -> Iterator[int]:
    """Nearly equal parts whose sum is the whole."""
    shared_n = 0
    for part in range(1, parts + 1):
        until_n = whole_n * part // parts
        yield until_n - shared_n
        shared_n = until_n


def split_by(whole_n: int, weights: list[int]) -> Iterator[int]:
    """Parts in proportion to weights, whose sum is the whole; equal ones where the weights cancel out."""
    total = sum(weights)
    if not total:
        yield from split(whole_n, len(weights))
        return
    weight = shared_n = 0
    for each in weights:
        weight += each
        until_n = whole_n * weight // total
        yield until_n - shared_n
        shared_n = until_n


def _quarters(origin_ts: int, start_ts: int, end_ts: int) -> Iterator[tuple[int, int]]:
    """(number, end within the interval) of each quarter that an interval touches."""
    number = (start_ts - origin_ts) // QUARTER_S
    while start_ts < end_ts:
        start_ts = min(origin_ts + (number + 1) * QUARTER_S, end_ts)
        yield number, start_ts
        number += 1
