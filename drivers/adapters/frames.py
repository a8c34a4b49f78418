"""Modbus frames, built once per request by pymodbus; the only file that knows that package.

Its client loops are not used: they take a late RTU answer for the next request's and accept wrong counts and functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pymodbus.framer.rtu import FramerRTU
from pymodbus.framer.socket import FramerSocket
from pymodbus.pdu import DecodePDU, ModbusPDU
from pymodbus.pdu.bit_message import (
    ReadCoilsRequest,
    ReadDiscreteInputsRequest,
    WriteMultipleCoilsRequest,
    WriteSingleCoilRequest,
)
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersRequest,
    ReadInputRegistersRequest,
    WriteMultipleRegistersRequest,
    WriteSingleRegisterRequest,
)

from runtime.core.modbus.identification import is_whole, pdu_of
from runtime.core.modbus.request import IDENTIFICATION, Request

MBAP_BYTES = 7  # transaction, protocol, length, unit
_SHARED = 8192
_READS: dict[int, type[ModbusPDU]] = {
    1: ReadCoilsRequest,
    2: ReadDiscreteInputsRequest,
    3: ReadHoldingRegistersRequest,
    4: ReadInputRegistersRequest,
}
_WRITES: dict[int, type[ModbusPDU]] = {
    5: WriteSingleCoilRequest,
    6: WriteSingleRegisterRequest,
    15: WriteMultipleCoilsRequest,
    16: WriteMultipleRegistersRequest,
}


@dataclass(frozen=True, slots=True)
class Transaction:
    """One request on the wire and the only shape its answer may have; the same object for all lines.

    frame  bytes to send; for TCP without the two of the transaction
    head   bytes that the answer must begin with; for TCP from the protocol id on, for RTU from the unit on
    size   bytes of the whole answer, transaction or checksum included; 0 = an identification, which tells it itself:
           then the head begins with the unit for TCP, too
    mark   of TCP: its size, and how the answer's own head tells it; None of an identification
    """

    frame: bytes
    head: bytes
    size: int
    mark: tuple[int, bytes] | None = None

    def fits(self, frame: bytes) -> bool:
        """Whether a whole frame of Modbus TCP is the answer."""
        if self.size:
            return len(frame) == self.size and frame.startswith(self.head, 2)
        return frame.startswith(self.head, MBAP_BYTES - 1) and is_whole(frame[MBAP_BYTES:])

    def payload_of(self, frame: bytes) -> bytes:
        """What follows the head in a frame of Modbus TCP that fits."""
        return frame[(2 if self.size else MBAP_BYTES - 1) + len(self.head) :]


@lru_cache(maxsize=_SHARED)
def tcp_transaction(request: Request) -> Transaction:
    """Raises ValueError for a request that no frame can hold."""
    pdu = _pdu(request)
    head, rest = _answer(request, pdu)
    if request.function == IDENTIFICATION:
        return Transaction(_tcp_frame(pdu, request.unit), bytes([request.unit]) + head, 0)
    length = 1 + len(head) + rest
    told, size = length.to_bytes(2, "big"), MBAP_BYTES - 1 + length
    return Transaction(_tcp_frame(pdu, request.unit), b"\0\0" + told + bytes([request.unit]) + head, size, (size, told))


@lru_cache(maxsize=_SHARED)
def rtu_transaction(request: Request) -> Transaction:
    """Raises ValueError for a request that no frame can hold."""
    pdu = _pdu(request)
    head, rest = _answer(request, pdu)
    frame = FramerRTU(DecodePDU(False)).encode(pdu, request.unit, 0)
    size = 0 if request.function == IDENTIFICATION else 1 + len(head) + rest + 2
    return Transaction(frame, bytes([request.unit]) + head, size)


def _tcp_frame(pdu: bytes, unit: int) -> bytes:
    return FramerSocket(DecodePDU(False)).encode(pdu, unit, 0)[2:]


def checksum(frame: bytes) -> bytes:
    """The two bytes that end an RTU frame."""
    return FramerRTU.compute_CRC(frame).to_bytes(2, "big")


def is_sound(frame: bytes) -> bool:
    """Does the RTU frame end with its checksum?"""
    return checksum(frame[:-2]) == frame[-2:]


def _pdu(request: Request) -> bytes:
    if not 0 <= request.unit <= 255:
        raise ValueError(f"unit {request.unit} is not within 0..255")
    if request.function == IDENTIFICATION:
        return pdu_of(request)
    if request.at + request.count > 0x10000:
        raise ValueError(f"registers {request.at}..{request.at + request.count - 1} go beyond 65535")
    message = _read(request) if request.function in _READS else _write(request)
    return bytes([request.function]) + message.encode()


def _read(request: Request) -> ModbusPDU:
    return _READS[request.function](address=request.at, count=request.count)


def _write(request: Request) -> ModbusPDU:
    kind = _WRITES.get(request.function)
    if kind is None:
        raise ValueError(f"function {request.function} is not one of 1 to 6, 15, 16 and 43")
    if request.function == 5:
        return kind(address=request.at, bits=[request.payload != b"\0\0"])
    if request.function == 15:
        bits = [bool(request.payload[i // 8] >> i % 8 & 1) for i in range(request.count)]
        return kind(address=request.at, bits=bits)
    registers = [int.from_bytes(request.payload[i : i + 2], "big") for i in range(0, len(request.payload), 2)]
    if len(registers) != request.count:
        raise ValueError(f"{len(registers)} registers to write where the count is {request.count}")
    return kind(address=request.at, registers=registers)


def _answer(request: Request, pdu: bytes) -> tuple[bytes, int]:
    """What the answer's PDU begins with, and how many bytes follow."""
    if request.function in (3, 4):
        return bytes([request.function, 2 * request.count]), 2 * request.count
    if request.function in (1, 2):
        size = (request.count + 7) // 8
        return bytes([request.function, size]), size
    if request.function == IDENTIFICATION:
        return pdu[:3], 0  # the objects tell how long they are
    return pdu[:5], 0  # a write is echoed: address and value, or address and count
