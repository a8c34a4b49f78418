"""Backups: whole or not there at all, and blocks are copied once."""

from __future__ import annotations

import lmdb
import pytest

from runtime.errors import StoreError
from runtime.store.env import open_store
from runtime.store.sample import compaction
from runtime.store.sample.blocks import Blocks
from runtime.store.sample.rows import Row, Rows
from runtime.store.upkeep import backup, child
from runtime.store.upkeep.backup import BLOCKS_FILE, back_up, copy_whole, list_generations, manifest_of, open_file
from runtime.store.upkeep.child import verify_in_child
from tests.runtime.store.archive import DEVICES, LATER
from tests.runtime.store.site import STEP_S, T0


def entries(file, tree=b"blocks"):
    env = open_file(file, readonly=True)
    with env.begin() as txn:
        count = txn.stat(env.open_db(tree, txn=txn, create=False))["entries"]
    env.close()
    return count


def test_a_full_copy_is_made_beside_a_server_and_is_whole(folder, tmp_path):
    writer = open_store(folder)
    child.run_job("copy", folder, tmp_path / "copy.mdb")
    with writer.writing() as txn:
        writer.records.put(txn, "user", 1, "after")
    writer.close()
    assert verify_in_child(tmp_path / "copy.mdb").ok
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy.mdb", "store"]
    copied = open_store(tmp_path / "copy.mdb", readonly=True)
    assert copied.records.get("user", 1) is None
    copied.close()


def test_the_backup_of_a_day_has_all_but_the_blocks_and_lists_them(folder):
    generation = back_up(folder, LATER)
    env = open_file(generation.file, readonly=True)
    assert len(manifest_of(env)) == entries(folder / "backup" / BLOCKS_FILE) > 2
    env.close()
    assert entries(generation.file) == 0 and entries(generation.file, b"rows") > 18
    assert verify_in_child(generation.file).ok


def test_a_block_is_copied_once(folder, monkeypatch):
    back_up(folder, LATER)
    before = (folder / "backup" / BLOCKS_FILE).read_bytes()
    back_up(folder, LATER + 86_400)
    assert (folder / "backup" / BLOCKS_FILE).read_bytes() == before


def test_a_block_that_was_made_anew_is_copied_again_and_the_old_one_goes_with_its_last_generation(folder):
    back_up(folder, LATER)
    kept = entries(folder / "backup" / BLOCKS_FILE)
    store = open_store(folder)
    with store.writing() as txn:
        Rows(store).merge(txn, Row(1, T0, STEP_S, (("voltage_l1_v", "mean"),), (23_000,), (0,)))
    compaction.compact(store, LATER)
    store.close()
    back_up(folder, LATER + 1)
    assert entries(folder / "backup" / BLOCKS_FILE) == kept + 1
    back_up(folder, LATER + 2, keep=2)
    assert entries(folder / "backup" / BLOCKS_FILE) == kept


def test_the_newest_generations_are_kept(folder):
    for day in range(5):
        back_up(folder, LATER + day)
    assert [generation.ts - LATER for generation in list_generations(folder)] == [4, 3, 2]
    assert not list((folder / "backup").glob("*.part"))


def test_a_copy_that_is_not_whole_gets_no_name(folder, tmp_path):
    store = open_store(folder)
    with store.writing() as txn:
        txn.put(b"\0\1", b"\1" * 30, db=store.tree("ledger"))
    store.close()
    for make in (lambda: back_up(folder, LATER), lambda: copy_whole(folder, tmp_path / "copy.mdb")):
        with pytest.raises(StoreError) as refused:
            make()
        assert refused.value.code == "backup_damaged" and "ledger: device 1" in refused.value.message
    assert list_generations(folder) == () and not (tmp_path / "copy.mdb").exists()
    assert not list(tmp_path.rglob("*.part"))


def test_a_full_disk_is_told_and_leaves_no_half_copy(folder, tmp_path):
    with pytest.raises(StoreError) as refused:
        child.run_job("copy", folder, "/dev/full/copy.mdb")
    assert refused.value.code == "store_unwritable"


def test_two_backups_at_once_are_refused(folder, monkeypatch):
    def meanwhile(*_):
        with pytest.raises(StoreError) as refused:
            back_up(folder, LATER + 1)
        assert refused.value.code == "backup_busy"

    monkeypatch.setattr(backup, "_copy_generation", meanwhile)
    with pytest.raises((StoreError, lmdb.Error, OSError)):
        back_up(folder, LATER)


def test_a_copy_opens_as_the_store_it_was_made_of(folder, tmp_path):
    copy_whole(folder, tmp_path / "copy.mdb")
    copied, live = open_store(tmp_path / "copy.mdb", readonly=True), open_store(folder, readonly=True)
    with copied.reading() as txn, live.reading() as other:
        assert list(Rows(copied).scan(txn, 0, 1 << 40)) == list(Rows(live).scan(other, 0, 1 << 40))
        assert list(Blocks(copied).devices(txn)) == list(DEVICES)
    copied.close()
    live.close()
