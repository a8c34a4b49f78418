"""A flipped bit, a moved value and a newer version are all noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.store.codec import Damaged, pack, seal, unpack, unseal


def test_what_was_sealed_is_opened():
    assert unseal(b"key", seal(b"key", 3, b"content"), 3) == (3, b"content")


@given(st.binary(min_size=1, max_size=8), st.binary(max_size=40), st.integers(0))
def test_every_flipped_bit_is_noticed(key, content, bit):
    value = bytearray(seal(key, 1, content))
    bit %= len(value) * 8
    value[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Damaged):
        unseal(key, bytes(value), 255)


def test_a_value_under_another_key_is_damaged():
    with pytest.raises(Damaged):
        unseal(b"other", seal(b"key", 1, b"content"), 1)


@pytest.mark.parametrize("value", [b"", b"abcd", seal(b"key", 2, b"newer")])
def test_a_short_or_newer_value_is_not_understood(value):
    with pytest.raises(Damaged):
        unseal(b"key", value, 1)


def test_what_is_no_msgpack_is_damaged():
    assert unpack(pack({1: [None, "é", b"\0"]})) == {1: [None, "é", b"\0"]}
    with pytest.raises(Damaged):
        unpack(b"\xc1")
