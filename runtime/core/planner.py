"""Which registers are read together: few reads, few needless words, no read across a limit of the device."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runtime.core.devicemap import DeviceMap
from runtime.core.quantities import QUANTITIES
from runtime.core.registers import BIT_SPACES, MAX_BITS, SPACES, Field

# How often a kind of block is read, relative to the others: the planner saves wire time where it counts.
_WEIGHTS = {"live": 360, "energy": 240, "slow": 12, "parameter": 1}
_SLOW = ("_demand_max", "_min_", "_max_", "_partial_", "run_time", "integration_time", "phase_sequence")


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
    """The cheapest cut of the first n fields for each n, from the cheapest of fewer; ``fields`` in order of address."""
    costs, cuts = [0], [0]  # for the first n fields, and where the last stretch of that cut begins
    for end in range(1, len(fields) + 1):
        options = [
            (costs[start] + _cost(words, kind, fields[start].space, gap_words), start)
            for start, words, kind in _windows(fields, end, device_map)
        ]
        cost, start = min(options)
        costs.append(cost)
        cuts.append(start)
    stretches: list[Stretch] = []
    end = len(fields)
    while end:
        start, words, kind = next(window for window in _windows(fields, end, device_map) if window[0] == cuts[end])
        stretches.insert(0, Stretch(fields[start].space, fields[start].span[0], words, kind, tuple(fields[start:end])))
        end = start
    return stretches


def _cost(words: int, kind: str, space: str, gap_words: int) -> int:
    overhead = gap_words * (16 if space in BIT_SPACES else 1)
    return (overhead + words) * _WEIGHTS[kind]


def _windows(fields: Sequence[Field], end: int, device_map: DeviceMap) -> Iterator[tuple[int, int, str]]:
    """Every stretch that may end with field ``end - 1``: (its first field, words, kind), the shortest first."""
    most = MAX_BITS if fields[0].space in BIT_SPACES else device_map.max_words
    urgency = list(_WEIGHTS)
    first, after, kind = 0x10000, 0, urgency[-1]
    for start in range(end - 1, -1, -1):
        low, high = fields[start].span
        gap = first - high if start < end - 1 else 0
        first, after = low, max(after, high)
        if start < end - 1 and (
            after - first > most
            or (device_map.gap_words is not None and gap > device_map.gap_words)
            or any(first < limit < after for limit in device_map.breaks)
        ):
            return
        kind = min(kind, kind_of(fields[start]), key=urgency.index)
        yield start, after - first, kind
