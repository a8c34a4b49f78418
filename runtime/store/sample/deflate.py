"""One column of a block: integers in the order of time, as differences, shuffled by bytes and deflated.

Successive values of a meter are close to each other: what is stored is the smallest of the values themselves, their
differences and the differences of those, in units of their common divisor (a meter that counts whole Wh fills
thousandths with zeros), low bytes apart from high ones.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import gcd
from operator import sub

from runtime.store.codec import Damaged, pack, unpack

LEVEL = 6
_LOOKED_AT = 512  # values that decide how a column is stored
_TYPES = "bhiq"
_BIG_ENDIAN = sys.byteorder == "big"


def deflate(values_n: Sequence[int | None], quality: bytes) -> bytes:
    """A column.

    values_n  64 bit each, None = nothing known
    quality   one byte a value
    """
    gaps = bytes(value is None for value in values_n) if None in values_n else b""
    known = _fill_gaps(values_n) if gaps else [value for value in values_n if value is not None]
    first, order, scale, steps = _steps(known)
    try:
        width, shuffled = _shuffle(steps)
    except OverflowError:  # differences of the widest values
        first, order, scale = 0, 0, 1
        width, shuffled = _shuffle(known)
    parts = (shuffled, gaps, quality if any(quality) else b"")
    deflated = (zlib.compress(part, LEVEL) if part else b"" for part in parts)
    return pack([len(values_n), first, order, scale, width, *deflated])


@dataclass(frozen=True, slots=True)
class Counts:
    """A column as it lies there: its values are ``first + scale * each``.

    gaps  1 where nothing is known, 0 elsewhere; empty where all is known
    """

    each: Sequence[int]
    first: int
    scale: int
    gaps: bytes
    quality: bytes

    def values_n(self) -> list[int | None]:
        """The values themselves, None = nothing known."""
        first, scale = self.first, self.scale
        values: list[int | None] = [first + each * scale for each in self.each] if scale != 1 or first else [*self.each]
        return [None if gap else n for n, gap in zip(values, self.gaps, strict=True)] if self.gaps else values


def inflate(stream: bytes) -> Counts:
    """A column as it was deflated. Raises Damaged."""
    try:
        count, first, order, scale, width, *parts = unpack(stream)
        shuffled, gaps, quality = (zlib.decompress(part) if part else b"" for part in parts)
        steps = _unshuffle(shuffled, width, count)
    except (TypeError, ValueError, zlib.error) as error:
        raise Damaged from error
    for _ in range(order):
        steps = list(accumulate(steps))
    return Counts(steps, first, scale, gaps, quality or bytes(count))


def _fill_gaps(values_n: Sequence[int | None]) -> list[int]:
    """Gaps take the value before them, which costs nothing."""
    last = next((value for value in values_n if value is not None), 0)
    filled = []
    for value in values_n:
        last = last if value is None else value
        filled.append(last)
    return filled


def _steps(values: list[int]) -> tuple[int, int, int, list[int]]:
    """(first, order, scale, steps): ``order`` sums of the steps, times scale, plus first, are the values."""
    if not values:
        return 0, 0, 1, []
    first, order = values[0], _best_order(values)
    middle = first if order else values[len(values) // 2]
    steps = [value - middle for value in values]
    scale = gcd(*steps[:_LOOKED_AT]) or 1
    if scale != 1:
        scale = gcd(*steps) or 1
    if scale != 1:
        steps = [step // scale for step in steps]
    for _ in range(order):
        steps = [steps[0], *map(sub, steps[1:], steps)]
    return middle, order, scale, steps


def _best_order(values: list[int]) -> int:
    """0 values, 1 differences, 2 their differences: whichever is smallest around the middle."""
    begin = max(0, len(values) // 2 - _LOOKED_AT // 2)
    looked = values[begin : begin + _LOOKED_AT]
    sizes = []
    for order in range(3):
        centre = sorted(looked)[len(looked) // 2] if order == 0 and looked else 0
        sizes.append(sum(abs(value - centre).bit_length() for value in looked) / max(1, len(looked)))
        looked = list(map(sub, looked[1:], looked))
    return min(range(3), key=sizes.__getitem__)


def _shuffle(steps: list[int]) -> tuple[int, bytes]:
    """(bytes a value, the low bytes of all, then the next …); nothing where all are 0."""
    if not any(steps):
        return 0, b""
    bits = max(max(steps), ~min(steps)).bit_length()
    width = 1 if bits < 8 else 2 if bits < 16 else 4 if bits < 32 else 8
    raw = array(_TYPES[width.bit_length() - 1], steps)
    if _BIG_ENDIAN:
        raw.byteswap()
    packed = raw.tobytes()
    return width, b"".join(packed[byte::width] for byte in range(width))


def _unshuffle(shuffled: bytes, width: int, count: int) -> Sequence[int]:
    if not width:
        return [0] * count
    packed = bytearray(count * width)
    for byte in range(width):
        packed[byte::width] = shuffled[byte * count : (byte + 1) * count]
    raw: array[int] = array(_TYPES[width.bit_length() - 1])
    raw.frombytes(bytes(packed))
    if _BIG_ENDIAN:
        raw.byteswap()
    return raw
