import time

import pytest

from runtime.core.modbus.request import Request
from runtime.core.poll.trace import KEPT, Trace, shown_reply, shown_request

READ = Request(3, 3, 0x5B00, 2)


def noted(trace, count=1, payload=b"\0\1\0\2", code="", request=READ):
    for _ in range(count):
        trace.note(7, 1_780_000_000_000, 0.05, request, payload, code, "")
    return trace


def test_the_newest_are_kept_in_order_and_the_oldest_fall_out():
    trace = noted(Trace(0), KEPT + 20)
    assert [each.serial for each in trace.since()] == list(range(21, KEPT + 21))


def test_who_looks_again_gets_only_what_is_new():
    trace = noted(Trace(0), 10)
    assert [each.serial for each in trace.since(8)] == [9, 10]
    assert trace.since(10) == ()


@pytest.mark.parametrize(
    ("request_", "bytes_"),
    [
        (READ, "03 03 5b 00 00 02"),
        (Request(1, 6, 16, 1, b"\x12\x34"), "01 06 00 10 12 34"),
        (Request(1, 16, 16, 1, b"\x12\x34"), "01 10 00 10 00 01 02 12 34"),
    ],
)
def test_a_request_is_shown_as_it_went_out(request_, bytes_):
    assert shown_request(request_).hex(" ") == bytes_


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
    shown = shown_reply(noted(Trace(0), payload=payload, code=code).since()[0])
    assert (shown.hex(" ") if shown else None) == bytes_


def test_a_write_is_shown_with_its_echo():
    write = Request(1, 16, 16, 1, b"\x12\x34")
    assert shown_reply(noted(Trace(0), payload=b"", request=write).since()[0]).hex(" ") == "01 10 00 10 00 01"


def test_noting_costs_a_poll_less_than_2_us():
    trace = Trace(0)

    def cost_s():
        began = time.perf_counter()
        noted(trace, 10_000)
        return (time.perf_counter() - began) / 10_000

    assert min(cost_s() for _ in range(5)) < 2e-6
