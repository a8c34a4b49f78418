"""The restore drill: a damaged store starts from its newest whole backup and goes on counting exactly."""

from __future__ import annotations

import pytest

from runtime.core.energy.bins import Period
from runtime.errors import StoreError
from runtime.store.energy.counters import get_ledgers
from runtime.store.env import open_store
from runtime.store.sample import compaction
from runtime.store.sample.rows import Rows
from runtime.store.upkeep import restore
from runtime.store.upkeep.backup import BLOCKS_FILE, back_up, copy_whole, list_generations
from runtime.store.upkeep.child import verify_in_child
from runtime.store.upkeep.restore import ensure_whole
from tests.runtime.store.archive import DEVICES, HOT, LATER
from tests.runtime.store.site import STEP_S, T0, bin_n, book, index_n, sample


def contents(folder):
    store = open_store(folder)
    with store.reading() as txn:
        rows = list(Rows(store).scan(txn, 0, 1 << 40))
        ledgers = {device: get_ledgers(store, txn, device) for device in DEVICES}
    store.close()
    return rows, ledgers


def damage(folder):
    """What a dying card does: some pages of zeros, the newest transaction's among them."""
    data = bytearray((folder / "data.mdb").read_bytes())
    for page in range(2, len(data) // 4096, 2):
        data[page * 4096 : (page + 1) * 4096] = bytes(4096)
    (folder / "data.mdb").write_bytes(data)
    return bytes(data)


def test_a_whole_store_and_a_new_folder_are_left_alone(folder, tmp_path):
    before = contents(folder)
    assert ensure_whole(folder) is None and contents(folder) == before
    assert ensure_whole(tmp_path / "new") is None and not (tmp_path / "new").exists()


def test_the_drill(folder):
    back_up(folder, LATER - 86_400)
    back_up(folder, LATER)
    saved = contents(folder)
    store = open_store(folder)
    book(store, [sample(device, HOT + i * STEP_S) for i in range(6, 12) for device in DEVICES])
    store.close()
    damaged = damage(folder)

    restored = ensure_whole(folder)
    assert restored.source == list_generations(folder)[0].file and restored.why
    assert restored.missing == 0 and restored.aside.read_bytes() == damaged
    assert contents(folder) == saved

    store = open_store(folder)
    book(store, [sample(device, HOT + i * STEP_S) for i in range(12, 18) for device in DEVICES])
    with store.reading() as txn:
        for device in DEVICES:
            (state,) = get_ledgers(store, txn, device).values()
            assert state.total_n == index_n(device, state.ts_ms) - index_n(device, (T0 + 4) * 1000)
            assert state.edge_total_n == bin_n(store, Period.YEAR, T0, device)
    store.close()
    assert verify_in_child(folder).ok


def test_a_damaged_generation_is_passed_over(folder):
    back_up(folder, LATER)
    back_up(folder, LATER + 1)
    list_generations(folder)[0].file.write_bytes(b"nonsense" * 999)
    damage(folder)
    assert ensure_whole(folder).source == list_generations(folder)[1].file


def test_a_store_that_vanished_is_restored_too(folder):
    back_up(folder, LATER)
    before = contents(folder)
    (folder / "data.mdb").unlink()
    assert ensure_whole(folder).aside is None and contents(folder) == before


def test_without_a_whole_backup_the_start_refuses_and_changes_nothing(folder):
    damaged = damage(folder)
    with pytest.raises(StoreError) as refused:
        ensure_whole(folder)
    assert refused.value.code == "store_damaged" and "restore" in refused.value.message
    assert (folder / "data.mdb").read_bytes() == damaged


def test_a_damaged_row_does_not_cost_a_day(folder):
    back_up(folder, LATER)
    store = open_store(folder)
    with store.writing() as txn:
        txn.put(b"\1" * 6, b"\1" * 50, db=store.tree("rows"))
    store.close()
    assert ensure_whole(folder) is None


def test_a_full_copy_is_restored_by_hand(folder, tmp_path):
    copy_whole(folder, tmp_path / "copy.mdb")
    before = contents(folder)
    store = open_store(folder)
    book(store, [sample(1, HOT + 6 * STEP_S)])
    with pytest.raises(StoreError) as refused:
        restore.restore(tmp_path / "copy.mdb", folder)
    assert refused.value.code == "store_locked"
    store.close()
    restore.restore(tmp_path / "copy.mdb", folder)
    assert contents(folder) == before
    restore.restore(tmp_path / "copy.mdb", tmp_path / "elsewhere")
    assert contents(tmp_path / "elsewhere") == before


def test_missing_blocks_are_told(folder):
    generation = back_up(folder, LATER)
    (folder / "backup" / BLOCKS_FILE).unlink()
    with pytest.raises(StoreError) as refused:
        restore.restore(generation.file, folder)
    assert refused.value.code == "backup_damaged" and "blocks" in refused.value.message


def test_what_was_put_aside_does_not_fill_the_disk(folder, tmp_path):
    copy_whole(folder, tmp_path / "copy.mdb")
    for _ in range(5):
        restore.restore(tmp_path / "copy.mdb", folder)
    numbers = sorted(file.name.rpartition("-")[2] for file in folder.glob("*.aside-*"))
    assert numbers == ["3", "4", "5"]


def test_late_rows_are_part_of_a_backup(folder):
    store = open_store(folder)
    book(store, [sample(7, T0)])
    store.close()
    before = contents(folder)
    back_up(folder, LATER)
    damage(folder)
    ensure_whole(folder)
    assert contents(folder) == before
    store = open_store(folder)
    assert compaction.compact(store, LATER) == 1
    store.close()
