"""A column comes back as it was, and close values take little room."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.store.codec import Damaged
from runtime.store.sample.deflate import deflate, inflate

values = st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.integers(-300, 300))


@given(st.lists(st.tuples(values, st.integers(0, 4)), max_size=60), st.sampled_from([1, 10, 1000]))
def test_a_column_comes_back_as_it_was(drawn, scale):
    column = [None if n is None or abs(n * scale) >= 2**63 else n * scale for n, _ in drawn]
    quality = bytes(doubt for _, doubt in drawn)
    counts = inflate(deflate(column, quality))
    assert (counts.values_n(), counts.quality) == (column, quality)


def test_a_counter_of_whole_kilowatt_hours_takes_a_byte_a_value_or_less():
    dice, n, column = random.Random(1), 10**13, []
    for _ in range(4032):
        n += dice.randrange(40, 60) * 1_000_000
        column.append(n)
    assert len(deflate(column, bytes(4032))) < 4032


@pytest.mark.parametrize("column", [[7] * 4032, list(range(0, 40_320, 10)), [None] * 4032])
def test_what_goes_on_regularly_takes_nothing(column):
    assert len(deflate(column, bytes(4032))) < 60


@pytest.mark.parametrize("stream", [b"", b"\xc1", b"\x93\1\2\3", deflate([1, 2, 3], bytes(3))[:-4]])
def test_what_is_no_column_is_damaged(stream):
    with pytest.raises(Damaged):
        inflate(stream)
