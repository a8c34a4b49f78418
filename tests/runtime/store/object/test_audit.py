from runtime.core.site.audit import AuditEntry, records_of
from runtime.core.site.diff import Change
from runtime.store.env import open_store
from runtime.store.object.audit import AuditTrail


def kept(store, *versions, kind="device"):
    for version in versions:
        entry = AuditEntry(version, version * 1000, "Anna", (Change(kind, version % 3, "x", "changed", {}),))
        with store.writing() as txn:
            for each in records_of(entry):
                store.records.put(txn, *each)


def test_entries_are_told_newest_first_page_by_page(tmp_path):
    store = open_store(tmp_path)
    kept(store, *range(1, 13))
    trail = AuditTrail(store)
    assert trail.last().version == 12
    assert [entry.version for entry in trail.entries(4)] == [12, 11, 10, 9]
    assert [entry.version for entry in trail.entries(4, before=9)] == [8, 7, 6, 5]
    assert trail.entries(4, before=1) == []
    store.close()


def test_the_last_change_of_one_object_is_found(tmp_path):
    store = open_store(tmp_path)
    kept(store, *range(1, 13))
    trail = AuditTrail(store)
    assert trail.last_of("device", 1).version == 10
    assert trail.last_of("gateway", 1) is None
    store.close()


def test_other_kinds_of_records_around_it_do_not_matter(tmp_path):
    store = open_store(tmp_path)
    trail = AuditTrail(store)
    assert trail.last() is None
    with store.writing() as txn:
        store.records.put(txn, "access", "state", {"a": 1})
        store.records.put(txn, "user", 1, {"a": 1})
    assert trail.entries(10) == []
    kept(store, 5)
    assert [entry.version for entry in trail.entries(10)] == [5]
    store.close()
