"""Which registers are read together: few reads, few needless words, no read across a limit of the device."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runtime.core.map.devicemap import DeviceMap
from runtime.core.modbus.registers import BIT_SPACES, MAX_BITS, SPACES, Field
from runtime.core.quantity.catalogue import QUANTITIES

# How often a kind of block is read, relative to the others: the planner saves wire time where it counts.
_WEIGHTS = {"live": 360, "energy": 240, "slow": 12, "parameter": 1}
_KINDS = tuple(_WEIGHTS)
_FACTORS = tuple(_WEIGHTS.values())
_URGENCIES = {kind: index for index, kind in enumerate(_KINDS)}
_SLOW = (
    "_demand_max", "_min_", "_max_", "_partial_", "run_time", "integration_time", "phase_sequence", "harmonic_",
    "link_", "_normal", "_on_time_s", "module_use", "addressing", "rated_power", "max_power_w",
    "_soh_", "_capacity_", "_cycles",
)  # fmt: skip


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


def urgency_of(field: Field) -> str:
    """How urgently a field is wanted."""
    quantity = QUANTITIES[field.quantity]
    if field.role != "value":
        return "parameter"
    if quantity.kind == "counter":
        return "energy"
    return "slow" if is_slow(quantity.id) else "live"


def is_slow(quantity: str) -> bool:
    """Whether it changes so seldom, or takes so many registers, that it is read each minute only."""
    return QUANTITIES[quantity].kind == "text" or any(part in quantity for part in _SLOW)


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
    if not fields:
        return []
    spans, urgencies = [field.span for field in fields], [_URGENCIES[urgency_of(field)] for field in fields]
    limits = _read_limits(fields[0].space, device_map)
    overhead = gap_words * (16 if fields[0].space in BIT_SPACES else 1)
    costs, cuts = [0], [(0, 0, 0)]  # for the first n fields, and the last stretch of that cut
    for end in range(1, len(fields) + 1):
        cost, window = min(
            (costs[window[0]] + (overhead + window[1]) * _FACTORS[window[2]], window)
            for window in _windows(spans, urgencies, end, limits)
        )
        costs.append(cost)
        cuts.append(window)
    stretches: list[Stretch] = []
    end = len(fields)
    while end:
        start, words, urgency = cuts[end]
        kind = _KINDS[urgency]
        stretches.append(Stretch(fields[start].space, spans[start][0], words, kind, tuple(fields[start:end])))
        end = start
    return stretches[::-1]


@dataclass(frozen=True, slots=True)
class _Limits:
    """What no read may pass."""

    words: int
    gap: int
    breaks: tuple[int, ...]


def _read_limits(space: str, device_map: DeviceMap) -> _Limits:
    most = MAX_BITS if space in BIT_SPACES else device_map.max_words
    gap = 0x10000 if device_map.gap_words is None else device_map.gap_words
    return _Limits(most, gap, device_map.breaks)


def _windows(
    spans: Sequence[tuple[int, int]], urgencies: Sequence[int], end: int, limits: _Limits
) -> Iterator[tuple[int, int, int]]:
    """Every stretch that may end with field ``end - 1``: (its first field, words, urgency), the shortest first."""
    first, after = spans[end - 1]
    urgency = urgencies[end - 1]
    yield end - 1, after - first, urgency
    for start in range(end - 2, -1, -1):
        low, high = spans[start]
        gap = first - high
        first = low
        if high > after:
            after = high
        if after - first > limits.words or gap > limits.gap:
            return
        if limits.breaks and any(first < limit < after for limit in limits.breaks):
            return
        if urgencies[start] < urgency:
            urgency = urgencies[start]
        yield start, after - first, urgency
