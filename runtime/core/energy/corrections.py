"""Corrections: energy added to or taken from what was measured, signed, with a reason, and reversible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

from runtime.core.clock import timegrid

Stretch = tuple[int, int, int]  # start and end in UTC s, the energy that lies evenly in between


@dataclass(frozen=True, slots=True)
class Correction:
    """``delta_n`` steps of the quantity, spread evenly over [start_ts, end_ts).

    taken_back_ms  when it was taken back, 0 = it holds
    """

    id: int
    device: int
    quantity: str
    start_ts: int
    end_ts: int
    delta_n: int
    author: str
    reason: str
    made_ms: int
    taken_back_ms: int = 0
    taken_back_by: str = ""


def spread(delta_n: int, start_ts: int, end_ts: int, zone: ZoneInfo) -> list[Stretch]:
    """The part of each hour of the site that is touched; the parts add up to the whole."""
    parts, given_n, ts = [], 0, start_ts
    while ts < end_ts:
        edge = min(end_ts, timegrid.next_hour(ts, zone))
        until_n = delta_n * (edge - start_ts) // (end_ts - start_ts)
        parts.append((ts, edge, until_n - given_n))
        ts, given_n = edge, until_n
    return parts


def least_left(held: Sequence[Stretch], part: Stretch) -> Fraction:
    """What the poorest piece of a part's time holds when the part has been added; below zero: it takes too much.

    held  energy that lies there already; stretches may overlap each other and the part's ends
    """
    start_ts, end_ts, _ = part
    inside = [(max(start_ts, a), min(end_ts, b)) for a, b, _ in held if a < end_ts and start_ts < b]
    edges = sorted({start_ts, end_ts, *(ts for pair in inside for ts in pair)})
    return min(
        sum((_within(one, a, b) for one in (*held, part)), Fraction(0)) for a, b in zip(edges, edges[1:], strict=False)
    )


def _within(stretch: Stretch, start_ts: int, end_ts: int) -> Fraction:
    """The energy of a stretch that lies in [start_ts, end_ts)."""
    inside_s = max(0, min(end_ts, stretch[1]) - max(start_ts, stretch[0]))
    return Fraction(stretch[2] * inside_s, stretch[1] - stretch[0])
