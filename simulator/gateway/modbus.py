"""What a Modbus slave answers, byte for byte; no sockets here.

source  MODBUS Application Protocol V1.1b3 (6 and 7), Messaging on TCP/IP V1.0b, over Serial Line V1.02
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Protocol

ILLEGAL_FUNCTION = 1
ILLEGAL_ADDRESS = 2
ILLEGAL_VALUE = 3
TARGET_SILENT = 0x0B
IDENTIFICATION, MEI = 43, 14
SPACES = {1: "coil", 2: "discrete", 3: "holding", 4: "input"}
WRITTEN = {5: "coil", 15: "coil", 6: "holding", 16: "holding"}
_MOST_WRITTEN = {"coil": 1968, "holding": 123}
_MOST = {"coil": 2000, "discrete": 2000, "holding": 125, "input": 125}
_REQUEST = struct.Struct(">BHH")
_IDENTIFY = struct.Struct(">BBBB")
_LARGEST = 253  # bytes of a PDU
_BASIC_END, _REGULAR_END = 0x03, 0x80  # the first object of the next category
_MBAP = struct.Struct(">HHHB")


class Space(Protocol):
    """The registers or bits of one kind that a unit has, at one moment."""

    @property
    def most(self) -> int:
        """That one request may ask for."""

    def read(self, at: int, count: int) -> bytes | None:
        """The data of an answer, without its byte count; None where an address does not exist."""


class Unit(Protocol):
    """One slave behind a gateway."""

    def spaces(self, at_ms: int) -> Mapping[str, Space]:
        """Its spaces at that moment: coil, discrete, holding, input."""

    def write(self, space: str, at: int, data: bytes, at_ms: int) -> int:
        """Take registers as they came, or bits as a byte each. Returns 0, or the exception to answer."""

    def objects(self) -> Mapping[int, bytes]:
        """Its identification by number of the object; empty for one that does not know function 43."""


def answer(unit: Unit, pdu: bytes, at_ms: int) -> bytes:
    """The response PDU of ``unit``: the data asked for, or the exception that the specification wants."""
    function = pdu[0]
    if function in WRITTEN:
        return _written(unit, pdu, at_ms)
    if function == IDENTIFICATION:
        return _identified(unit.objects(), pdu)
    space = unit.spaces(at_ms).get(SPACES.get(function, ""))
    if space is None:
        return refusal(function, ILLEGAL_FUNCTION)
    if len(pdu) != _REQUEST.size:
        return refusal(function, ILLEGAL_VALUE)
    _, at, count = _REQUEST.unpack(pdu)
    if not 1 <= count <= min(space.most, _MOST[SPACES[function]]):
        return refusal(function, ILLEGAL_VALUE)
    payload = space.read(at, count) if at + count <= 0x10000 else None
    return refusal(function, ILLEGAL_ADDRESS) if payload is None else bytes((function, len(payload))) + payload


def _written(unit: Unit, pdu: bytes, at_ms: int) -> bytes:
    """The echo of a write, or the exception."""
    function, space = pdu[0], WRITTEN[pdu[0]]
    data = _data(pdu, space)
    if data is None:
        return refusal(function, ILLEGAL_VALUE)
    at = int.from_bytes(pdu[1:3], "big")
    code = unit.write(space, at, data, at_ms) if at + len(data) // _width(space) <= 0x10000 else ILLEGAL_ADDRESS
    return refusal(function, code) if code else pdu[:5]


def _identified(objects: Mapping[int, bytes], pdu: bytes) -> bytes:
    """As many objects of the category as go into one answer, beginning with the one asked for (6.21)."""
    if not objects:
        return refusal(IDENTIFICATION, ILLEGAL_FUNCTION)
    if len(pdu) != _IDENTIFY.size or pdu[1] != MEI:
        return refusal(IDENTIFICATION, ILLEGAL_VALUE)
    _, _, category, first = _IDENTIFY.unpack(pdu)
    has_regular = max(objects) >= _BASIC_END
    if category not in (1, 2):
        return refusal(IDENTIFICATION, ILLEGAL_VALUE)
    end = _REGULAR_END if category == 2 else _BASIC_END
    wanted = sorted(number for number in objects if number < end)
    listed = [number for number in wanted if number >= first] if first in wanted else wanted
    body, given = b"", 0
    for number in listed:
        entry = bytes((number, len(objects[number]))) + objects[number]
        if 7 + len(body) + len(entry) > _LARGEST:
            break
        body, given = body + entry, given + 1
    more = given < len(listed)
    head = bytes((IDENTIFICATION, MEI, category, 2 if has_regular else 1, 0xFF if more else 0))
    return head + bytes((listed[given] if more else 0, given)) + body


def _width(space: str) -> int:
    return 1 if space == "coil" else 2


def _data(pdu: bytes, space: str) -> bytes | None:
    """What is to be written, bits as a byte each; None when the request contradicts itself."""
    if pdu[0] == 5:
        return bytes((pdu[3:] == b"\xff\0",)) if len(pdu) == 5 and pdu[3:] in (b"\xff\0", b"\0\0") else None
    if pdu[0] == 6:
        return pdu[3:] if len(pdu) == 5 else None
    count = int.from_bytes(pdu[3:5], "big")
    size = (count + 7) // 8 if space == "coil" else 2 * count
    if not 1 <= count <= _MOST_WRITTEN[space] or len(pdu) != 6 + size or pdu[5] != size:
        return None
    data = pdu[6:]
    return bytes(data[i // 8] >> i % 8 & 1 for i in range(count)) if space == "coil" else data


def refusal(function: int, code: int) -> bytes:
    return bytes((function | 0x80, code))


def split_tcp(received: bytearray) -> list[tuple[int, int, bytes]]:
    """Take the whole frames off the front: (transaction, unit, PDU) each.

    raises  ValueError when the bytes are no Modbus: the connection is of no use any more
    """
    frames = []
    while len(received) >= _MBAP.size:
        transaction, protocol, length, unit = _MBAP.unpack_from(received)
        if protocol or not 2 <= length <= 254:
            raise ValueError("not a Modbus TCP frame")
        if len(received) < 6 + length:
            break
        frames.append((transaction, unit, bytes(received[_MBAP.size : 6 + length])))
        del received[: 6 + length]
    return frames


def join_tcp(transaction: int, unit: int, pdu: bytes) -> bytes:
    return _MBAP.pack(transaction, 0, len(pdu) + 1, unit) + pdu


def split_rtu(received: bytearray) -> list[tuple[int, bytes]]:
    """Take the whole requests off the front: (unit, PDU) each. What fails its check is dropped with all after it."""
    frames = []
    while len(received) >= 4:
        length = _rtu_length(received)
        if length is None or len(received) < length:
            break
        if crc16(received[:length]):
            received.clear()
            break
        frames.append((received[0], bytes(received[1 : length - 2])))
        del received[:length]
    return frames


def join_rtu(unit: int, pdu: bytes) -> bytes:
    frame = bytes((unit,)) + pdu
    return frame + struct.pack("<H", crc16(frame))


def _rtu_length(received: bytearray) -> int | None:
    """Bytes of the request that begins here, None while that cannot be told."""
    function = received[1]
    if 1 <= function <= 6:
        return 8
    if function == IDENTIFICATION:
        return 7
    for functions, position, rest in (((15, 16), 6, 9), ((23,), 10, 13)):
        if function in functions:
            return rest + received[position] if len(received) > position else None
    return len(received)  # a function that no slave here has: all that came, if its check is right


def _crc_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ 0xA001 if byte & 1 else byte >> 1
        table.append(byte)
    return tuple(table)


_CRC = _crc_table()


def crc16(frame: bytes | bytearray) -> int:
    """The check of the serial line; 0 over a frame with its own check, low byte first."""
    crc = 0xFFFF
    for byte in frame:
        crc = crc >> 8 ^ _CRC[(crc ^ byte) & 0xFF]
    return crc
