"""Corrections: energy added to or taken from what was measured, signed, with a reason, and reversible."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from runtime.core.clock import timegrid


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


def spread(delta_n: int, start_ts: int, end_ts: int, zone: ZoneInfo) -> list[tuple[int, int, int]]:
    """(start, end, energy) of each hour of the site that is touched; the parts add up to the whole."""
    parts, given_n, ts = [], 0, start_ts
    while ts < end_ts:
        edge = min(end_ts, timegrid.next_hour(ts, zone))
        until_n = delta_n * (edge - start_ts) // (end_ts - start_ts)
        parts.append((ts, edge, until_n - given_n))
        ts, given_n = edge, until_n
    return parts
