"""How old a device's values get: promised from the plan of its bus, measured from when they were really read.

A value's age grows from the moment it was asked for until the next answer is in. Measured is the age that it stayed
below in 99 % of the time: over many gaps between readings g, P(age > x) = sum of max(0, g - x) / sum of g.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from runtime.core.poll.schedule import EARLY, WEIGHTS, Planned
from runtime.core.view import DeviceAge

SHARE = 0.99
STEPS_PER_E = 16  # buckets are 6.4 % wide: that much is a measured age rounded up
LEAST_S = 0.001
SMALLEST = round(STEPS_PER_E * math.log(LEAST_S))
FADES_AT = 4096  # gaps counted, then all counts are halved: what is old fades


class Gaps:
    """Times between the readings of one block in a bounded histogram. Times are monotonic seconds."""

    __slots__ = ("_asked_at", "_buckets", "_count")

    def __init__(self) -> None:
        self._buckets: dict[int, int] = {}
        self._count = 0
        self._asked_at = -1.0  # what the newest answer answered; -1 = never

    def answered(self, asked_at: float, now: float) -> None:
        if self._asked_at >= 0.0:
            gap_s = now - self._asked_at
            bucket = math.ceil(STEPS_PER_E * math.log(gap_s)) if gap_s > LEAST_S else SMALLEST
            buckets = self._buckets
            buckets[bucket] = buckets.get(bucket, 0) + 1
            self._count += 1
            if self._count >= FADES_AT:
                self._fade()
        self._asked_at = asked_at

    def age_s(self, now: float, share: float = SHARE) -> float | None:
        """What the age stayed below in that share of the time; None when nothing was read twice.

        The gap that is still open counts when it is longer than any before.
        """
        gaps = [(math.exp(bucket / STEPS_PER_E), count) for bucket, count in sorted(self._buckets.items())]
        if not gaps:
            return None
        if now - self._asked_at > gaps[-1][0]:
            gaps.append((now - self._asked_at, 1))
        return _quantile_s(gaps, share)

    def _fade(self) -> None:
        self._buckets = {bucket: count // 2 for bucket, count in self._buckets.items() if count > 1}
        self._count = sum(self._buckets.values())


def _quantile_s(gaps: Sequence[tuple[float, int]], share: float) -> float:
    """Longest gaps first: how far down until they hold the rest of the time."""
    beyond_s = (1 - share) * sum(gap_s * count for gap_s, count in gaps)
    longer, longer_s = 0, 0.0  # gaps beyond x, and their sum
    for gap_s, count in reversed(gaps):
        if longer_s - longer * gap_s >= beyond_s:
            break
        longer += count
        longer_s += count * gap_s
    return (longer_s - beyond_s) / longer


def promised_s(blocks: Sequence[Planned], costs_s: Sequence[float], *, probe_s: float = 0.0) -> Mapping[int, float]:
    """Device -> age that its most often read values keep below, as long as it answers and commands are rare.

    Between two readings lie at most the period (and as much earlier as a block may join its device's turn), then the
    wait for the line: one round of everything, or of its own class at its share of a line that is overloaded.

    costs_s  what each block takes on the line, 0 = not known yet
    probe_s  longest time-out of a device that is silent now and probed
    """
    known = [cost_s for cost_s in costs_s if cost_s > 0.0]
    usual_s = sum(known) / len(known) if known else 0.0
    costs = [cost_s or usual_s for cost_s in costs_s]
    wait_s = _waits_s(blocks, costs)
    freshest = freshest_s(blocks)
    promised: dict[int, float] = {}
    for block, cost_s in zip(blocks, costs, strict=True):
        if block.period_s == freshest[block.device]:
            age_s = block.period_s * (1 + EARLY) + wait_s[block.rank] + cost_s + probe_s
            promised[block.device] = max(age_s, promised.get(block.device, 0.0))
    return promised


def _waits_s(blocks: Sequence[Planned], costs: Sequence[float]) -> Mapping[int, float]:
    """Longest wait for the line, by class."""
    turn_s: dict[int, float] = {}
    class_s: dict[int, float] = {}
    for block, cost_s in zip(blocks, costs, strict=True):
        turn_s[block.device] = turn_s.get(block.device, 0.0) + cost_s
        class_s[block.rank] = class_s.get(block.rank, 0.0) + cost_s
    load = sum(cost_s / block.period_s if block.period_s else 1.0 for block, cost_s in zip(blocks, costs, strict=True))
    if load <= 1.0:
        return dict.fromkeys(class_s, sum(costs))
    weight, longest_s = sum(WEIGHTS[rank] for rank in class_s), max(turn_s.values(), default=0.0)
    return {rank: own_s * weight / WEIGHTS[rank] + longest_s for rank, own_s in class_s.items()}


def freshest_s(blocks: Iterable[Planned]) -> Mapping[int, float]:
    """Device -> shortest period of its blocks."""
    freshest: dict[int, float] = {}
    for block in blocks:
        freshest[block.device] = min(block.period_s, freshest.get(block.device, math.inf))
    return freshest


class BusFreshness:
    """Ages of all devices of one bus, by the blocks that are read most often."""

    def __init__(self) -> None:
        self._blocks: Sequence[Planned] = ()
        self._gaps: dict[tuple[int, int], Gaps] = {}  # (device, block)
        self._by_index: list[Gaps | None] = []

    def replan(self, blocks: Sequence[Planned]) -> None:
        """Another plan; what was measured of blocks that stay is kept."""
        freshest = freshest_s(blocks)
        measured = [block for block in blocks if block.period_s == freshest[block.device]]
        self._gaps = {(b.device, b.block): self._gaps.get((b.device, b.block)) or Gaps() for b in measured}
        self._by_index = [self._gaps.get((block.device, block.block)) for block in blocks]
        self._blocks = blocks

    def answered(self, index: int, asked_at: float, now: float) -> None:
        gaps = self._by_index[index]
        if gaps is not None:
            gaps.answered(asked_at, now)

    def view(self, now: float, costs_s: Sequence[float], probe_s: float) -> tuple[DeviceAge, ...]:
        promised = promised_s(self._blocks, costs_s, probe_s=probe_s)
        measured: dict[int, float] = {}
        for (device, _), gaps in self._gaps.items():
            age_s = gaps.age_s(now)
            if age_s is not None:
                measured[device] = max(age_s, measured.get(device, 0.0))
        return tuple(DeviceAge(device, age_s, measured.get(device)) for device, age_s in promised.items())
