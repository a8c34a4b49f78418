"""Records come back as they were put, or not at all."""

import pytest

from runtime.core.access.delays import Delay
from runtime.errors import InvariantBroken, StoreError
from runtime.store.codec import pack, seal_as
from runtime.store.migration.versions import NEWEST
from runtime.store.records import expect_known, key_of


def test_a_record_comes_back_as_it_was_put(store):
    record = {"name": "Main", "groups": [1, 2], "nothing": None, "raw": b"\0", 7: -1}
    with store.writing() as txn:
        store.records.put(txn, "user", 12, record)
    assert store.records.get("user", 12) == record
    assert store.records.get("user", 13) is None


def test_records_of_a_kind_are_listed_by_key_and_kinds_do_not_mix(store, monkeypatch):
    monkeypatch.setitem(NEWEST, "tokens", 1)
    with store.writing() as txn:
        for key in ("b", "a"):
            store.records.put(txn, "token", key, key)
        store.records.put(txn, "tokens", "x", 0)
    assert list(store.records.all("token").items()) == [("a", "a"), ("b", "b")]


def test_none_deletes_a_record(store):
    with store.writing() as txn:
        store.records.put(txn, "user", 1, "here")
        store.records.put(txn, "user", 1, None)
    assert store.records.get("user", 1) is None and store.records.all("user") == {}


def test_a_damaged_record_is_noted_and_left_out(store):
    key = key_of("user", "a")
    with store.writing() as txn:
        store.records.put(txn, "user", "a", "here")
        store.records.put(txn, "user", "b", "whole")
        value = bytearray(txn.get(key, db=store.tree("records")))
        value[-1] ^= 4
        txn.put(key, bytes(value), db=store.tree("records"))
    assert store.records.all("user") == {"b": "whole"}
    assert store.damaged == {("records", key)}


def test_a_kind_without_a_version_is_never_kept(store):
    with pytest.raises(InvariantBroken), store.writing() as txn:
        store.records.put(txn, "settings", "color", "red")


def test_a_record_of_a_newer_program_is_named_and_not_called_damaged(store):
    key = key_of("settings", "medium")
    with store.writing() as txn:
        txn.put(key, seal_as(key, 9, pack({})), db=store.tree("records"))
    with pytest.raises(
        StoreError, match="records: settings medium is of version 9.*install the newer program"
    ) as refused:
        store.records.get("settings", "medium")
    assert refused.value.code == "store_newer" and not store.damaged


def test_a_record_that_does_not_fit_is_of_another_program():
    known = pytest.raises(StoreError, match="a delay holds what this program does not know")
    with known as refused, expect_known("a delay"):
        Delay(**{"wrong": 1, "color": "red"})
    assert refused.value.code == "store_newer"
