"""The last values of one device: each with its time, how far it is believed, and the reads that bring it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runtime.core.decode.decoder import Block, Decoder, Part
from runtime.core.device.serialchange import NAMING, Name
from runtime.core.energy.counterlimits import rated_ma
from runtime.core.map.normalise import DeviceSettings
from runtime.core.quantity.plausibility import plausibility_of
from runtime.core.quantity.quality import Quality
from runtime.core.source.query import Query


class DeviceValues:
    """``values_n`` has one count of its quantity's step per slot of the map, ``ts_ms`` when it was read, 0 = never.

    Reads are blocks of the map, or parts of one that the device refused; their numbers are for ever.
    """

    def __init__(self, compiled: Decoder, settings: DeviceSettings) -> None:
        self._compiled = compiled
        self._settings = settings
        self.values_n = compiled.blank()
        self.ts_ms = [0] * len(self.values_n)
        self.quality = (0,) * len(self.values_n)
        self.suspects: frozenset[int] = frozenset()  # values that cannot be, whatever the device
        self._mark = Quality.GOOD
        self._plausible = plausibility_of(compiled.quantities, rated_ma(settings.parameters))
        self._doubted: set[int] = set()  # reads that may have brought another's answer
        self._slots = [compiled.indexes(block, settings) for block in range(len(compiled.blocks))]
        self._checks = [self._plausible.checks(slots) for slots in self._slots]
        self._parameters = [block.kind == "parameter" for block in compiled.blocks]
        self._splits = compiled.reads(self._slots)
        self._naming = _naming(compiled, self._slots)

    @property
    def active(self) -> Sequence[int]:
        """Numbers of the reads."""
        return self._splits.active

    def reads(self, unit: int) -> Iterator[tuple[int, str, Query]]:
        """Number, kind and request of each read."""
        for number in self._splits.active:
            yield number, self.block_of(number).kind, self._splits.request(number, unit)

    def request(self, number: int, unit: int) -> Query:
        return self._splits.request(number, unit)

    def block_of(self, number: int) -> Block:
        """The whole block that a read belongs to."""
        return self._compiled.blocks[self._splits.block_of(number)]

    def brings(self, number: int, quantity: str) -> bool:
        """Whether a read brings the quantity."""
        quantities = self._compiled.quantities
        return any(quantities[slot] == quantity for slot in self._slots[number])

    def is_unread(self, number: int) -> bool:
        """Whether this read was never answered."""
        return not any(self.ts_ms[slot] for slot in self._slots[number])

    def value_of(self, quantity: str) -> int | str | None:
        """The newest value."""
        return self.values_n[self._compiled.quantities.index(quantity)]

    def name(self, number: int) -> Name:
        """What this read tells of who the device is, () when it does not."""
        slots = self._naming.get(number)
        return tuple([self.values_n[slot] for slot in slots]) if slots else ()

    def take(self, number: int, ts_ms: int, payload: bytes) -> bool:
        """One answer. Returns whether a parameter changed, which scales the counters anew."""
        times, compiled = self.ts_ms, self._compiled
        changed = False
        if number in self._doubted:
            self._doubted.discard(number)
            self._qualify()
        if self._parameters[number]:
            changed = self._take_parameters(number, payload)
        else:
            self._decode(number, payload)
        for slot in self._slots[number]:
            times[slot] = ts_ms
        wrong = self._plausible.suspects(self._checks[number], self.values_n)
        if wrong or self.suspects:
            self._suspect(number, wrong)
        if compiled.derived:
            compiled.derive(self.values_n)
            for slot, parts in compiled.derived:
                times[slot] = min([times[part] for part in parts])
        return changed

    def split(self, number: int) -> Sequence[Part]:
        """Read it in two parts from now on; none when it cannot be divided."""
        parts = self._splits.split(number)
        for part in parts:
            self._slots.append(part.indexes)
            self._checks.append(self._plausible.checks(part.indexes))
            self._parameters.append(self._parameters[number])
        return parts

    def forget(self, number: int) -> None:
        """The device refuses this read: what it would bring has no value."""
        self._splits.forget(number)
        for slot in self._slots[number]:
            self.values_n[slot] = None

    def shift(self, shift_ms: int) -> None:
        """The clock was put right by so much."""
        self.ts_ms = [ts_ms + shift_ms if ts_ms else 0 for ts_ms in self.ts_ms]

    def mark(self, quality: Quality) -> None:
        """All of them, from now on."""
        self._mark = quality
        self._qualify()

    def _suspect(self, number: int, wrong: Sequence[int]) -> None:
        """Of what this read brings these values cannot be; nor can what is derived of them."""
        before = self.suspects
        measured = before.difference(self._slots[number], (slot for slot, _ in self._compiled.derived)).union(wrong)
        derived = [slot for slot, parts in self._compiled.derived if measured.intersection(parts)]
        self.suspects = measured.union(derived)
        if self.suspects != before:
            self._qualify()

    def _qualify(self) -> None:
        mark, suspect = int(self._mark), int(max(self._mark, Quality.SUSPECT))
        doubted = {slot for number in self._doubted for slot in self._slots[number]}
        doubted.update([slot for slot, parts in self._compiled.derived if doubted.intersection(parts)])
        doubted |= self.suspects
        self.quality = tuple([suspect if slot in doubted else mark for slot in range(len(self.values_n))])

    def doubt(self, number: int) -> None:
        """What this read brought is suspect until it is read again."""
        self._doubted.add(number)
        self._qualify()

    def _take_parameters(self, number: int, payload: bytes) -> bool:
        values, slots = self.values_n, self._compiled.parameters
        before = [values[slot] for slot in slots]
        self._decode(number, payload)
        return any(old is not None and old != values[slot] for old, slot in zip(before, slots, strict=True))

    def _decode(self, number: int, payload: bytes) -> None:
        splits, values = self._splits, self.values_n
        if not splits.is_part(number):
            self._compiled.apply(number, payload, values, self._settings)
            return
        whole = splits.assemble(number, payload)
        self._compiled.apply(splits.block_of(number), whole, values, self._settings)
        for slot in splits.unknown(number):
            values[slot] = None


def _naming(compiled: Decoder, slots: Sequence[Sequence[int]]) -> dict[int, tuple[int, ...]]:
    """Block -> slots in which the device names itself."""
    naming = {
        block: tuple(slot for slot in own if compiled.quantities[slot] in NAMING) for block, own in enumerate(slots)
    }
    return {block: own for block, own in naming.items() if own}
