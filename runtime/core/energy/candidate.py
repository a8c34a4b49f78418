"""Candidates: where a counter may stand now, though it cannot have come there; believed once readings agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from runtime.core.energy.counterlimits import HOUR_MS, LAG_MS, Limits

AGREEING = 3  # readings that make a candidate true …
AGREEING_NARROW = 5  # of a counter that would begin anew within a day, among whose few counts noise agrees by chance
AGREED_MS = 30_000  # … over a stretch that is longer than a disturbance of the line
STILL_MS = 600_000  # … longer where it stands still elsewhere, which costs nothing: it may be no counter at all
STEADY = 10  # readings that make one true that climbs faster than any circuit does as a rule …
STEADY_MS = 90_000  # … and for how long it has to climb alike
MOST = 3  # candidates at a time
KEPT = 24  # readings of one: their edges are cut exactly

Reading = tuple[int, int]  # (UTC ms, raw index)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Readings that continue each other.

    readings  oldest first
    is_home   the counter can have come there from where the ledger stands
    count     how many there were, kept or not
    """

    readings: tuple[Reading, ...]
    is_home: bool = False
    count: int = 1

    @property
    def first_ms(self) -> int:
        return self.readings[0][0]

    @property
    def first_n(self) -> int:
        return self.readings[0][1]

    @property
    def last_ms(self) -> int:
        return self.readings[-1][0]

    @property
    def last_n(self) -> int:
        return self.readings[-1][1]

    @property
    def span_ms(self) -> int:
        return self.readings[-1][0] - self.readings[0][0]

    @property
    def hourly_n(self) -> int:
        """How fast it climbs."""
        return (self.last_n - self.first_n) * HOUR_MS // self.span_ms if self.span_ms else 0

    def is_fast(self, large_n: int, grain_n: int) -> bool:
        return self.last_n - self.first_n > _most_n(large_n, self.span_ms, grain_n)

    def is_calm(self, hourly_n: int, grain_n: int) -> bool:
        """Whether the last reading is as far ahead as is usual, or as those before it were."""
        if len(self.readings) < AGREEING:
            return True
        before, last = Candidate(self.readings[:-1]), Candidate(self.readings[-2:])
        return not last.is_fast(hourly_n, grain_n) or last.hourly_n <= 2 * before.hourly_n

    def is_agreed(self, hourly_n: int, large_n: int, grain_n: int, *, at_last: bool, narrow_n: int = 0) -> bool:
        """``at_last``: nothing has been believed for long; ``narrow_n``: as of ``Limits``."""
        if self.is_fast(large_n, grain_n):
            return self.count >= STEADY and self.span_ms >= STEADY_MS
        if not self.is_calm(hourly_n, grain_n):
            return False
        moves = at_last or self.is_home or self.last_n - self.first_n > grain_n
        least = AGREEING_NARROW if narrow_n and self.is_fast(narrow_n, grain_n) else AGREEING
        return self.count >= least and self.span_ms >= (AGREED_MS if moves else STILL_MS)

    def moved(self, by_ms: int) -> Candidate:
        """With the times of another clock."""
        return Candidate(tuple((ts_ms + by_ms, n) for ts_ms, n in self.readings), self.is_home, self.count)

    def without_last(self) -> Candidate:
        """A last reading that the next one leaves behind was misread."""
        return Candidate(self.readings[:-1], self.is_home, self.count - 1)

    def extended(self, reading: Reading, hourly_n: int, grain_n: int, *, steady: bool = False) -> Candidate:
        """With one more reading; a step back is the trembling of an index, which counts no energy.

        A first reading that the next two leave behind, though they follow each other well, was misread itself.
        ``steady``: at least one more was left out before this one, which climbed alike and counts as well.
        """
        raised = (reading[0], max(self.last_n, reading[1]))
        if len(self.readings) == 2 and self.count == 2:
            before, after = (Candidate(self.readings), Candidate((self.readings[1], raised)))
            alike_n = 2 * after.hourly_n * before.span_ms // HOUR_MS + grain_n  # as an index of large steps climbs
            is_left = before.is_fast(hourly_n, grain_n) and before.last_n - before.first_n > alike_n
            if is_left and not after.is_fast(hourly_n, grain_n):
                return Candidate(after.readings, self.is_home, 2)
        kept = self.readings if len(self.readings) < KEPT else self.readings[:1] + self.readings[2:]
        return Candidate((*kept, raised), self.is_home, self.count + 1 + steady)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What is taken for the same counter's way on, in steps.

    hourly_n  in an hour, by what it drew before
    large_n   in an hour, between polls that follow each other
    steady_n  in an hour, where all between them climbed alike
    slack_n   how far an index may tremble
    """

    hourly_n: int
    large_n: int
    steady_n: int
    slack_n: int


def offer(
    held: tuple[Candidate, ...],
    reading: Reading,
    limits: Limits,
    tolerance: Tolerance,
    *,
    is_home: bool,
    follows: bool,
    steady_after_ms: int,
) -> tuple[tuple[Candidate, ...], Candidate]:
    """A reading that does not fit: it continues a candidate, or begins one. All candidates, and that one.

    is_home  the counter can have come there from where the ledger stands
    follows  the line was not silent before it
    steady_after_ms  it climbed from that reading on as those did that were left out between them, 0 = none were
    """
    for candidate in sorted(held, key=lambda each: -each.count):
        if is_home and not candidate.is_home:
            continue
        grain_n = limits.grain_at(reading[1])
        for way in _ways(candidate, tolerance, grain_n):
            is_lone = way.count == 1 < candidate.count
            steady = 0 < steady_after_ms == way.last_ms
            if _continues(way, *reading, limits, tolerance, follows, steady, is_lone):
                extended = way.extended(reading, tolerance.hourly_n, grain_n, steady=steady)
                return (*(each for each in held if each is not candidate), extended), extended
    begun = Candidate((reading,), is_home)
    if len(held) >= MOST:
        weakest = min(held, key=lambda each: (each.count, each.last_ms))
        held = tuple(each for each in held if each is not weakest)
    return (*held, begun), begun


def _ways(candidate: Candidate, tolerance: Tolerance, grain_n: int) -> Iterator[Candidate]:
    """What a reading may continue: all of it, or what is left without those that were misread."""
    yield candidate
    if not candidate.is_calm(tolerance.hourly_n, grain_n):
        yield candidate.without_last()
    if 1 < candidate.count <= AGREEING and candidate.is_fast(tolerance.hourly_n, grain_n):
        for reading in (candidate.readings[-1], candidate.readings[0]):
            yield replace(candidate, readings=(reading,), count=1)


def _continues(
    candidate: Candidate, ts_ms: int, raw_n: int, limits: Limits, tolerance: Tolerance, follows: bool, steady: bool,
    is_lone: bool,
) -> bool:  # fmt: skip
    """``is_lone``: the only one that is left, so that its way on has to be a usual one."""
    span_ms, climb_n = ts_ms - candidate.last_ms, raw_n - candidate.last_n
    grain_n, large_n = limits.grain_at(raw_n), tolerance.large_n
    hourly_n = tolerance.steady_n if steady else large_n if follows else tolerance.hourly_n
    most_n = _most_n(hourly_n, span_ms, grain_n)
    if not candidate.is_fast(large_n, grain_n) and -tolerance.slack_n <= climb_n <= most_n:
        return True
    if climb_n < 0 or not follows:
        return False
    if candidate.count == 1:
        return not is_lone
    climbed_n, times_ms = candidate.last_n - candidate.first_n, max(1, candidate.span_ms)  # each to one step
    least_n, most_n = (max(0, climbed_n + step_n) * span_ms // times_ms for step_n in (-grain_n, grain_n))
    return least_n // 2 - grain_n <= climb_n <= 2 * most_n + grain_n


def _most_n(hourly_n: int, span_ms: int, grain_n: int) -> int:
    return hourly_n * (span_ms + LAG_MS) // HOUR_MS + grain_n
