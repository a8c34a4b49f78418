"""Cuts what a meter sends into telegrams, whatever the wire does with the eighth bit.

A port of eight bits without parity brings the parity of 7E1 as the eighth bit, and it is checked here; a converter that
speaks 7E1 itself leaves it 0. Which of the two it is every telegram shows by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

STX, ETX, EOT = 0x02, 0x03, 0x04
LONGEST = 4096  # bytes of a telegram; all groups of the mode standard are about 1300
_SEVEN_BITS = bytes(byte & 0x7F for byte in range(256))
_IS_EVEN = bytes(byte.bit_count() % 2 == 0 for byte in range(256))
_PLAIN = bytes(range(128))


class Damaged(ValueError):
    """What came cannot be a telegram; for people."""


def strip_parity(raw: bytes) -> bytes:
    """The characters of a telegram. Raises Damaged where parity came along and is wrong anywhere."""
    if not raw.translate(None, _PLAIN):
        return raw  # no eighth bit at all: the converter took parity away
    if b"\0" in raw.translate(_IS_EVEN):
        raise Damaged("a character with wrong parity")
    return raw.translate(_SEVEN_BITS)


class Cutter:
    """The stream of one connection. What it keeps is bounded, and it begins in the middle of a telegram."""

    def __init__(self) -> None:
        self._begun: bytearray | None = None  # raw bytes after STX; None = before the first one
        self._stray = 0  # bytes outside of telegrams since the last one

    def take(self, data: bytes) -> Iterator[bytes | Damaged]:
        """The content of each telegram that ``data`` ends, seven bits each, or why it is none."""
        for byte, raw in zip(data.translate(_SEVEN_BITS), data, strict=True):
            yield from self._take(byte, raw)

    def _take(self, byte: int, raw: int) -> Iterator[bytes | Damaged]:
        begun = self._begun
        if byte == STX:
            self._begun = bytearray()
            if begun is not None:
                yield Damaged("a telegram without an end")
        elif begun is None:
            yield from self._count_stray()
        elif byte == ETX:
            self._begun, self._stray = None, 0
            yield self._end(bytes(begun))
        elif byte == EOT:  # the meter itself breaks off, to be programmed or to send short ones
            self._begun = None
        elif len(begun) >= LONGEST:
            self._begun = None
            yield Damaged(f"more than {LONGEST} bytes without an end")
        else:
            begun.append(raw)

    def _count_stray(self) -> Iterator[Damaged]:
        self._stray += 1
        if self._stray >= LONGEST:
            self._stray = 0
            yield Damaged(f"{LONGEST} bytes without a telegram: wrong speed, or no meter")

    @staticmethod
    def _end(raw: bytes) -> bytes | Damaged:
        try:
            return strip_parity(raw)
        except Damaged as damage:
            return damage
