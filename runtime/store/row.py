"""What one device recorded in one slot, wherever it lies."""

from __future__ import annotations

from dataclasses import dataclass

Column = tuple[str, str]  # (quantity, statistic): mean, min, max, last; of counters: index, energy


@dataclass(frozen=True, slots=True)
class Row:
    """One device, one slot [start_ts, start_ts + interval_s)."""

    device: int
    start_ts: int
    interval_s: int
    columns: tuple[Column, ...]
    values_n: tuple[int | None, ...]
    quality: tuple[int, ...]
