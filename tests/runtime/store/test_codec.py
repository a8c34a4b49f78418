"""A flipped bit, a moved value and a newer version are all noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import StoreError
from runtime.store.codec import Damaged, open_bytes, pack, seal, seal_as, unpack, unseal
from runtime.store.migration.steps import STEPS
from runtime.store.migration.versions import NEWEST


def test_what_was_sealed_is_opened():
    assert unseal(b"key", seal(b"key", "bin", b"content"), "bin") == (NEWEST["bin"], b"content")


@given(st.binary(min_size=1, max_size=8), st.binary(max_size=40), st.integers(0))
def test_every_flipped_bit_is_noticed(key, content, bit):
    value = bytearray(seal(key, "bin", content))
    bit %= len(value) * 8
    value[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Damaged):
        unseal(key, bytes(value), "bin")


def test_a_value_under_another_key_is_damaged():
    with pytest.raises(Damaged):
        unseal(b"other", seal(b"key", "bin", b"content"), "bin")


@pytest.mark.parametrize("value", [b"", b"abcd", seal_as(b"key", 0, b"of no version")])
def test_a_short_value_and_one_without_a_version_are_damaged(value):
    with pytest.raises(Damaged):
        unseal(b"key", value, "bin")


def test_a_newer_value_is_not_damaged():
    with pytest.raises(StoreError, match="ledger: device 7 is of version 200") as refused:
        unseal(b"\0\7", seal_as(b"\0\7", 200, b"newer"), "ledger")
    assert refused.value.code == "store_newer"


def test_an_older_value_comes_out_in_the_newest_form(monkeypatch):
    monkeypatch.setitem(NEWEST, "bin", 3)
    monkeypatch.setitem(STEPS, ("bin", 1), lambda content: content + b"2")
    monkeypatch.setitem(STEPS, ("bin", 2), lambda content: content + b"3")
    opened = [open_bytes(b"key", seal_as(b"key", version, b"1"), "bin") for version in (1, 2, 3)]
    assert opened == [b"123", b"13", b"1"]


def test_what_is_no_msgpack_is_damaged():
    assert unpack(pack({1: [None, "é", b"\0"]})) == {1: [None, "é", b"\0"]}
    with pytest.raises(Damaged):
        unpack(b"\xc1")
