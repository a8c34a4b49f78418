"""Reads that are passed through to a bus: a PDU as our own request, and its answer as a PDU again."""

from __future__ import annotations

import struct

from runtime.core.modbus.answer import (
    DEVICE_FAILURE,
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


def passed_request(unit: int, pdu: bytes) -> Request | int:
    """The read that a PDU asks for, or the code of an exception."""
    function = pdu[0]
    if function not in _MOST:
        return ILLEGAL_FUNCTION
    if len(pdu) != _READ.size:
        return ILLEGAL_VALUE
    _, at, count = _READ.unpack(pdu)
    return Request(unit, function, at, count) if 1 <= count <= _MOST[function] else ILLEGAL_VALUE


def passed_answer(function: int, payload: bytes) -> bytes:
    return bytes((function, len(payload))) + payload


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
