"""What a master writes to a device: which commands of its map, and what they are told."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from runtime.core.map.commandrow import CommandRow
from runtime.core.map.devicemap import TYPES
from runtime.core.quantity.catalogue import QUANTITIES
from simulator.gateway.modbus import ILLEGAL_ADDRESS, ILLEGAL_VALUE

_COILS = (5, 15)


@dataclass(frozen=True, slots=True)
class Refusal(Exception):
    """The device says no: a Modbus exception."""

    code: int


def commands_in(rows: Sequence[CommandRow], space: str, at: int, data: bytes) -> list[tuple[CommandRow, int]]:
    """The commands that a write carries, with the counts that they are told.

    data    registers as they came, or a byte a bit
    raises  Refusal when an address is no command's or a value is none that may be told
    """
    width = 1 if space == "coil" else 2
    end = at + len(data) // width
    found = []
    while at < end:
        row = next((row for row in rows if row.at == at and (row.function in _COILS) == (space == "coil")), None)
        words = 1 if row is None or space == "coil" else TYPES[row.type].words
        if row is None or at + words > end:
            raise Refusal(ILLEGAL_ADDRESS)
        found.append((row, _count(row, data[: words * width])))
        data, at = data[words * width :], at + words
    return found


def _count(row: CommandRow, data: bytes) -> int:
    raw = data[0] if row.function in _COILS else _number(row, data)
    if row.values:
        counts = [count for count, known in row.values if known == raw]
        if not counts:
            raise Refusal(ILLEGAL_VALUE)
        return counts[0]
    count = round(raw * Fraction(*row.scale) / Fraction(10) ** QUANTITIES[row.quantity].exp10)
    if not row.least_n <= count <= row.most_n:
        raise Refusal(ILLEGAL_VALUE)
    return count


def _number(row: CommandRow, data: bytes) -> int | Fraction:
    words = [data[i : i + 2] for i in range(0, len(data), 2)]
    if row.byte_order == "little":
        words = [word[::-1] for word in words]
    if row.word_order == "little":
        words.reverse()
    big, kind = b"".join(words), TYPES[row.type]
    if not kind.real:
        return int.from_bytes(big, "big", signed=kind.signed)
    (raw,) = struct.unpack(">" + kind.code, big)
    if not math.isfinite(raw):
        raise Refusal(ILLEGAL_VALUE)
    return Fraction(raw)
