"""Where the registers of a block lie in its bytes, and one precompiled ``struct.Struct`` for many of them."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.core.modbus.registers import TYPES, Field


@dataclass(frozen=True, slots=True)
class BlockLayout:
    """Where a block begins and how its bytes are laid.

    order  of the struct module, for bytes in which every word was swapped if ``swap``
    swap_text  whether texts must be swapped (back) to be read
    """

    at: int
    words: int
    order: str = ">"
    swap: bool = False
    swap_text: bool = False


def reader(fields: Sequence[Field], place: BlockLayout) -> Callable[[bytes], tuple[Any, ...]]:
    """Unpacks the fields, in order of address, from the bytes of the whole block."""
    return unpacker([(field.at, TYPES[field.type].code, field.words) for field in fields], place)


def unpacker(parts: Sequence[tuple[int, str, int]], place: BlockLayout) -> Callable[[bytes], tuple[Any, ...]]:
    layout, at = [place.order], place.at
    for start, code, words in parts:
        layout.append(f"{2 * (start - at)}x{code}")
        at = start + words
    layout.append(f"{2 * (place.at + place.words - at)}x")
    return struct.Struct("".join(layout)).unpack
