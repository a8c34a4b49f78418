import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.adapters.frames import checksum, rtu_transaction
from drivers.adapters.rtuhearing import explain_noise, find_frame, probe_for
from runtime.core.modbus.request import Request

TWO = Request(5, 3, 100, 2)
EXCHANGE = rtu_transaction(TWO)


def framed(body):
    return body + checksum(body)


ANSWER = framed(b"\x05\x03\x04\0\1\0\2")


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_an_answer_is_found_among_noise(before, after):
    assert find_frame(before + ANSWER + after, EXCHANGE.head, EXCHANGE.size) == ANSWER


@given(st.integers(0, len(ANSWER) * 8 - 1))
def test_one_turned_bit_makes_it_no_answer(bit):
    garbled = bytearray(ANSWER)
    garbled[bit // 8] ^= 1 << bit % 8
    assert find_frame(bytes(garbled), EXCHANGE.head, EXCHANGE.size) == b""


@pytest.mark.parametrize(
    ("heard", "code"),
    [
        (b"\xff\xfe\x00", "bad_frame"),
        (ANSWER[:5], "bad_frame"),
        (ANSWER[:-1] + b"\0", "bad_crc"),
        (framed(b"\x06\x03\x04\0\1\0\2"), "bad_unit"),
        (framed(b"\x05\x04\x04\0\1\0\2"), "bad_function"),
        (framed(b"\x05\x03\x06\0\1\0\2\0\3"), "bad_count"),
    ],
)
def test_what_is_wrong_is_told(heard, code):
    assert explain_noise(TWO, EXCHANGE, heard).code == code


requests = st.builds(
    Request, st.just(5), st.sampled_from([1, 2, 3, 4]), st.integers(0, 0xFFFF - 30), st.integers(1, 30)
)


@given(requests, requests)
def test_a_probe_can_be_taken_for_neither(failed, wanted):
    probe = probe_for(failed, wanted)
    heads = {rtu_transaction(request).head for request in (failed, wanted)}
    assert rtu_transaction(probe).head not in heads


def test_a_probe_stays_within_the_address_space():
    assert rtu_transaction(probe_for(Request(5, 3, 0xFFFF, 1), Request(5, 3, 0, 10))).frame


def test_after_a_write_the_probe_is_a_read():
    assert probe_for(Request(5, 6, 7, 1, b"\0\1"), TWO).function == 3
