"""Rows become blocks without a moment at which a reader sees less, and without losing what comes meanwhile."""

from __future__ import annotations

import pytest

from runtime.store.history import History
from runtime.store.sample import compaction
from runtime.store.sample.blocks import SPAN_S, Blocks, block_start, key_of
from runtime.store.sample.rows import KEY, Row, Rows
from tests.runtime.store.site import ENERGY, STEP_S, bins_as_stored, bins_from_rows, book, sample

FIRST = block_start(1_780_000_200)
DEVICES = (3, 4, 130)
SLOTS, COUNT = 60, 61  # the first reading lies a little before the first slot
LATER = FIRST + 3 * SPAN_S
COLUMNS = (("active_power_w", "mean"), (ENERGY, "energy"))


@pytest.fixture
def filled(store):
    """Some slots at the end of four weeks and some of the four weeks after."""
    starts = [FIRST + SPAN_S + (i - SLOTS // 2) * STEP_S for i in range(SLOTS)]
    book(store, [sample(device, ts) for ts in starts for device in DEVICES])
    return store


def rows(store, device=None):
    with store.reading() as txn:
        if device is None:
            return list(Rows(store).scan(txn, 0, 1 << 40))
        return list(Rows(store).scan_device(txn, device, 0, 1 << 40))


def raw_rows(store):
    with store.reading() as txn:
        return txn.stat(store.tree("rows"))["entries"]


def test_rows_and_blocks_read_the_same(filled):
    before, by_device = rows(filled), [rows(filled, device) for device in DEVICES]
    power = History(filled).samples(4, "active_power_w", 0, 1 << 40)
    assert compaction.compact(filled, FIRST + 2 * SPAN_S) == 3
    assert raw_rows(filled) == 3 * SLOTS // 2  # the weeks that are not over stay rows
    assert rows(filled) == before and [rows(filled, device) for device in DEVICES] == by_device
    assert compaction.compact(filled, LATER) == 3 and raw_rows(filled) == 0
    assert rows(filled) == before and [rows(filled, device) for device in DEVICES] == by_device
    assert History(filled).samples(4, "active_power_w", 0, 1 << 40) == power
    assert bins_from_rows(filled) == bins_as_stored(filled)
    assert not filled.damaged


def test_four_weeks_are_not_touched_before_they_are_over_for_a_day(filled):
    assert compaction.compact(filled, FIRST + SPAN_S + 3600) == 0
    assert compaction.compact(filled, FIRST + SPAN_S + compaction.GRACE_S) == 3


def test_every_step_of_compaction_reads_the_same(filled):
    before, after = rows(filled), b"\0"
    for device in DEVICES:
        with filled.reading() as txn:
            made = compaction.make(Rows(filled), txn, compaction.Due(device, FIRST))
        with filled.writing() as txn:
            assert compaction.keep(filled, txn, made)
        assert rows(filled) == before
    while after:
        with filled.writing() as txn:
            _, after = compaction.sweep(filled, txn, LATER, after, most=7)
        assert rows(filled) == before


def test_a_row_that_came_while_its_block_was_made_is_not_lost(filled):
    with filled.reading() as txn:
        made = compaction.make(Rows(filled), txn, compaction.Due(3, FIRST))
    late = Row(3, FIRST + STEP_S, STEP_S, COLUMNS, (5, 6), (0, 1))
    with filled.writing() as txn:
        Rows(filled).merge(txn, late)
    with filled.writing() as txn:
        assert not compaction.keep(filled, txn, made)
    compaction.compact(filled, LATER)
    assert rows(filled, 3)[0] == late


def test_a_row_in_flight_while_the_block_was_begun_is_not_lost(filled):
    late = Row(3, FIRST + STEP_S, STEP_S, COLUMNS, (5, 6), (0, 1))
    with filled.writing() as txn:
        Rows(filled).merge(txn, late)
        with filled.reading() as reading:  # as the archivist's thread would
            made = compaction.make(Rows(filled), reading, compaction.Due(3, FIRST))
    with filled.writing() as txn:
        assert not compaction.keep(filled, txn, made)


def test_a_row_that_comes_after_its_block_wins_and_is_taken_in_by_the_next(filled):
    compaction.compact(filled, LATER)
    there = rows(filled, 3)[5]
    new = Row(
        3,
        there.start_ts,
        STEP_S,
        (*there.columns, ("voltage_l1_v", "mean")),
        (*there.values_n, 23_000),
        (*there.quality, 3),
    )
    gap = Row(3, FIRST + STEP_S, STEP_S, COLUMNS, (None, 6), (0, 1))
    with filled.writing() as txn:
        assert not Rows(filled).merge(txn, there)
        assert Rows(filled).merge(txn, new) and Rows(filled).merge(txn, gap)
    for _ in range(2):
        found = rows(filled, 3)
        assert found[0] == gap and found[6] == new and len(found) == COUNT + 1
        with filled.reading() as txn:
            assert Rows(filled).get(txn, 3, new.start_ts) == new
        compaction.compact(filled, LATER)
        assert raw_rows(filled) == 0


def test_a_damaged_row_is_left_out_of_its_block(filled):
    key = KEY.pack(FIRST + SPAN_S - 5 * STEP_S, 3)
    with filled.writing() as txn:
        txn.put(key, b"\1" * 50, db=filled.tree("rows"))
    compaction.compact(filled, LATER)
    assert len(rows(filled, 3)) == COUNT - 1 and len(rows(filled, 4)) == COUNT
    assert ("rows", key) in filled.damaged


def test_a_block_whose_head_is_damaged_costs_that_block_only(filled):
    compaction.compact(filled, LATER)
    with filled.writing() as txn:
        txn.put(first_key(3), b"\1" * 50, db=filled.tree("blocks"))
    assert len(rows(filled, 3)) == SLOTS // 2 and len(rows(filled)) == 2 * COUNT + SLOTS // 2
    assert filled.damaged == {("blocks", first_key(3))}


def first_key(device):

    return key_of(device, FIRST)


def test_blocks_know_their_devices(filled):
    compaction.compact(filled, LATER)
    with filled.reading() as txn:
        assert list(Blocks(filled).devices(txn)) == list(DEVICES)
