"""Function 43 with MEI type 14 as a server answers it.

source  MODBUS Application Protocol V1.1b3, 6.21
"""

from __future__ import annotations

from runtime.core.modbus.answer import ILLEGAL_ADDRESS, ILLEGAL_FUNCTION, ILLEGAL_VALUE, exception
from runtime.core.modbus.identification import (
    BASIC,
    LARGEST,
    MODEL,
    NAME,
    PRODUCT,
    REGULAR,
    REVISION,
    VENDOR,
    Identification,
)
from runtime.core.modbus.request import IDENTIFICATION, MEI

EXTENDED, SINGLE = 3, 4  # categories: all there is; one object
_LEVEL = 0x82  # regular objects, and single ones may be asked for
_HEAD = 7
_LONGEST = 45  # bytes of one text: all of them fit into one answer
_LAST_BASIC = REVISION


def answer_identification(pdu: bytes, identity: Identification) -> bytes:
    """The answer PDU to one that begins with function 43."""
    if len(pdu) < 2 or pdu[1] != MEI:
        return exception(IDENTIFICATION, ILLEGAL_FUNCTION)
    if len(pdu) != 4 or not BASIC <= pdu[2] <= SINGLE:
        return exception(IDENTIFICATION, ILLEGAL_VALUE)
    category, first = pdu[2], pdu[3]
    objects = _objects(identity)
    if category == SINGLE:
        if first not in objects:
            return exception(IDENTIFICATION, ILLEGAL_ADDRESS)
        return _framed(category, {first: objects[first]})
    known = [number for number in objects if number <= _LAST_BASIC or category >= REGULAR]
    start = first if first in known else 0  # an object that there is none of: from the beginning, as the standard says
    return _framed(category, {number: objects[number] for number in known if number >= start})


def _objects(identity: Identification) -> dict[int, bytes]:
    texts = {
        VENDOR: identity.vendor, PRODUCT: identity.product, REVISION: identity.revision, NAME: identity.name,
        MODEL: identity.model,
    }  # fmt: skip
    required = (VENDOR, PRODUCT, REVISION)
    return {number: _octets(text) for number, text in texts.items() if text or number in required}


def _octets(text: str) -> bytes:
    return text.encode("ascii", "replace")[:_LONGEST]


def _framed(category: int, objects: dict[int, bytes]) -> bytes:
    head = bytes((IDENTIFICATION, MEI, category, _LEVEL, 0, 0, len(objects)))
    pdu = head + b"".join(bytes((number, len(text))) + text for number, text in objects.items())
    assert _HEAD <= len(pdu) <= LARGEST
    return pdu
