"""A phantom: energy that was booked and cannot have passed, why, and the corrections that take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from runtime.core.clock.timegrid import HOUR_S
from runtime.core.energy.corrections import Stretch

ROLLED_OVER, RESET, RETURNED, JUMPED = "rolled_over", "reset", "returned", "jumped"
EDITED, REPORTED_TWICE, NEGATIVE = "edited", "reported_twice", "negative"
KINDS = (ROLLED_OVER, RESET, RETURNED, JUMPED, EDITED, REPORTED_TWICE, NEGATIVE)

# what stands in the list of corrections, as reasons are written by people
REASONS = MappingProxyType(
    {
        ROLLED_OVER: "booked wrongly: a roll-over was guessed",
        RESET: "booked wrongly: the index of another meter",
        RETURNED: "booked wrongly: a misread index was taken for the old meter",
        JUMPED: "booked wrongly: a jump of the index",
        EDITED: "booked wrongly: the device was edited",
        REPORTED_TWICE: "booked wrongly: the exchange was reported and guessed",
        NEGATIVE: "booked wrongly: energy below zero",
    }
)


@dataclass(frozen=True, slots=True)
class Phantom:
    """Of one counter, in whole intervals.

    kind      what was taken for energy, one of KINDS
    booked_n  in [start_ts, end_ts)
    right_n   of it, what the index proves or is usual there
    most_n    the most that can have passed in that time
    parts     corrections that take it back, each evenly in its own stretch
    """

    kind: str
    start_ts: int
    end_ts: int
    booked_n: int
    right_n: int
    most_n: int
    parts: tuple[Stretch, ...]

    @property
    def excess_n(self) -> int:
        """What is too much; below zero: too little."""
        return self.booked_n - self.right_n


def shares(excess_n: int, held: Sequence[Stretch]) -> list[Stretch]:
    """What each interval takes of an excess, by what it holds; what holds nothing takes nothing."""
    whole_n = sum(max(0, energy_n) for _, _, energy_n in held)
    given, passed_n, taken_n = [], 0, 0
    for start_ts, end_ts, energy_n in held:
        passed_n += max(0, energy_n)
        until_n = min(excess_n, whole_n) * passed_n // whole_n if whole_n else 0
        given.append((start_ts, end_ts, taken_n - until_n))
        taken_n = until_n
    return given


def line_between(held: Sequence[Stretch], since_ms: int, ts_ms: int, booked_n: int) -> list[Stretch]:
    """What intervals hold of an energy that was spread in a straight line, and no more than they hold at all."""
    span_ms = max(1, ts_ms - since_ms)
    inside_ms = [max(0, min(end_ts * 1000, ts_ms) - max(start_ts * 1000, since_ms)) for start_ts, end_ts, _ in held]
    return [
        (start_ts, end_ts, min(energy_n, booked_n * part_ms // span_ms))
        for (start_ts, end_ts, energy_n), part_ms in zip(held, inside_ms, strict=True)
        if part_ms
    ]


def put_together(parts: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Neighbours of one rate in one correction, so that 90 days of silence are one.

    Of several intervals a few thousandths stay, so that no piece of an hour is below zero by rounding.
    """
    runs: list[list[Stretch]] = []
    for part in parts:
        if not part[2]:
            continue
        if runs and _is_alike(runs[-1][0], runs[-1][-1], part):
            runs[-1].append(part)
        else:
            runs.append([part])
    return tuple(made for run in runs if (made := _together(run))[2])


def _is_alike(first: Stretch, last: Stretch, part: Stretch) -> bool:
    same_length = first[1] - first[0] == part[1] - part[0]
    return last[1] == part[0] and same_length and abs(first[2] - part[2]) <= 1


def _together(run: Sequence[Stretch]) -> Stretch:
    start_ts, end_ts = run[0][0], run[-1][1]
    if len(run) == 1:
        return run[0]
    if run[0][2] > 0:
        return start_ts, end_ts, sum(energy_n for _, _, energy_n in run)
    rounding_n = (end_ts - start_ts) // HOUR_S + 2
    least_n = max(energy_n for _, _, energy_n in run)
    return start_ts, end_ts, min(0, len(run) * least_n + rounding_n)
