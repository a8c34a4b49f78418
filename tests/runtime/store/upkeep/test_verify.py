"""Verification finds what is damaged or does not add up, says where, and ends well in spite of it."""

from __future__ import annotations

import random

import pytest

from runtime.core.energy.bins import Period, address
from runtime.core.site.installation import Installation
from runtime.store.energy.bins import KEY, Tally
from runtime.store.env import open_store
from runtime.store.object.site import save_installation
from runtime.store.sample import compaction
from runtime.store.sample.blocks import key_of
from runtime.store.sample.rows import KEY as ROW_KEY
from runtime.store.upkeep.child import verify_in_child
from runtime.store.upkeep.verify import Complaint, Counted, verify
from tests.runtime.store.site import PARIS, STEP_S, T0, book, sample

LATER = T0 + 90 * 86_400


@pytest.fixture
def folder(tmp_path):
    """Three days of three devices."""
    store = open_store(tmp_path / "store")
    save_installation(store, Installation(zone="Europe/Paris"))
    book(store, [sample(device, T0 + i * STEP_S) for i in range(300) for device in (1, 2, 130)])
    store.close()
    return tmp_path / "store"


def changed(folder, tree, key, change):
    store = open_store(folder)
    with store.writing() as txn:
        value = bytearray(txn.get(key, db=store.tree(tree)))
        change(value)
        txn.put(key, bytes(value), db=store.tree(tree))
    store.close()


def flip(value):
    value[-1] ^= 1


def complaints(folder, **how):
    return [told for told in verify(folder, **how) if isinstance(told, Complaint)]


def test_a_whole_store_gives_no_complaint_and_says_how_much_was_compared(folder):
    told = list(verify(folder))
    assert complaints(folder) == [] == complaints(folder, quick=True)
    counted = {step.what: step for step in told if isinstance(step, Counted)}
    assert counted["rows"].compared == 3 * 300
    assert counted["bins and rows"].compared >= 3 * 49 and counted["bins and rows"].not_checkable <= 6


def test_blocks_are_compared_as_rows_are(folder):
    store = open_store(folder)
    assert compaction.compact(store, LATER) > 0
    store.close()
    counted = {step.what: step for step in verify(folder) if isinstance(step, Counted)}
    assert counted["rows"].compared == 0 and counted["bins and rows"].compared >= 3 * 49
    assert complaints(folder) == []


@pytest.mark.parametrize(
    ("tree", "key", "where", "grave"),
    [
        ("rows", ROW_KEY.pack(T0, 2), f"rows: device 2, slot {T0}", False),
        ("ledger", b"\0\2", "ledger: device 2", True),
        ("records", b"installation\0now", "records: installation now", True),
        ("schemas", b"\0\1", "schemas: 0001", True),
    ],
)
def test_a_damaged_value_is_named(folder, tree, key, where, grave):
    changed(folder, tree, key, flip)
    found = complaints(folder)
    assert (found[0].where, found[0].grave) == (where, grave)
    assert ("check sum" in found[0].what) and len(found) == 1


def test_a_damaged_column_of_a_block_is_named(folder):
    store = open_store(folder)
    compaction.compact(store, LATER)
    store.close()
    changed(folder, "blocks", key_of(2, T0), flip)
    (found,) = complaints(folder)
    assert "device 2" in found.where and "active_energy_import_wh.energy" in found.what


@pytest.mark.parametrize(
    ("period", "word"),
    [(Period.HOUR, "hour against its rows"), (Period.DAY, "day against its hours"), (Period.MONTH, "month against"),
     (Period.YEAR, "ledger")],
)  # fmt: skip
def test_a_bin_that_does_not_add_up_is_named(folder, period, word):
    store, at = open_store(folder), address(T0 + 86_400, PARIS)
    with store.writing() as txn:
        tally = Tally(store, txn)
        tally.cell(period, getattr(at, period.name.lower()), 10, 1).add(10, 1)
        tally.flush()
    store.close()
    assert any(word in complaint.what and "device 130" in complaint.what for complaint in complaints(folder))


def test_a_bin_that_is_missing_is_noticed(folder):
    store, at = open_store(folder), address(T0 + 86_400, PARIS)
    with store.writing() as txn:
        assert txn.delete(KEY.pack(Period.DAY, at.day, 10, 0), db=store.tree("bins"))
    store.close()
    whats = [complaint.what for complaint in complaints(folder)]
    assert any("month against its days" in what for what in whats) and any("no longer one" in what for what in whats)


def test_rows_that_are_absent_are_not_checkable(folder):
    store = open_store(folder)
    with store.writing() as txn:
        txn.drop(store.tree("rows"), delete=False)
    store.close()
    told = list(verify(folder))
    (counted,) = [step for step in told if isinstance(step, Counted) and step.what == "bins and rows"]
    assert counted.compared == 0 and counted.not_checkable >= 3 * 49
    assert complaints(folder) == []


def test_zeroed_pages_never_take_the_server_along(folder):
    store, compact = open_store(folder), folder / "compact"
    compact.mkdir()
    store.env.copy(str(compact), compact=True)  # without pages that nothing uses
    store.close()
    dice, whole = random.Random(2), (compact / "data.mdb").read_bytes()
    for _ in range(8):
        damaged = bytearray(whole)
        page = dice.randrange(2, len(whole) // 4096)
        damaged[page * 4096 : (page + 1) * 4096] = bytes(4096)
        (folder / "data.mdb").write_bytes(damaged)
        report = verify_in_child(folder)
        assert not report.ok and report.complaints[0].where and report.complaints[0].what
    (folder / "data.mdb").write_bytes(whole[: len(whole) // 2])
    report = verify_in_child(folder)
    assert report.grave and "cut off" in report.complaints[0].what


def test_the_look_at_start_leaves_out_what_grows_for_years(folder):
    """How long it takes is measured by the benchmark."""
    reports = [verify_in_child(folder, quick=quick) for quick in (True, False)]
    at_start, whole = ({part.what: part.compared for part in report.counted} for report in reports)
    assert all(report.ok for report in reports)
    assert not at_start.keys() & {"blocks", "bins and rows", "hours, days, months, years"} and "blocks" in whole
    assert 0 < at_start["bins"] <= 2 < whole["bins"]
