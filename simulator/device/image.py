"""All registers and bits of one device at one moment, as a master finds them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from runtime.core.map.devicemap import DeviceMap, Probe
from simulator.device.encode import FieldEncoder, Value, Write, text_of, words_of

PASSABLE_WORDS = 64  # undeclared registers between declared ones read as 0 where the map sets no limit of its own
_BIT_SPACES = ("coil", "discrete")


@dataclass(frozen=True, slots=True)
class SpaceImage:
    """One space: stretches of addresses that exist. Bits take a byte each here."""

    most: int
    starts: tuple[int, ...]
    stretches: tuple[bytes, ...]
    width: int  # bytes an address: 2, or 1 for bits

    def read(self, at: int, count: int) -> bytes | None:
        index = bisect_right(self.starts, at) - 1
        if index < 0:
            return None
        first = (at - self.starts[index]) * self.width
        found = self.stretches[index][first : first + count * self.width]
        if len(found) < count * self.width:
            return None
        return found if self.width == 2 else _packed(found)


def _packed(bits: bytes) -> bytes:
    """Eight bits a byte, the first one lowest."""
    number = sum(bit << position for position, bit in enumerate(bits))
    return number.to_bytes((len(bits) + 7) // 8, "little")


class Encoder:
    """A device map with its parameters, ready to lay out values. ``parameters`` by name of their rows."""

    def __init__(self, map: DeviceMap, parameters: Mapping[str, Fraction]) -> None:
        self._map = map
        self._rows = [FieldEncoder(field, map, parameters) for field in map.fields]
        self._scales = {row.field.scale_at for row in self._rows} - {None}
        self._layout = {space: _stretches(map, space) for space in _spaces(map)}

    def image(self, values: Mapping[str, Value]) -> dict[str, SpaceImage]:
        """The spaces of the device; a quantity without a value shows as the map says."""
        images = {
            space: [bytearray((end - start) * _width(space)) for start, end in stretches]
            for space, stretches in self._layout.items()
        }
        writes = {space: _writer(images[space], self._layout[space], _width(space)) for space in images}
        for probe in self._map.identify:
            writes[probe.space](probe.at, _probed(probe, self._map), False)
        exponents = self._exponents(values)
        for row in self._rows:
            field = row.field
            exponent = exponents.get((field.space, field.scale_at or 0), 0) if exponents else 0
            row.encode(values.get(field.quantity), writes[field.space], exponent)
        for (space, at), exponent in exponents.items():
            writes[space](at, words_of(exponent, "i16", self._map), False)
        return {
            space: SpaceImage(
                2000 if space in _BIT_SPACES else self._map.max_words,
                tuple(start for start, _ in self._layout[space]),
                tuple(bytes(stretch) for stretch in stretches),
                _width(space),
            )
            for space, stretches in images.items()
        }

    def step(self, quantity: str) -> Fraction:
        """One count of the quantity's register, in steps of the quantity."""
        return next(row.step for row in self._rows if row.field.quantity == quantity)

    def _exponents(self, values: Mapping[str, Value]) -> dict[tuple[str, int], int]:
        """Power of ten by scale register: the largest that any value under it needs."""
        if not self._scales:
            return {}
        exponents: dict[tuple[str, int], int] = {}
        for row in self._rows:
            if row.field.scale_at is not None:
                key = (row.field.space, row.field.scale_at)
                needed = row.exponent(values.get(row.field.quantity))
                exponents[key] = max(exponents.get(key, needed), needed)
        return exponents


def _writer(stretches: Sequence[bytearray], layout: Sequence[tuple[int, int]], width: int) -> Write:
    starts = [start for start, _ in layout]

    def write(at: int, words: bytes, shared: bool) -> None:
        index = bisect_right(starts, at) - 1
        first = (at - starts[index]) * width
        if shared:
            words = bytes(old | new for old, new in zip(stretches[index][first:], words, strict=False))
        stretches[index][first : first + len(words)] = words

    return write


def _probed(probe: Probe, map: DeviceMap) -> bytes:
    """What names the device; 1 where its map takes any answer."""
    expected = probe.equals[0] if probe.equals else 1
    return text_of(expected, probe.words, map) if isinstance(expected, str) else words_of(expected, probe.type, map)


def _spaces(map: DeviceMap) -> list[str]:
    used = [field.space for field in map.fields] + [probe.space for probe in map.identify]
    return list(dict.fromkeys(used))


def _width(space: str) -> int:
    return 1 if space in _BIT_SPACES else 2


def _stretches(map: DeviceMap, space: str) -> list[tuple[int, int]]:
    """[start, end) of addresses that answer: the declared ones and small gaps between them, never across a break."""
    places = [place for field in map.fields if field.space == space for place in field.addresses]
    places += [(probe.at, probe.words) for probe in map.identify if probe.space == space]
    passable = PASSABLE_WORDS if map.gap_words is None else map.gap_words
    stretches: list[tuple[int, int]] = []
    for at, words in sorted(places):
        start, end = stretches[-1] if stretches else (0, -1)
        broken = any(end <= limit <= at for limit in map.breaks)
        if end >= 0 and at <= end + passable and not (broken and at >= end):
            stretches[-1] = (start, max(end, at + words))
        else:
            stretches.append((at, at + words))
    return stretches
