"""Modbus TCP as a server hears and speaks it: requests cut out of a stream of bytes, answers framed."""

from __future__ import annotations

import struct

_HEAD = struct.Struct(">HHHB")  # transaction, protocol, bytes that follow, unit
HEAD_BYTES = _HEAD.size
_FRAME = 6  # of the head: what its length does not count
MOST_BYTES = 260  # of a frame
_LENGTHS = range(2, MOST_BYTES - _FRAME + 1)  # unit and function at least

FramedRequest = tuple[int, int, bytes]  # transaction, unit, PDU


class NotModbus(Exception):
    """The stream is no Modbus TCP, and where its next frame would begin nobody knows."""


def cut_requests(stream: bytes) -> tuple[list[FramedRequest], bytes]:
    """The requests that are complete, in order, and what is left; that is shorter than a frame.

    raises  NotModbus for another protocol or a length that no frame has, also where requests came before it
    """
    requests: list[FramedRequest] = []
    at, size = 0, len(stream)
    while size - at >= HEAD_BYTES:
        transaction, protocol, length, unit = _HEAD.unpack_from(stream, at)
        if protocol or length not in _LENGTHS:
            raise NotModbus(f"protocol {protocol}, length {length}")
        end = at + _FRAME + length
        if end > size:
            break
        requests.append((transaction, unit, stream[at + HEAD_BYTES : end]))
        at = end
    return requests, stream[at:]


def frame_answer(transaction: int, unit: int, pdu: bytes) -> bytes:
    return _HEAD.pack(transaction, 0, len(pdu) + 1, unit) + pdu
