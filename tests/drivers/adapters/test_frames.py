"""Frames typed from the Modbus application protocol V1.1b3 and Modbus over serial line V1.02."""

import pytest

from drivers.adapters.frames import checksum, is_sound, rtu_transaction, tcp_transaction
from runtime.core.modbus.identification import identification_request
from runtime.core.modbus.request import Request


def test_a_read_over_tcp_is_framed_without_its_transaction():
    exchange = tcp_transaction(Request(unit=5, function=3, at=0x006B, count=3))
    assert exchange.frame == bytes.fromhex("0000 0006 05 03 006B 0003")
    assert exchange.head == bytes.fromhex("0000 0009 05 03 06")
    assert exchange.size == 7 + 2 + 6


def test_what_is_asked_alike_on_many_lines_is_framed_once():
    one, other = (tcp_transaction(Request(unit=5, function=3, at=0x006B, count=3)) for _ in range(2))
    assert one is other
    assert one.mark == (15, bytes.fromhex("0009"))
    assert tcp_transaction(identification_request(5)).mark is None


def test_a_read_over_rtu_ends_with_its_checksum():
    exchange = rtu_transaction(Request(unit=2, function=7 - 3, at=0, count=10))
    assert exchange.frame == bytes.fromhex("02 04 0000 000A") + checksum(bytes.fromhex("02 04 0000 000A"))
    assert exchange.size == 3 + 20 + 2


def test_the_checksum_is_that_of_the_specification():
    assert checksum(bytes.fromhex("02 07")) == bytes.fromhex("41 12")  # Modbus over serial line, appendix B
    assert is_sound(bytes.fromhex("02 07 41 12"))


def test_bits_are_answered_in_whole_bytes():
    assert tcp_transaction(Request(1, 1, 0x13, 19)).size == 7 + 2 + 3


@pytest.mark.parametrize(
    ("request_", "frame"),
    [
        (Request(1, 5, 0xAC, 1, b"\xff\0"), "01 05 00AC FF00"),
        (Request(1, 6, 1, 1, b"\0\3"), "01 06 0001 0003"),
        (Request(1, 15, 0x13, 10, bytes.fromhex("CD01")), "01 0F 0013 000A 02 CD01"),
        (Request(1, 16, 1, 2, bytes.fromhex("000A0102")), "01 10 0001 0002 04 000A 0102"),
    ],
)
def test_a_write_carries_its_registers_and_is_answered_by_its_echo(request_, frame):
    exchange = rtu_transaction(request_)
    assert exchange.frame[:-2] == bytes.fromhex(frame)
    assert exchange.head == bytes.fromhex(frame)[:6]
    assert exchange.size == 8


def test_an_identification_tells_its_size_itself():
    """The example of the application protocol, 6.21."""
    reply = bytes.fromhex("2B 0E 01 01 00 00 02 00 04") + b"ACME" + b"\x01\x02M3"
    exchange = tcp_transaction(identification_request(5))
    assert exchange.frame == bytes.fromhex("0000 0005 05 2B 0E 01 00")
    frame = bytes(4) + (len(reply) + 1).to_bytes(2, "big") + b"\x05" + reply
    assert exchange.fits(frame) and exchange.payload_of(frame) == reply[3:]
    assert not any(exchange.fits(frame[:size]) for size in range(len(frame)))
    rtu = rtu_transaction(identification_request(5))
    assert (rtu.frame[:-2], rtu.head, rtu.size) == (bytes.fromhex("05 2B 0E 01 00"), bytes.fromhex("05 2B 0E 01"), 0)


@pytest.mark.parametrize(
    "wrong",
    [
        Request(1, 3, 0, 126),
        Request(1, 3, 0, 0),
        Request(1, 3, 0xFFFF, 2),
        Request(256, 3, 0, 1),
        Request(1, 99, 0, 1),
        identification_request(1, 3),
        identification_request(1, 1, 256),
        Request(1, 16, 0, 2, b"\0\1"),
    ],
)
def test_what_no_frame_can_hold_is_refused(wrong):
    with pytest.raises(ValueError, match=r"."):
        tcp_transaction(wrong)
