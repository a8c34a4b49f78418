"""Compares what a server booked with what it may have booked, in slots and in all bins, and lists what differs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

from tests.oracle.sitecalendar import LENGTHS, SiteCalendar
from tests.oracle.truth import SETTLE_MS, Truth

Booked = tuple[int, int, int]  # start and end in UTC s, energy in thousandths


def differences(truth: Truth, calendar: SiteCalendar, booked: Sequence[Booked]) -> list[str]:
    """What is wrong with the energies of consecutive slots; those that end after the last true answer are passed over.

    Slots may be longer than usual, as those of a long outage, but have to follow one another without a hole, except
    where nothing may be booked.
    """
    known = [each for each in booked if each[1] * 1000 <= truth.end_ms]
    return [*_holes(truth, known), *_slots(truth, known), *_bins(truth, calendar, known)]


def _holes(truth: Truth, booked: Sequence[Booked]) -> Iterator[str]:
    if not booked:
        yield "nothing is booked"
        return
    if booked[0][0] * 1000 > truth.start_ms:
        yield f"what began at {truth.start_ms} is booked from {booked[0][0]} on only"
    for before, after in zip(booked, booked[1:], strict=False):
        if before[1] != after[0]:
            yield f"between {before[1]} and {after[0]} nothing is booked"
    longest_s = max(end - start for start, end, _ in booked)
    if truth.total.most_m and booked[-1][1] * 1000 + SETTLE_MS + longest_s * 1000 < truth.end_ms:
        yield f"after {booked[-1][1]} nothing is booked"


def _slots(truth: Truth, booked: Sequence[Booked]) -> Iterator[str]:
    for start_ts, end_ts, energy_m in booked:
        yield from _judged(truth, "slot", start_ts, start_ts, end_ts, energy_m)


def _bins(truth: Truth, calendar: SiteCalendar, booked: Sequence[Booked]) -> Iterator[str]:
    if not booked:
        return
    from_ts, to_ts = booked[0][0], booked[-1][1]
    starts, sums = [start for start, _, _ in booked], list(accumulate((each[2] for each in booked), initial=0))
    for length in LENGTHS:
        for bin in calendar.bins(length):
            start_ts, end_ts = max(from_ts, bin.start_ts), min(to_ts, bin.end_ts)
            if start_ts < end_ts:
                energy_m = sums[bisect_left(starts, end_ts)] - sums[bisect_left(starts, start_ts)]
                yield from _judged(truth, length, bin.label, start_ts, end_ts, energy_m)
    yield from _judged(truth, "all", "", from_ts, to_ts, sums[-1])


def _judged(truth: Truth, length: str, label: int | str, start_ts: int, end_ts: int, energy_m: int) -> Iterator[str]:
    bounds = truth.between(start_ts * 1000, end_ts * 1000)
    if not bounds.holds(energy_m):
        yield (
            f"{length} {label} ({end_ts - start_ts} s): {energy_m} booked, "
            f"{bounds.least_m} to {bounds.most_m} are right"
        )
