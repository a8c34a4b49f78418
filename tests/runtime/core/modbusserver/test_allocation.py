"""Registers that were given stay where they are, whatever comes and goes."""

import random

from runtime.core.modbusserver.allocation import (
    HEAD_WORDS,
    REGISTERS,
    Allocation,
    allocate,
    as_record,
    from_record,
)
from runtime.core.quantity.catalogue import QUANTITIES

METER = ("active_power_w", "active_energy_import_wh", "serial_number", "voltage_l1_v")


def addresses(allocation):
    return {(block.device, quantity.id): row for block in allocation.blocks for quantity, *row in block.rows()}


def test_blocks_follow_one_another_and_texts_have_none():
    allocation, fits = allocate(Allocation(), {7: METER, 3: METER})
    first, second = allocation.blocks
    assert fits and first.at == HEAD_WORDS and second.at == first.end == HEAD_WORDS + 8 + 4 + 2 + 2 + 3 + 3
    assert addresses(allocation)[7, "active_energy_import_wh"] == [24, 32, 35]
    assert addresses(allocation)[7, "active_power_w"] == [28, 33, 36]
    assert (7, "serial_number") not in addresses(allocation)


def test_whatever_comes_goes_and_comes_back_has_the_addresses_of_before():
    rng, allocation = random.Random(8), Allocation()
    ids = [id for id, quantity in QUANTITIES.items() if quantity.kind != "text"]
    given = {}
    for _ in range(200):
        told = {rng.randint(1, 40): tuple(rng.sample(ids, rng.randint(0, 6))) for _ in range(rng.randint(0, 10))}
        allocation, _ = allocate(from_record(as_record(allocation)), told)
        now = addresses(allocation)
        assert given.items() <= now.items()
        assert all((device, id) in now for device, told_ids in told.items() for id in told_ids)
        given = now
    spans = [(block.at, block.end) for block in allocation.blocks]
    assert all(end == at for (_, end), (at, _) in zip(spans, spans[1:], strict=False))


def test_nothing_new_leaves_it_as_it_is():
    allocation, _ = allocate(Allocation(), {1: METER})
    assert allocate(allocation, {1: METER, 2: ()}) == (allocation, True)


def test_what_finds_no_room_has_no_registers_and_smaller_ones_still_do():
    ids = tuple(id for id, quantity in QUANTITIES.items() if quantity.kind != "text")
    allocation, fits = allocate(Allocation(), dict.fromkeys(range(1, 200), ids) | {999: METER})
    assert not fits and REGISTERS - 4000 < allocation.end <= REGISTERS
    assert allocation.blocks[-1].device == 999


def test_nothing_kept_is_nothing_given():
    assert from_record(None) == Allocation()
