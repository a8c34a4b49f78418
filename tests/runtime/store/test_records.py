"""Records come back as they were put, or not at all."""

from runtime.store.records import _key


def test_a_record_comes_back_as_it_was_put(store):
    record = {"name": "Main", "groups": [1, 2], "nothing": None, "raw": b"\0", 7: -1}
    with store.writing() as txn:
        store.records.put(txn, "device", 12, record)
    assert store.records.get("device", 12) == record
    assert store.records.get("device", 13) is None


def test_records_of_a_kind_are_listed_by_key_and_kinds_do_not_mix(store):
    with store.writing() as txn:
        for key in ("b", "a"):
            store.records.put(txn, "tariff", key, key)
        store.records.put(txn, "tariffs", "x", 0)
    assert list(store.records.all("tariff").items()) == [("a", "a"), ("b", "b")]


def test_none_deletes_a_record(store):
    with store.writing() as txn:
        store.records.put(txn, "device", 1, "here")
        store.records.put(txn, "device", 1, None)
    assert store.records.get("device", 1) is None and store.records.all("device") == {}


def test_a_damaged_record_is_noted_and_left_out(store):
    key = _key("device", "a")
    with store.writing() as txn:
        store.records.put(txn, "device", "a", "here")
        store.records.put(txn, "device", "b", "whole")
        value = bytearray(txn.get(key, db=store.tree("records")))
        value[-1] ^= 4
        txn.put(key, bytes(value), db=store.tree("records"))
    assert store.records.all("device") == {"b": "whole"}
    assert store.damaged == {("records", key)}
