import random

import pytest

from drivers.adapters.frames import is_sound
from simulator.fault.faults import FAULTS, Faults, Frame, Mishaps

TCP = Frame("tcp", 7, 5, b"\x03\x04\x00\x01\x00\x02")
RTU = Frame("rtu", 0, 5, b"\x03\x04\x00\x01\x00\x02")


def delivered(frame, fault, seed=1, **changes):
    return Mishaps(seed).deliver(frame, Faults(rates={fault: 1.0}, **changes))


def arriving(frame, fault, seed=1, **changes):
    return b"".join(chunk for _, chunk in delivered(frame, fault, seed, **changes).chunks)


def test_without_faults_the_answer_arrives_as_it_is():
    assert Mishaps(1).deliver(TCP, Faults()).chunks == ((0.0, TCP.bytes()),)


def test_the_same_seed_brings_the_same_mishaps():
    faults = Faults(rates=dict.fromkeys(FAULTS, 0.05), jitter_s=0.1)
    first, second = Mishaps(3), Mishaps(3)
    assert [first.deliver(TCP, faults) for _ in range(200)] == [second.deliver(TCP, faults) for _ in range(200)]


def test_faults_strike_as_often_as_asked():
    mishaps = Mishaps(5)
    for _ in range(4000):
        mishaps.deliver(TCP, Faults(rates={"silence": 0.1, "late": 0.05}))
    assert 330 < mishaps.struck["silence"] < 470
    assert 150 < mishaps.struck["late"] < 250


def test_a_fault_that_this_wire_cannot_have_is_left_out():
    mishaps = Mishaps(1)
    assert mishaps.deliver(TCP, Faults(rates={"wrong_crc": 1.0})).chunks == ((0.0, TCP.bytes()),)
    assert mishaps.struck == {}


def test_an_unknown_fault_is_refused_by_name():
    with pytest.raises(ValueError, match="sloth is no fault"):
        Faults(rates={"sloth": 0.1})


@pytest.mark.parametrize("fault", ["wrong_transaction", "wrong_unit", "wrong_function", "wrong_count", "wrong_length"])
@pytest.mark.parametrize("seed", range(8))
def test_a_wrong_answer_over_tcp_differs_in_its_head(fault, seed):
    assert arriving(TCP, fault, seed)[:9] != TCP.bytes()[:9]


@pytest.mark.parametrize("fault", ["wrong_unit", "wrong_function", "wrong_count", "exception"])
def test_wrong_answers_over_rtu_are_sound_frames(fault):
    assert is_sound(arriving(RTU, fault))
    assert arriving(RTU, fault) != RTU.bytes()


@pytest.mark.parametrize("fault", ["wrong_crc", "truncated", "garbage", "doubled_address"])
def test_damaged_answers_over_rtu_are_not(fault):
    assert not is_sound(arriving(RTU, fault))


def test_a_late_answer_is_right_and_late():
    (chunk,) = delivered(RTU, "late", late_s=(0.5, 1.0)).chunks
    assert chunk[1] == RTU.bytes()
    assert 0.5 <= chunk[0] <= 1.0


def test_latency_comes_on_top_of_what_a_fault_takes():
    (chunk,) = delivered(RTU, "late", late_s=(0.5, 0.5), latency_s=2.0).chunks
    assert chunk[0] == 2.5


def test_a_sliced_answer_comes_byte_by_byte():
    assert [len(chunk) for _, chunk in delivered(TCP, "sliced").chunks] == [1] * len(TCP.bytes())


@pytest.mark.parametrize(("fault", "end"), [("close", "close"), ("reset", "reset"), ("half_open", "half_open")])
def test_some_faults_end_the_connection(fault, end):
    assert delivered(TCP, fault).end == end


def test_every_fault_does_something_to_every_wire_it_may_strike():
    for name, fault in FAULTS.items():
        for wire in fault.wires:
            frame = TCP if wire == "tcp" else RTU
            chunks, end = fault.strike(frame, Faults(), random.Random(1))
            assert end or list(chunks) != [(0.0, frame.bytes())], name
