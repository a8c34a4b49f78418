"""Which registers of the live table belong to whom. What was given once stays where it is, for ever.

A device gets one block, with all that it tells by then; what it tells later gets another. Blocks follow one another
without a gap. A device that is gone keeps its registers, which say so: no number ever means another thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.core.modbusserver.registerrow import BY_NUMBER, is_tabled, words_of
from runtime.core.quantity.catalogue import QUANTITIES, Quantity
from runtime.viewboard import ViewKey

HEAD_WORDS = 16  # of the table
BLOCK_HEAD_WORDS = 8
REGISTERS = 1 << 16


@dataclass(frozen=True, slots=True)
class Block:
    """Registers of one device: a head, then the values of its quantities, then their qualities, then their ages.

    at       zero-based address of the head
    numbers  of the quantities, in the order of their values
    """

    device: int
    at: int
    numbers: tuple[int, ...]

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        return tuple(BY_NUMBER[number] for number in self.numbers)

    @property
    def end(self) -> int:
        """The address behind it."""
        return self.ages_at + len(self.numbers)

    @property
    def qualities_at(self) -> int:
        return self.at + BLOCK_HEAD_WORDS + sum(words_of(each) for each in self.quantities)

    @property
    def ages_at(self) -> int:
        return self.qualities_at + len(self.numbers)

    def rows(self) -> Iterator[tuple[Quantity, int, int, int]]:
        """Each quantity with the addresses of its value, its quality and its age."""
        at, qualities_at, ages_at = self.at + BLOCK_HEAD_WORDS, self.qualities_at, self.ages_at
        for index, quantity in enumerate(self.quantities):
            yield quantity, at, qualities_at + index, ages_at + index
            at += words_of(quantity)


@dataclass(frozen=True, slots=True)
class Allocation:
    """All blocks, by address."""

    blocks: tuple[Block, ...] = ()

    @property
    def end(self) -> int:
        return self.blocks[-1].end if self.blocks else HEAD_WORDS


def allocate(allocation: Allocation, told: Mapping[int, Sequence[str]]) -> tuple[Allocation, bool]:
    """With blocks for what has none yet; and whether all of it found room.

    told  device -> ids of the quantities that it tells, in the order in which devices get their blocks
    """
    given: dict[int, set[int]] = {}
    for block in allocation.blocks:
        given.setdefault(block.device, set()).update(block.numbers)
    blocks, at, all_fit = list(allocation.blocks), allocation.end, True
    for device, ids in told.items():
        numbers = _missing(ids, given.get(device, set()))
        if not numbers:
            continue
        block = Block(device, at, numbers)
        if block.end > REGISTERS:
            all_fit = False
            continue
        blocks.append(block)
        at = block.end
    return (Allocation(tuple(blocks)) if len(blocks) > len(allocation.blocks) else allocation), all_fit


def _missing(ids: Sequence[str], given: set[int]) -> tuple[int, ...]:
    quantities = sorted((QUANTITIES[id] for id in ids), key=lambda quantity: quantity.number)
    return tuple(each.number for each in quantities if is_tabled(each) and each.number not in given)


def as_record(allocation: Allocation) -> dict[str, Any]:
    return {"blocks": [[block.device, block.at, list(block.numbers)] for block in allocation.blocks]}


def from_record(record: Mapping[str, Any] | None) -> Allocation:
    """The inverse of ``as_record``; of none where nothing was kept."""
    rows = () if record is None else record["blocks"]
    return Allocation(tuple(Block(device, at, tuple(numbers)) for device, at, numbers in rows))


ALLOCATION_VIEW = ViewKey[Allocation]("modbustable")
