"""Whatever the stream is cut into, the requests in it are the same; and nothing else is taken for one."""

import random
import struct

import pytest

from runtime.core.modbus.frame import MOST_BYTES, NotModbus, cut_requests, frame_answer

READ = bytes((3, 0x27, 0x11, 0, 4))


def frame(transaction, unit, pdu, protocol=0, length=None):
    return struct.pack(">HHHB", transaction, protocol, len(pdu) + 1 if length is None else length, unit) + pdu


def test_a_stream_gives_the_same_requests_wherever_it_is_cut():
    rng = random.Random(5)
    sent = [(rng.randrange(1 << 16), rng.randrange(256), rng.randbytes(rng.randint(1, 253))) for _ in range(200)]
    stream, came, left = b"".join(frame(*each) for each in sent), [], b""
    while stream:
        size = rng.randint(1, 400)
        requests, left = cut_requests(left + stream[:size])
        stream, came = stream[size:], came + requests
        assert len(left) < MOST_BYTES
    assert came == sent and left == b""


@pytest.mark.parametrize("length", [0, 1, 255, 65535])
def test_a_length_that_no_frame_has_is_another_protocol(length):
    with pytest.raises(NotModbus):
        cut_requests(frame(1, 247, READ) + frame(2, 247, READ, length=length))


def test_another_protocol_is_refused_as_soon_as_its_head_is_there():
    with pytest.raises(NotModbus):
        cut_requests(frame(1, 247, READ, protocol=1)[:7])
    assert cut_requests(frame(1, 247, READ, protocol=1)[:6]) == ([], frame(1, 247, READ, protocol=1)[:6])


def test_an_answer_bears_transaction_and_unit_of_its_request():
    ((transaction, unit, pdu),), left = cut_requests(frame_answer(0xBEEF, 247, b"\x83\x02"))
    assert (transaction, unit, pdu, left) == (0xBEEF, 247, b"\x83\x02", b"")
