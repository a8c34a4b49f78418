"""What readings that agree with each other, but not with the ledger, are taken for. The table in docs/history.md."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.core.energy.candidate import Candidate
from runtime.core.energy.counterlimits import HOUR_MS, LAG_MS, Limits

RETURN_MS = 86_400_000  # a counter that moved elsewhere for longer than a day does not come back
FALLS_NOTED = 3  # in a row that make a counter one that falls
ROLL_PARTS = 4  # a roll-over climbs by less than so many parts of the counter's span


@dataclass(frozen=True, slots=True)
class Former:
    """Where the ledger stood before the last reset or exchange, in case the old counter comes back."""

    ts_ms: int
    raw_n: int
    total_n: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the ledger stands: its last reading, when that index was first seen, and what was before."""

    ts_ms: int
    raw_n: int
    total_n: int
    moved_ms: int
    former: Former | None
    falls: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The energy that has passed, the index from which it is counted on, and a finding's code ("" = as it should be).

    former  where the ledger stood before, None = the counter cannot come back
    falls   how often in a row it was found lower
    is_late  when it passed nobody knows
    """

    advance_n: int
    raw_n: int
    code: str
    former: Former | None
    falls: int = 0
    is_late: bool = False


def judge(at: Standing, found: Candidate, limits: Limits, hourly_n: int, slack_n: int) -> Verdict:
    """The first line of the table that fits.

    hourly_n  the most that is plausible in an hour by what the counter drew before
    slack_n   how far an index may tremble
    """
    reach_n = max(limits.circuit_n, hourly_n, 0 if limits.circuit_n > found.hourly_n else 2 * found.hourly_n)
    grain_n, first_ms = limits.grain_at(max(found.first_n, at.raw_n)), found.first_ms
    climb_n = found.first_n - at.raw_n

    def most_n(since_ms: int) -> int:
        return reach_n * (first_ms - since_ms + LAG_MS) // HOUR_MS + grain_n

    former = at.former
    if former is not None and _returns(at, former, found, most_n(former.ts_ms), slack_n, climb_n > most_n(at.moved_ms)):
        advance_n = max(0, former.total_n + found.first_n - former.raw_n - at.total_n)
        return Verdict(advance_n, max(found.first_n, former.raw_n), "counter_returned", None)
    if 0 <= climb_n <= most_n(at.moved_ms) or (limits.net and abs(climb_n) <= most_n(at.moved_ms)):
        return Verdict(climb_n, found.first_n, "", former)
    if limits.ledger and 0 <= climb_n <= most_n(at.moved_ms - limits.late_ms):
        return Verdict(climb_n, found.first_n, "", former, is_late=True)
    over_n, span_n = climb_n + limits.modulus_n, limits.modulus_n
    rolls = climb_n < 0 < span_n and found.first_n >= 0 and 0 <= over_n <= span_n // ROLL_PARTS
    if rolls and over_n <= most_n(at.moved_ms):
        return Verdict(over_n, found.first_n, "counter_rolled_over", None)
    if -max(slack_n, limits.lost_n(hourly_n)) <= climb_n < 0:
        return Verdict(0, at.raw_n, "counter_dropped", former, at.falls)
    return _elsewhere(at, found.first_n, most_n(at.ts_ms), reach_n)


def _returns(at: Standing, former: Former, found: Candidate, most_n: int, slack_n: int, does_not_fit: bool) -> bool:
    """A counter that only showed something else for a while goes on where it was.

    What has not moved since was no counter; what has is given a day, and only where nothing else fits.
    """
    if not -slack_n <= found.first_n - former.raw_n <= most_n:
        return False
    is_still = at.total_n == former.total_n
    return is_still or (does_not_fit and found.first_ms - former.ts_ms <= RETURN_MS)


def _elsewhere(at: Standing, first_n: int, could_count_n: int, reach_n: int) -> Verdict:
    """Another index: nobody knows what passed, so nothing is booked for it."""
    falls = at.falls + 1 if first_n < at.raw_n else 0
    was_counting = at.former is None or at.total_n != at.former.total_n
    former = Former(at.ts_ms, at.raw_n, at.total_n) if was_counting else at.former
    if falls >= FALLS_NOTED:
        return Verdict(0, first_n, "counter_falling" if falls == FALLS_NOTED else "", former, falls)
    if 0 <= first_n <= could_count_n and falls:
        code = "counter_reset"
    elif falls and at.raw_n - first_n <= reach_n:  # no more than an hour of it: what a meter had not saved
        code = "counter_fell_back"
    else:
        code = "counter_exchanged"
    return Verdict(0, first_n, code, former, falls)
