"""The table of what a server answers, by the Modbus application protocol 1.1b3, sections 6 and 7."""

import struct

import pytest

from runtime.core.modbus.answer import FlatImage, answer_read

IMAGE = FlatImage(bytes(range(200)))  # 100 registers


def read(function, at, count):
    return struct.pack(">BHH", function, at, count)


@pytest.mark.parametrize(
    ("pdu", "answer"),
    [
        (read(3, 0, 1), "03020001"),
        (read(4, 99, 1), "0402c6c7"),
        (read(3, 10, 2), "030414151617"),
        (read(3, 0, 0), "8303"),
        (read(3, 0, 126), "8303"),
        (read(4, 0, 65535), "8403"),
        (read(3, 99, 2), "8302"),
        (read(3, 100, 1), "8302"),
        (read(3, 65535, 125), "8302"),
        (b"\x03", "8303"),
        (b"\x03\x00\x00\x00", "8303"),
        (read(3, 0, 1) + b"\x00", "8303"),
        (read(1, 0, 1), "8101"),
        (read(2, 0, 1), "8201"),
        (read(5, 0, 0xFF00), "8501"),
        (read(6, 0, 1), "8601"),
        (b"\x10\x00\x00\x00\x01\x02\x00\x01", "9001"),
        (b"\x00", "8001"),
        (b"\x7f", "ff01"),
        (b"\x83\x02", "8301"),
    ],
)
def test_each_request_gets_the_answer_of_the_specification(pdu, answer):
    assert answer_read(pdu, IMAGE).hex() == answer


def test_the_most_registers_of_one_answer_are_125():
    image = FlatImage(bytes(250))
    assert answer_read(read(3, 0, 125), image) == bytes((3, 250)) + bytes(250)


def test_any_pdu_gets_an_answer_or_an_exception_of_its_function():
    for function in range(256):
        for tail in (b"", b"\x00", bytes(4), bytes(252)):
            answer = answer_read(bytes((function,)) + tail, IMAGE)
            assert answer[0] in (function, function | 0x80) and len(answer) <= 253
