"""What a Modbus server answers: registers out of an image that does not change meanwhile, or why not."""

from __future__ import annotations

import struct
from typing import Protocol

from runtime.core.modbus.registers import MAX_WORDS

ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE, DEVICE_FAILURE = 1, 2, 3, 4
DEVICE_BUSY, PATH_UNAVAILABLE, TARGET_SILENT = 6, 10, 11
HOLDING, INPUT = 3, 4
WRITES = frozenset((5, 6, 15, 16, 21, 22, 23))
_READ = struct.Struct(">BHH")


class RegisterImage(Protocol):
    """The registers of one unit at one moment. Never changed: it is swapped as a whole."""

    def read(self, at: int, count: int) -> bytes | int:
        """``count`` registers (1 to 125) from a zero-based address on, big-endian, or the code of an exception."""


class FlatImage:
    """Registers from address 0 on, without gaps."""

    __slots__ = ("_octets",)

    def __init__(self, octets: bytes) -> None:
        self._octets = octets

    def __len__(self) -> int:
        return len(self._octets) // 2

    def read(self, at: int, count: int) -> bytes | int:
        octets = self._octets[2 * at : 2 * (at + count)]
        return octets if len(octets) == 2 * count else ILLEGAL_ADDRESS


def exception(function: int, code: int) -> bytes:
    return bytes((function | 0x80, code))


def answer_read(pdu: bytes, image: RegisterImage) -> bytes:
    """The answer PDU to a request PDU of any kind; whatever is no read of registers is an unknown function."""
    function = pdu[0]
    if function not in (HOLDING, INPUT):
        return exception(function & 0x7F, ILLEGAL_FUNCTION)
    if len(pdu) != _READ.size:
        return exception(function, ILLEGAL_VALUE)
    _, at, count = _READ.unpack(pdu)
    if not 1 <= count <= MAX_WORDS:
        return exception(function, ILLEGAL_VALUE)
    octets = image.read(at, count)
    if isinstance(octets, int):
        return exception(function, octets)
    return bytes((function, 2 * count)) + octets
