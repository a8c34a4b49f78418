"""From quantities to registers: the other direction than the product's, written from the meaning of a map's row alone.

A counter shows the whole steps of its register (it never rounds up), a gauge the nearest one. A number that does not
fit is shown as the largest; a counter starts again from 0.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from runtime.core.map.devicemap import TYPES, DeviceMap, Field
from runtime.core.quantity.catalogue import QUANTITIES

Value = int | str | None  # count of the quantity's step, a text, or nothing to show
Raw = int | float
Write = Callable[[int, bytes, bool], None]  # address, words, whether others share the register


def step_of(field: Field, map: DeviceMap, parameters: Mapping[str, Fraction]) -> Fraction:
    """What one count of the register is worth in steps of its quantity, before a scale register."""
    worth = Fraction(*field.scale) / Fraction(10) ** QUANTITIES[field.quantity].exp10
    if field.scale_band is not None:
        product = math.prod((parameters[name] for name in field.scale_band.of), start=Fraction(1))
        factors = [factor for limit, factor in field.scale_band.below if product < Fraction(*limit)]
        worth *= Fraction(*(factors or [field.scale_band.otherwise])[0])
    worth *= math.prod((parameters[name] for name in field.factor), start=Fraction(1))
    return worth


def raw_of(field: Field, value_n: int, step: Fraction) -> Raw:
    """The number that stands in the register (or in both parts of a split one) for a magnitude or signed count."""
    counter = QUANTITIES[field.quantity].kind == "counter"
    kind = TYPES[field.type]
    worth, of = step.numerator, step.denominator
    if kind.real:
        return _real(value_n * of / worth, kind.code, round_up=not counter)
    if counter:
        return value_n * of // worth % ((kind.largest + 1) * (field.high_factor or 1))
    least = -kind.largest - 1 if kind.signed else 0
    return max(least, min(kind.largest, (2 * value_n * of + worth) // (2 * worth)))


def shown(field: Field, value_n: int, step: Fraction) -> int:
    """The count of the quantity's step that a reader of the register gets for it."""
    raw = raw_of(field, value_n, step)
    if isinstance(raw, float):
        return round(Fraction(raw) * step)
    return raw * step.numerator if step.denominator == 1 else round(raw * step)


