"""Which registers are read together: few reads, few needless words, no read across a limit of the device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from runtime.core.devicemap import DeviceMap
from runtime.core.quantities import QUANTITIES
from runtime.core.registers import BIT_SPACES, MAX_BITS, SPACES, Field

# How often a kind of block is read, relative to the others: the planner saves wire time where it counts.
_WEIGHTS = {"live": 360, "energy": 120, "slow": 12, "parameter": 1}
_SLOW = ("_demand_max", "_min_", "_max_", "_partial_", "run_time", "integration_time")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Registers (or bits) of one space that one request reads, and the fields it serves.

    kind  "live", "energy", "slow" or "parameter": the most urgent of its fields
    """

    space: str
    at: int
    words: int
    kind: str
    fields: tuple[Field, ...]


def kind_of(field: Field) -> str:
    """How urgently a field is wanted."""
    quantity = QUANTITIES[field.quantity]
    if field.role != "value":
        return "parameter"
    if quantity.kind == "counter":
        return "energy"
    if quantity.kind == "text" or any(part in quantity.id for part in _SLOW):
        return "slow"
    return "live"


def plan(device_map: DeviceMap, gap_words: int) -> tuple[Stretch, ...]:
    """The cheapest cut of a map's fields into reads.

    gap_words  what a transaction costs beside its registers, in registers' time: two reads of one kind that stand
               no further apart become one
    """
    stretches: list[Stretch] = []
    for space in SPACES:
        fields = sorted((field for field in device_map.fields if field.space == space), key=lambda field: field.span)
        stretches += _cut(fields, device_map, gap_words)
    return tuple(stretches)


def _cut(fields: Sequence[Field], device_map: DeviceMap, gap_words: int) -> list[Stretch]:
    """Best cut of the first n fields for each n, from the best cuts of fewer."""
    best: list[tuple[int, list[Stretch]]] = [(0, [])]
    for end in range(1, len(fields) + 1):
        choices = []
        for start in range(end - 1, -1, -1):
            stretch = _together(fields[start:end], device_map)
            if stretch is None:
                if start < end - 1:
                    break
                continue
            cost, before = best[start]
            overhead = gap_words * (16 if stretch.space in BIT_SPACES else 1)
            choices.append((cost + (overhead + stretch.words) * _WEIGHTS[stretch.kind], start, before, stretch))
        cost, _, before, stretch = min(choices, key=lambda choice: choice[:2])
        best.append((cost, [*before, stretch]))
    return best[-1][1]


def _together(fields: Sequence[Field], device_map: DeviceMap) -> Stretch | None:
    """One read for all of these, or None when the device forbids it."""
    first = end = fields[0].span[0]
    for field in fields:
        start, after = field.span
        if device_map.gap_words is not None and start - end > device_map.gap_words:
            return None
        end = max(end, after)
    space = fields[0].space
    if end - first > (MAX_BITS if space in BIT_SPACES else device_map.max_words):
        return None
    if any(first < limit < end for limit in device_map.breaks):
        return None
    kind = min((kind_of(field) for field in fields), key=list(_WEIGHTS).index)
    return Stretch(space, first, end - first, kind, tuple(fields))
