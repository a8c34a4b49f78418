"""What is sampled of one kind of device, and with which of its blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from runtime.core.energy.counterlimits import CounterFacts
from runtime.core.sample.sampling import SampleLayout

Slots = Sequence[int]


def build_layout(
    quantities: Sequence[str],
    recorded: Sequence[tuple[str, str]],
    counters: Slots,
    derived: Sequence[tuple[int, Slots]],
    blocks: Sequence[Slots],
    facts: Mapping[str, CounterFacts],
) -> SampleLayout:
    """The shape of a compiled map, of which these are parts; a derived quantity comes with the block of its last part.

    blocks  the slots that each block writes
    facts   what the map says of each counter
    """
    interval_of = {quantity: slot for slot, quantity in enumerate(quantities)}
    columns = tuple((interval_of[quantity], statistic) for quantity, statistic in recorded)
    block_of = {slot: block for block, own in enumerate(blocks) for slot in own}
    for slot, parts in derived:
        block_of[slot] = max((block_of[part] for part in parts if part in block_of), default=0)
    gauges: dict[int, tuple[int, ...]] = {}
    for slot in dict.fromkeys(slot for slot, _ in columns):
        gauges[block_of[slot]] = (*gauges.get(block_of[slot], ()), slot)
    counted: dict[int, tuple[tuple[int, str], ...]] = {}
    for slot in counters:
        if slot in block_of:
            block = block_of[slot]
            counted[block] = (*counted.get(block, ()), (slot, quantities[slot]))
    return SampleLayout(columns, gauges, counted, facts)