def shown_series(field: Field, values_n: Sequence[int], step: Fraction) -> list[int]:
    """``shown`` for each, many times faster."""
    kind = TYPES[field.type]
    worth, of = step.numerator, step.denominator
    counter = QUANTITIES[field.quantity].kind == "counter"
    if kind.code == "f":
        wanted = [value_n * of / worth for value_n in values_n]
        row, patterns = f">{len(wanted)}f", f">{len(wanted)}I"
        packed = struct.pack(row, *wanted)
        numbers = struct.unpack(row, packed)
        if counter:  # the pattern of a positive number, less one, is the number below it
            rows = zip(struct.unpack(patterns, packed), numbers, wanted, strict=True)
            numbers = struct.unpack(row, struct.pack(patterns, *[pattern - (n > want) for pattern, n, want in rows]))
        return [round(number * worth / of) for number in numbers]  # 24 bits leave the product exact enough
    if counter and of == 1 and not kind.real:
        whole = (kind.largest + 1) * (field.high_factor or 1)
        return [value_n // worth % whole * worth for value_n in values_n]
    fits = not kind.real and max(map(abs, values_n), default=0) * of <= (kind.largest - 1) * worth
    if not counter and fits and (kind.signed or min(values_n, default=0) >= 0):
        if worth == 1:
            return list(values_n)
        if of == 1:
            return [(2 * value_n + worth) // (2 * worth) * worth for value_n in values_n]
    return [shown(field, value_n, step) for value_n in values_n]


def _real(value: float, code: str, *, round_up: bool) -> float:
    """The nearest number of the type, or the nearest that is not larger."""
    number: float = struct.unpack(">" + code, struct.pack(">" + code, value))[0]
    return number if round_up or number <= value else _below(number, code)


def _below(number: float, code: str) -> float:
    """The next smaller positive number of the type: its pattern is one less."""
    pattern = "I" if code == "f" else "Q"
    below = struct.unpack(">" + pattern, struct.pack(">" + code, number))[0] - 1
    lower: float = struct.unpack(">" + code, struct.pack(">" + pattern, below))[0]
    return lower


def words_of(raw: Raw, type_name: str, map: DeviceMap) -> bytes:
    """A number as it travels: each word most significant byte first, unless the map says otherwise."""
    return _ordered(struct.pack(">" + TYPES[type_name].code, raw), map)


def text_of(text: str, words: int, map: DeviceMap) -> bytes:
    padded = text.encode("ascii", "replace")[: 2 * words].ljust(2 * words, b"\0")
    return _swapped(padded) if map.byte_order == "little" else padded


def nothing_of(field: Field, map: DeviceMap) -> bytes:
    """What the register holds when there is no value: the map's marker, not-a-number, else 0."""
    if field.type not in TYPES:
        return bytes(2 * field.words)
    kind = TYPES[field.type]
    markers = (*field.invalid, *(first for first, _ in field.invalid_within))
    return words_of(markers[0] if markers else math.nan if kind.real else 0, field.type, map)


def _ordered(big: bytes, map: DeviceMap) -> bytes:
    if map.word_order == "little":
        big = b"".join(big[at : at + 2] for at in range(len(big) - 2, -1, -2))
    return _swapped(big) if map.byte_order == "little" else big


def _swapped(words: bytes) -> bytes:
    return b"".join(words[at + 1 : at - 1 if at else None : -1] for at in range(0, len(words), 2))


class FieldEncoder:
    """One row of a map, made ready: writes the words of a value at their addresses."""

    def __init__(self, field: Field, map: DeviceMap, parameters: Mapping[str, Fraction]) -> None:
        self.field = field
        self._map = map
        self._kind = QUANTITIES[field.quantity].kind
        self.step = step_of(field, map, parameters) if self._kind in ("counter", "gauge") else Fraction(1)
        self._states = {count: raw for raw, count in field.enum}
        self._nothing = nothing_of(field, map)

    def encode(self, value: Value, write: Write, exponent: int = 0) -> None:
        """exponent  what the scale register says in this image"""
        field, map = self.field, self._map
        if field.type == "bit":
            write(field.at, bytes((1 if value else 0,)), False)
        elif field.type == "text":
            write(field.at, text_of(str(value or ""), field.words, map), False)
        elif self._kind == "text" and isinstance(value, str) and value.isdecimal():
            write(field.at, words_of(int(value), field.type, map), False)
        elif not isinstance(value, int):
            write(field.at, self._nothing, field.bits is not None)
        elif self._kind == "state":
            raw = self._states.get(value, value) << (field.bits[0] if field.bits else 0)
            write(field.at, words_of(raw, field.type, map), field.bits is not None)
        else:
            self._encode_number(value, write, exponent)

    def _encode_number(self, value: int, write: Write, exponent: int) -> None:
        field, map = self.field, self._map
        if field.sign_at is not None:
            write(field.sign_at, words_of(int(value < 0), "u16", map), False)
            value = abs(value)
        raw = raw_of(field, value, self.step * Fraction(10) ** exponent if exponent else self.step)
        if field.high_at is not None:
            high, raw = divmod(raw, field.high_factor)
            write(field.high_at, words_of(int(high), field.type, map), False)
        if field.bits is not None:
            raw = int(raw) << field.bits[0]
        write(field.at, words_of(raw, field.type, map), field.bits is not None)

    def exponent(self, value: Value) -> int:
        """The smallest power of ten, from -3, with which a gauge fits its register; counters keep 0."""
        kind = TYPES.get(self.field.type)
        if self._kind == "counter" or kind is None or kind.real or not isinstance(value, int):
            return 0
        return next(e for e in range(-3, 13) if abs(value) <= kind.largest * abs(self.step) * Fraction(10) ** e)
