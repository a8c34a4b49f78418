from __future__ import annotations

import pytest

from runtime.errors import StoreError
from runtime.store.env import open_store
from runtime.store.upkeep.room import sizes, written_bytes
from runtime.store.upkeep.shrink import is_wanted, shrink, shrink_if_wanted, want


@pytest.fixture
def roomy(tmp_path):
    """A store that had much and has little now."""
    store = open_store(tmp_path / "store")
    for number, value in ((0, "x" * 2_000_000), (1, None)):
        with store.writing() as txn:
            store.records.put(txn, "user", "large", value)
            store.records.put(txn, "user", "kept", number)
    yield store
    store.close()


def test_free_room_inside_the_file_is_known(roomy):
    before = sizes(roomy)
    assert before.file > 2_000_000 and before.free > 1_900_000 and before.room > 0


def test_the_file_is_written_anew_once_at_the_next_start(roomy):
    folder = roomy.path
    want(folder)
    with pytest.raises(StoreError, match="in use"):
        shrink(folder)
    roomy.close()
    assert is_wanted(folder) and shrink_if_wanted(folder) > 1_900_000
    assert not is_wanted(folder) and shrink_if_wanted(folder) == 0
    store = open_store(folder)
    assert store.records.get("user", "kept") == 1 and sizes(store).free < 100_000
    store.close()


def test_without_room_for_the_new_file_all_stays_as_it_was(roomy, monkeypatch):
    roomy.close()
    monkeypatch.setattr("runtime.store.upkeep.shrink.disk_left", lambda folder: 5)
    with pytest.raises(StoreError) as refused:
        shrink(roomy.path)
    assert refused.value.code == "store_full" and (roomy.path / "data.mdb").stat().st_size > 2_000_000


def test_what_was_written_is_what_the_kernel_counts(tmp_path):
    (tmp_path / "io").write_text("rchar: 1\nwrite_bytes: 4096\ncancelled_write_bytes: 0\n")
    assert written_bytes(tmp_path / "io") == 4096
    assert written_bytes(tmp_path / "none") is None
