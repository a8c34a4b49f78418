"""A transaction as it is shown to people who look at a wire."""

import pytest

from runtime.core.modbus.request import Request

READ = Request(3, 3, 0x5B00, 2)
WRITE = Request(1, 16, 16, 1, b"\x12\x34")


@pytest.mark.parametrize(("function", "writes"), [(1, False), (2, False), (3, False), (4, False), (5, True), (6, True)])
def test_reads_are_told_from_writes(function, writes):
    assert Request(1, function, 0, 1, b"\0\1").is_write is writes


def test_a_function_that_nobody_knows_counts_as_a_write():
    assert Request(1, 0, 0, 1).is_write and Request(1, 44, 0, 1).is_write


@pytest.mark.parametrize(
    ("request_", "bytes_"),
    [
        (READ, "03 03 5b 00 00 02"),
        (Request(1, 6, 16, 1, b"\x12\x34"), "01 06 00 10 12 34"),
        (WRITE, "01 10 00 10 00 01 02 12 34"),
    ],
)
def test_a_request_is_shown_as_it_went_out(request_, bytes_):
    assert request_.sent().hex(" ") == bytes_


@pytest.mark.parametrize(
    ("payload", "code", "bytes_"),
    [
        (b"\0\1\0\2", "", "03 03 04 00 01 00 02"),
        (None, "exception_2", "03 83 02"),
        (None, "no_answer", None),
        (None, "bad_crc", None),
    ],
)
def test_a_reply_is_shown_as_it_came_back(payload, code, bytes_):
    shown = READ.received(payload, code)
    assert (shown.hex(" ") if shown else None) == bytes_


def test_a_write_is_shown_with_its_echo():
    assert WRITE.received(b"", "").hex(" ") == "01 10 00 10 00 01"
