"""What is passed through to a bus: a PDU as our own request, and its answer as a PDU again."""

from __future__ import annotations

import struct

from runtime.core.modbus.answer import (
    DEVICE_FAILURE,
    ILLEGAL_ADDRESS,
    ILLEGAL_FUNCTION,
    ILLEGAL_VALUE,
    PATH_UNAVAILABLE,
    TARGET_SILENT,
    exception,
)
from runtime.core.modbus.registers import MAX_BITS, MAX_WORDS
from runtime.core.modbus.request import Request
from runtime.errors import BadAnswer, LinkDown, NoAnswer, Refused

_MOST = {1: MAX_BITS, 2: MAX_BITS, 3: MAX_WORDS, 4: MAX_WORDS}  # by function
_READ = struct.Struct(">BHH")
_MOST_WRITTEN = {15: 1968, 16: 123}  # bits and registers by function (Modbus application protocol V1.1b3, 6.11, 6.12)
_REGISTERS = 0x10000  # of one unit
_COIL_VALUES = (b"\x00\x00", b"\xff\x00")
PASSED_WRITES = frozenset((5, 6, *_MOST_WRITTEN))


def passed_request(unit: int, pdu: bytes) -> Request | int:
    """The read that a PDU asks for, or the code of an exception."""
    function = pdu[0]
    if function not in _MOST:
        return ILLEGAL_FUNCTION
    if len(pdu) != _READ.size:
        return ILLEGAL_VALUE
    _, at, count = _READ.unpack(pdu)
    return Request(unit, function, at, count) if 1 <= count <= _MOST[function] else ILLEGAL_VALUE


def passed_write(unit: int, pdu: bytes) -> Request | int:
    """The write that a PDU (of ``PASSED_WRITES``) asks for, or the code of an exception: count and bytes must fit."""
    function, octets = pdu[0], pdu[_READ.size + 1 :]
    if len(pdu) < _READ.size:
        return ILLEGAL_VALUE
    _, at, count = _READ.unpack_from(pdu)
    if function not in _MOST_WRITTEN:
        fits = len(pdu) == _READ.size and (function != 5 or pdu[3:] in _COIL_VALUES)
        return Request(unit, function, at, 1, pdu[3:]) if fits else ILLEGAL_VALUE
    size = 2 * count if function == 16 else (count + 7) // 8
    if not 1 <= count <= _MOST_WRITTEN[function] or len(octets) != size or pdu[_READ.size] != size:
        return ILLEGAL_VALUE
    return Request(unit, function, at, count, octets) if at + count <= _REGISTERS else ILLEGAL_ADDRESS


def passed_answer(pdu: bytes, payload: bytes) -> bytes:
    """To a request: what was read, or the echo of a write."""
    if pdu[0] in PASSED_WRITES:
        return pdu[: _READ.size]
    return bytes((pdu[0], len(payload))) + payload


def passed_refusal(function: int, error: Exception) -> bytes:
    """What a master is answered where the bus gave nothing."""
    match error:
        case Refused():
            return exception(function, error.exception)
        case NoAnswer() | BadAnswer():
            return exception(function, TARGET_SILENT)
        case LinkDown():
            return exception(function, PATH_UNAVAILABLE)
        case _:
            return exception(function, DEVICE_FAILURE)
