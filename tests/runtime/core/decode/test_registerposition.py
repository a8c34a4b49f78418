from runtime.core.decode.registerposition import RegisterPosition
from runtime.core.modbus.request import Request
from runtime.core.source.query import Expected

COUNTER = RegisterPosition(7, 0, 0x100, 6, 3, 0x102, 0x104)


def test_the_piece_of_an_answer_is_cut_where_the_registers_stand():
    assert COUNTER.cut(Request(1, 3, 0x100, 6), bytes(range(12))) == bytes((4, 5, 6, 7))
    assert COUNTER.cut(Request(1, 3, 0x102, 2), b"abcd") == b"abcd"


def test_what_was_read_elsewhere_or_otherwise_has_none():
    answers = [
        (Request(1, 4, 0x100, 6), bytes(12)),
        (Request(1, 3, 0x103, 4), bytes(8)),
        (Request(1, 3, 0x100, 3), bytes(6)),
        (Expected(1), bytes(12)),
    ]
    assert [COUNTER.cut(query, payload) for query, payload in answers] == [None] * len(answers)


def test_a_piece_is_put_back_into_an_empty_block():
    assert COUNTER.pad(b"abcd") == bytes(4) + b"abcd" + bytes(4)
    assert COUNTER.cut(Request(1, 3, 0x100, 6), COUNTER.pad(b"abcd")) == b"abcd"
