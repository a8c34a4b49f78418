import time

from runtime.core.modbus.request import Request
from runtime.core.poll.trace import KEPT, Trace

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


def test_a_transaction_shows_what_went_out_and_what_came_back():
    each = noted(Trace(0)).since()[0]
    assert (each.sent(), each.received()) == (READ.sent(), READ.received(b"\0\1\0\2", ""))


def test_noting_costs_a_poll_less_than_2_us():
    trace = Trace(0)

    def cost_s():
        began = time.process_time()
        noted(trace, 10_000)
        return (time.process_time() - began) / 10_000

    assert min(cost_s() for _ in range(5)) < 2e-6
