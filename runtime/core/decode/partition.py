"""A block that a device refuses is read in parts, until what it does not have stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from runtime.core.modbus.request import Request

_BITS = (1, 2)  # functions whose answers do not divide at addresses
Place = tuple[int, int, int]  # first address of a value, the one after its last, its slot


class Registers(Protocol):
    """The reads of a map: function, first address and words of each block, and where each of its values stands."""

    @property
    def blocks(self) -> Sequence[Stretch]: ...
    def spans(self, block: int) -> tuple[tuple[int, int], ...]: ...
    def request(self, block: int, unit: int) -> Request: ...


class Stretch(Protocol):
    @property
    def function(self) -> int: ...
    @property
    def at(self) -> int: ...
    @property
    def words(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Part:
    """One read. ``number`` is for ever; a whole block has the number of the block."""

    number: int
    block: int
    at: int
    words: int
    places: tuple[Place, ...]

    @property
    def indexes(self) -> tuple[int, ...]:
        return tuple(slot for _, _, slot in self.places)


class Partition:
    """The reads of one device, whole blocks at first.

    slots  per block: where its values go, in the order of the map's spans
    """

    def __init__(self, compiled: Registers, slots: Sequence[Sequence[int]]) -> None:
        self._compiled = compiled
        self._whole = len(compiled.blocks)
        self._slots = slots  # only looked at when a block is refused: most devices take them all
        self._parts: list[Part] = []  # those that are no whole blocks
        self.active = list(range(self._whole))
        self._answers: dict[int, bytearray] = {}  # of blocks in parts: the registers as far as they are known
        self._unknown: dict[int, set[int]] = {}  # of blocks in parts: slots that no answer has brought yet

    def block_of(self, number: int) -> int:
        """The whole block that a read belongs to."""
        return number if number < self._whole else self.part(number).block

    def part(self, number: int) -> Part:
        return self._whole_block(number) if number < self._whole else self._parts[number - self._whole]

    def request(self, number: int, unit: int) -> Request:
        if number < self._whole:
            return self._compiled.request(number, unit)
        part = self.part(number)
        return Request(unit, self._compiled.blocks[part.block].function, part.at, part.words)

    def split(self, number: int) -> tuple[Part, ...]:
        """Two parts in place of one that was refused; none when it cannot be divided."""
        part = self.part(number)
        cut = self._cut(part)
        if number not in self.active or not cut:
            return ()
        fresh = tuple(
            Part(self._whole + len(self._parts) + i, part.block, *_extent(places), places)
            for i, places in enumerate((part.places[:cut], part.places[cut:]))
        )
        self._parts += fresh
        where = self.active.index(number)
        self.active[where : where + 1] = [piece.number for piece in fresh]
        self._answers.setdefault(part.block, bytearray(2 * self._compiled.blocks[part.block].words))
        self._unknown.setdefault(part.block, set(part.indexes))
        return fresh

    def is_part(self, number: int) -> bool:
        return number >= self._whole

    def assemble(self, number: int, payload: bytes) -> bytes:
        """The whole block's registers with this part's answer in its place; zeros where nothing is known."""
        part = self.part(number)
        answer = self._answers[part.block]
        begin = 2 * (part.at - self._compiled.blocks[part.block].at)
        answer[begin : begin + len(payload)] = payload
        self._unknown[part.block].difference_update(part.indexes)
        return bytes(answer)

    def unknown(self, number: int) -> set[int]:
        """Slots of its block that mean nothing yet."""
        return self._unknown[self.block_of(number)]

    def forget(self, number: int) -> None:
        """The part is refused: its values mean nothing any more."""
        if self.is_part(number):
            part = self.part(number)
            self._unknown[part.block].update(part.indexes)

    def _whole_block(self, block: int) -> Part:
        asked = self._compiled.blocks[block]
        spans = zip(self._compiled.spans(block), self._slots[block], strict=True)
        places = sorted((*span, slot) for span, slot in spans)
        return Part(block, block, asked.at, asked.words, tuple(places))

    def _cut(self, part: Part) -> int:
        """Where to divide: at the widest gap, else in the middle; 0 = nowhere. Values are never cut."""
        if self._compiled.blocks[part.block].function in _BITS:
            return 0
        choices = []
        end = 0
        for i, (first, after, _) in enumerate(part.places):
            if i and first >= end:
                off_middle = abs(first - part.at - part.words / 2)
                choices.append((end - first, off_middle, i))
            end = max(end, after)
        return min(choices)[2] if choices else 0


def _extent(places: Sequence[Place]) -> tuple[int, int]:
    first = min(first for first, _, _ in places)
    return first, max(after for _, after, _ in places) - first
