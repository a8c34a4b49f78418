from __future__ import annotations

import pytest

from runtime.errors import StoreError
from runtime.store.env import open_store
from runtime.store.upkeep import child
from runtime.store.upkeep.backupmedium import PLACE, RECORD, Medium, as_record, copies, copy_to, medium_of, prepare
from runtime.store.upkeep.child import verify_in_child


def refusal(does) -> str:
    with pytest.raises(StoreError) as refused:
        does()
    return refused.value.code


def test_a_full_verified_copy_goes_to_the_medium_and_old_ones_leave(folder, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    prepare(folder, str(stick))
    child.run_job("medium", folder, stick, 1000, "--keep", 2)
    for ts in (2000, 3000):
        copy_to(folder, str(stick), ts, keep=2)
    assert [copy.ts for copy in copies(str(stick))] == [3000, 2000]
    assert verify_in_child(copies(str(stick))[0].file).ok


def test_a_mount_point_without_its_medium_is_left_alone(folder, tmp_path):
    empty = tmp_path / "mount"
    empty.mkdir()
    assert refusal(lambda: copy_to(folder, str(empty), 1000, keep=2)) == "medium_missing"
    assert list(empty.iterdir()) == []


def test_only_a_folder_elsewhere_that_can_be_written_is_taken(folder, tmp_path):
    assert refusal(lambda: prepare(folder, str(tmp_path / "none"))) == "medium_missing"
    assert refusal(lambda: prepare(folder, "stick")) == "medium_missing"
    assert refusal(lambda: prepare(folder, str(folder))) == "medium_inside"
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / PLACE).write_bytes(b"")
    assert refusal(lambda: prepare(folder, str(tmp_path / "full"))) == "medium_unwritable"


def test_a_medium_that_is_too_small_is_told_before(folder, tmp_path, monkeypatch):
    prepare(folder, str(tmp_path))
    monkeypatch.setattr("runtime.store.upkeep.backupmedium.disk_left", lambda place: 1000)
    assert refusal(lambda: copy_to(folder, str(tmp_path), 1, keep=1)) == "medium_full"


def test_the_setting_is_a_record(tmp_path):
    store = open_store(tmp_path / "store")
    assert medium_of(store) == Medium() and as_record(Medium()) is None
    with store.writing() as txn:
        store.records.put(txn, *RECORD, as_record(Medium("/media/stick", 30, 2)))
    assert medium_of(store) == Medium("/media/stick", 30, 2)
    store.close()
