"""Each write is an event; the same one again is counted, and none is lost."""

from __future__ import annotations

from runtime.core.modbus.request import Request
from runtime.core.modbusserver.writetrail import EACH_S, MOST, WriteTrail, describe_write

WRITE = Request(5, 16, 12, 2, bytes(4))


def test_a_write_is_described_by_who_where_and_what_became_of_it():
    described = "10.0.0.9: unit 5, function 16, register 12, count 2"
    assert describe_write("10.0.0.9", WRITE, 0) == described
    assert describe_write("10.0.0.9", WRITE, 11) == described + ", exception 11"


def test_the_same_write_again_is_counted_and_said_when_its_time_is_over():
    trail = WriteTrail()
    assert trail.note("a", 0.0) == ("a",) and trail.note("b", 1.0) == ("b",)
    assert trail.note("a", 2.0) == trail.note("a", 3.0) == ()
    assert trail.due(EACH_S - 1.0) == ()
    assert trail.due(EACH_S + 1.0) == ("a, 2 times more",)
    assert trail.note("a", EACH_S + 2.0) == ("a",) and trail.take_all() == ()


def test_it_stays_small_and_loses_nothing():
    trail = WriteTrail()
    for number in range(MOST):
        trail.note(f"w{number}", 0.0)
    trail.note("w7", 1.0)
    assert trail.note("one more", 2.0) == ("w7, 1 times more", "one more")
    assert trail.note("w7", 3.0) == ("w7",)
