"""From a meter's index to the energy that was booked: jumps of the index, gaps, and what was booked for them.

Jumps are findings of the ledger as events keep them; what was booked for one is worked out from the rows around it,
since that is what is billed, whatever the ledger meant. Counts are steps of the counter's quantity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from runtime.core.energy.displaycheck import grain_of

# findings of readings that were not believed, or that say nothing of the index
NO_JUMPS = frozenset(f"counter_{what}" for what in ("gap", "glitch", "dropped", "stuck", "too_fast", "unsettled"))
REPLACED = "meter_replaced"
TWICE = 2  # times as fast as around it: more than that is no consumption
AND = "; "  # between the counters of one event: they all stopped, were exchanged … at once
_FOUND = re.compile(r"([a-z0-9_]+) (-?\d+) (-?\d+) since (-?\d+)")
_BY_HAND = re.compile(r"([a-z0-9_]+) (-?\d+) (-?\d+) by (.*)")


@dataclass(frozen=True, slots=True)
class Jump:
    """The index went from one value to another otherwise than by counting.

    since_ms, ts_ms  the last reading before and the first after it
    booked_n         energy that was booked for it; None = the rows do not say
    is_doubtful      more than what was drawn around it
    author           who reported an exchange, "" = the ledger noticed it
    """

    code: str
    since_ms: int
    ts_ms: int
    before_n: int
    after_n: int
    booked_n: int | None = None
    is_doubtful: bool = False
    author: str = ""

    @property
    def shift_n(self) -> int:
        """What the index moved beyond the energy that was booked."""
        return self.after_n - self.before_n - (self.booked_n or 0)


@dataclass(frozen=True, slots=True)
class Gap:
    """Not read for a while: ``energy_n`` was spread over that time."""

    since_ms: int
    ts_ms: int
    energy_n: int


@dataclass(frozen=True, slots=True)
class Recording:
    """A row's columns of one counter: the index last seen before its end, the energy booked; None = it has none."""

    start_ts: int
    end_ts: int
    index_n: int | None
    energy_n: int | None


def jumps_of(code: str, ts_ms: int, detail: str) -> list[tuple[str, Jump]]:
    """(quantity, jump) of each counter of an event; none where it is none."""
    if code == REPLACED and (found := _BY_HAND.fullmatch(detail)):
        return [(found[1], Jump(code, ts_ms, ts_ms, int(found[2]), int(found[3]), 0, author=found[4]))]
    if not code.startswith("counter_") or code in NO_JUMPS:
        return []
    jumps = [(found[1], Jump(code, int(found[4]), ts_ms, int(found[2]), int(found[3]))) for found in _counters(detail)]
    return [(quantity, jump) for quantity, jump in jumps if jump.before_n != jump.after_n]


def gaps_of(code: str, ts_ms: int, detail: str) -> list[tuple[str, Gap]]:
    """(quantity, gap) of each counter of an event; none where it is none."""
    if code != "counter_gap":
        return []
    return [(found[1], Gap(int(found[4]), ts_ms, int(found[3]) - int(found[2]))) for found in _counters(detail)]


def _counters(detail: str) -> list[re.Match[str]]:
    return [found for part in detail.split(AND) if (found := _FOUND.fullmatch(part)) is not None]


def without_repeats(jumps: Iterable[Jump]) -> list[Jump]:
    """Newest first as they came; an exchange that was reported for a jump the ledger had seen is named in that one."""
    listed = list(jumps)
    by_hand = [jump for jump in listed if jump.code == REPLACED]
    kept: list[Jump] = []
    for jump in listed:
        if jump.code == REPLACED:
            if not any(_covers(other, jump) for other in listed if other.code != REPLACED):
                kept.append(jump)
            continue
        author = next((each.author for each in by_hand if _covers(jump, each)), "")
        kept.append(replace(jump, author=author))
    return kept


def with_booked(jump: Jump, recordings: Sequence[Recording]) -> Jump:
    """The jump with what was booked for it.

    recordings  by time, from before its last reading to after its first
    """
    if jump.code == REPLACED:
        return jump
    since_ts, ts = jump.since_ms // 1000, -(-jump.ts_ms // 1000)
    before = [each for each in recordings if each.end_ts <= since_ts]
    across = [each for each in recordings if each.end_ts > since_ts and each.start_ts < ts]
    opening_n = before[-1].index_n if before else None
    closing_n = across[-1].index_n if across else None
    if opening_n is None or closing_n is None or before[-1].end_ts != across[0].start_ts:
        return jump
    counted_n = jump.before_n - opening_n + closing_n - jump.after_n
    booked_n = sum(each.energy_n or 0 for each in across) - counted_n
    per_s = [(each.energy_n or 0) / (each.end_ts - each.start_ts) for each in recordings if each not in across]
    fastest_n = max(per_s, default=0.0)
    indexes = [each.index_n for each in recordings if each.index_n is not None]
    lag_n = round(fastest_n * 60) + grain_of([*indexes, jump.before_n, jump.after_n])  # rows end between two readings
    if abs(booked_n) <= lag_n:
        return replace(jump, booked_n=0)
    most_n = TWICE * fastest_n * (jump.ts_ms - jump.since_ms) / 1000 + lag_n
    return replace(jump, booked_n=booked_n, is_doubtful=not 0 <= booked_n <= most_n)


def _covers(jump: Jump, by_hand: Jump) -> bool:
    return jump.since_ms <= by_hand.ts_ms <= jump.ts_ms
