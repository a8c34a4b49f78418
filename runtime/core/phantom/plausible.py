"""What one counter can have drawn: by its circuit, by what it drew before, and by the power that was read beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from runtime.core.energy.continuity import TWICE
from runtime.core.energy.counterlimits import HOUR_MS, LAG_MS, Limits
from runtime.core.energy.displaycheck import grain_of
from runtime.core.energy.ledgerstate import LEAST_PACE
from runtime.core.phantom.evidence import Climb, CounterInterval, by_power_n

SUPPORT = 3  # climbs that make a pace usual: a phantom is one of its kind
AROUND = 6  # climbs before and after an edit that say what is usual there
MOST_INDEXES = 2000  # that the step of an index is looked for in


@dataclass(frozen=True, slots=True)
class Plausible:
    """``hourly_n``: the most of an hour; ``grain_n``: the step of the index."""

    hourly_n: int
    grain_n: int

    def most_n(self, span_s: int) -> int:
        return self.hourly_n * (span_s * 1000 + LAG_MS) // HOUR_MS + 2 * self.grain_n

    def is_witnessed(self, climb: Climb, inside: Sequence[CounterInterval]) -> bool:
        """Whether power that was read all the time beside it stands for so much."""
        known_n = by_power_n(inside)
        return known_n is not None and climb.booked_n <= TWICE * known_n + 2 * self.grain_n


def plausible_of(runs: Sequence[Sequence[Climb]], intervals: Sequence[CounterInterval], limits: Limits) -> Plausible:
    indexes = [each.index_n for each in intervals if each.index_n][-MOST_INDEXES:]
    grain_n = grain_of(indexes) if indexes else 1
    paces = sorted(
        (climb.hourly_n.bit_length() for run in runs for climb in run if is_sound(climb, grain_n)),
        reverse=True,
    )
    pace = paces[SUPPORT - 1] if len(paces) >= SUPPORT else 0
    return Plausible(limits.hourly_n(pace if pace >= LEAST_PACE else 0), grain_n)


def is_sound(climb: Climb, grain_n: int) -> bool:
    """One interval whose energy is what its index climbed by."""
    return climb.last - climb.first == 1 and climb.booked_n >= 0 and climb.agrees(grain_n)


def usual_around(run: Sequence[Climb], at: int, grain_n: int) -> list[int]:
    """Energies an hour of sound climbs near one, itself left out."""
    near = [*run[max(0, at - AROUND) : at], *run[at + 1 : at + 1 + AROUND]]
    return [climb.hourly_n for climb in near if is_sound(climb, grain_n)]
