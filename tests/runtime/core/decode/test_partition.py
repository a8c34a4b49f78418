import struct

from hypothesis import given
from hypothesis import strategies as st

from runtime.core.decode.compiled import compile_map
from runtime.core.decode.partition import Partition
from runtime.core.map.devicemap import parse_map


def compiled_of(*ats, type="u16"):
    quantities = ["voltage_l1_v", "voltage_l2_v", "voltage_l3_v", "current_l1_a", "current_l2_a", "current_l3_a"]
    rows = [{"quantity": quantity, "at": at, "type": type} for quantity, at in zip(quantities, ats, strict=False)]
    head = {"id": "test-meter", "title": "Test", "source": "none", "trust": "published"}
    return compile_map(parse_map({**head, "field": rows}, file="test"), gap_words=50)


def splits_of(compiled):
    return Partition(compiled, [range(len(compiled.quantities))])


def extents(parts):
    return [(part.at, part.words) for part in parts]


def test_a_block_is_divided_at_its_widest_gap():
    splits = splits_of(compiled_of(0, 1, 2, 3, 20, 21))
    assert extents(splits.split(0)) == [(0, 4), (20, 2)]


def test_without_a_gap_it_is_divided_in_the_middle():
    splits = splits_of(compiled_of(0, 1, 2, 3, 4, 5))
    assert extents(splits.split(0)) == [(0, 3), (3, 3)]


def test_a_value_is_never_cut():
    splits = splits_of(compiled_of(0, 2, type="u32"))
    first, second = splits.split(0)
    assert extents([first, second]) == [(0, 2), (2, 2)]
    assert splits.split(first.number) == ()


def test_numbers_are_for_ever():
    splits = splits_of(compiled_of(0, 1, 2, 3))
    first, second = splits.split(0)
    parts = splits.split(first.number)
    assert splits.active == [parts[0].number, parts[1].number, second.number] == [3, 4, 2]
    assert splits.split(0) == ()


def test_the_answers_of_parts_make_the_whole_block():
    splits = splits_of(compiled_of(10, 11, 12, 13))
    first, second = splits.split(0)
    splits.assemble(second.number, b"\0\3\0\4")
    assert splits.assemble(first.number, b"\0\1\0\2") == b"\0\1\0\2\0\3\0\4"
    assert splits.unknown(first.number) == set()


def test_what_was_not_answered_means_nothing():
    splits = splits_of(compiled_of(10, 11, 12, 13))
    first, second = splits.split(0)
    splits.assemble(first.number, b"\0\1\0\2")
    assert splits.unknown(first.number) == set(second.indexes)
    splits.forget(first.number)
    assert splits.unknown(first.number) == {0, 1, 2, 3}


@given(st.sets(st.integers(0, 40), min_size=1, max_size=6), st.sets(st.integers(0, 40), max_size=4))
def test_dividing_finds_all_that_a_device_has(ats, missing):
    compiled = compiled_of(*sorted(ats))
    splits = splits_of(compiled)
    values, queue = {}, [0]
    while queue:
        part = splits.part(queue.pop())
        if any(at in missing for at in range(part.at, part.at + part.words)):
            queue += [piece.number for piece in splits.split(part.number)]
            continue
        payload = b"".join(struct.pack(">H", 1000 + at) for at in range(part.at, part.at + part.words))
        whole = splits.assemble(part.number, payload) if splits.is_part(part.number) else payload
        for first, _, _ in part.places:
            begin = 2 * (first - compiled.blocks[0].at)
            values[first] = int.from_bytes(whole[begin : begin + 2], "big")
    assert values == {at: 1000 + at for at in ats - missing}
