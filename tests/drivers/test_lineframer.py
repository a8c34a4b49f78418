from hypothesis import given
from hypothesis import strategies as st

from drivers.feed import Frame
from drivers.lineframer import LineFramer
from runtime.errors import BadAnswer


def framer():
    return LineFramer(lambda line: Frame(1, "", line), longest=20)


def payloads(cut):
    return [each.payload for each in cut]


LINES = st.binary(min_size=1, max_size=15).filter(lambda line: not set(line) & set(b"\r\n! \t\x0b\x0c"))


@given(st.lists(LINES), st.data())
def test_it_does_not_matter_how_a_stream_is_cut(lines, data):
    stream, cutter, seen = b"\n" + b"".join(line + b"\n" for line in lines), framer(), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        seen += cutter.take(stream[:size])
        stream = stream[size:]
    assert payloads(seen) == lines


def test_a_line_without_an_end_is_dropped_once_and_costs_no_memory():
    cutter = framer()
    cutter.take(b"\n")
    seen = [each for _ in range(1000) for each in cutter.take(bytes(100))]
    assert [type(each) for each in seen] == [BadAnswer]
    assert payloads(cutter.take(b"\nwhole\n")) == [b"whole"]
    assert len(cutter._begun) == 0
