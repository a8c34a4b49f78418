"""Harmonics of a voltage or current, made of its total distortion: odd orders mostly, the higher the smaller."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

PREFIX = "harmonic_"
_ORDERS = range(2, 26)
_WEIGHTS = {order: (1.0 if order % 2 else 0.04) / order for order in _ORDERS}
_WHOLE = math.sqrt(sum(weight * weight for weight in _WEIGHTS.values()))


def harmonics(wanted: Iterable[str], distortion: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Counts of 0.01 %; their squares sum to that of the distortion, but for rounding.

    wanted      ids such as harmonic_voltage_l1_3_pct
    distortion  thd_voltage_l1_pct …
    """
    for id in wanted:
        _, what, phase, order, _ = id.split("_")
        thd_n = distortion.get(f"thd_{what}_{phase}_pct", 0)
        yield id, round(thd_n * _WEIGHTS[int(order)] / _WHOLE)
