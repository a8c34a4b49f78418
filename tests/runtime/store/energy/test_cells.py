"""Cells are decoded once, and again as soon as they changed."""

from __future__ import annotations

from runtime.core.energy.bins import Cell, Period, address
from runtime.core.quantity.quality import Quality
from runtime.store.energy.bins import KEY, Tally
from runtime.store.energy.cells import NOTHING, Cells, choices_of
from tests.runtime.store.site import PARIS, T0


def put(store, device, energy_n, quality=0):
    with store.writing() as txn:
        tally = Tally(store, txn)
        tally.add(address(T0, PARIS), 10, device, energy_n, quality)
        tally.flush()


def test_chosen_slots_are_summed_up_with_the_worst_quality():
    cell = Cell()
    for slot, energy_n, quality in ((1, 10, 0), (2, 200, Quality.ESTIMATED), (5, 3000, Quality.SUSPECT)):
        cell.add(slot, energy_n, quality)
    assert [choice.of(cell) for choice in choices_of((1, 2, 7))] == [(210, True, Quality.ESTIMATED)]
    assert [choice.of(cell) for choice in choices_of((5,))] == [(3000, True, Quality.SUSPECT)]
    assert [choice.of(cell) for choice in choices_of((1,))] == [(10, True, Quality.GOOD)]
    assert [choice.of(cell) for choice in choices_of((7, 8))] == [NOTHING]


def test_devices_are_chosen_by_chunk():
    assert [(choice.chunk, choice.mask) for choice in choices_of((1, 119, 120, 255))] == [
        (0, 1 << 1 | 1 << 119), (1, 1), (2, 1 << 15)
    ]  # fmt: skip


def test_a_cell_is_read_again_when_it_changed(store):
    cells, (choice,) = Cells(store), choices_of((1,))
    day = address(T0, PARIS).day
    for total in (5, 10):
        put(store, 1, 5)
        with store.reading() as txn:
            first = cells.get(txn, Period.DAY, day, 10, 0)
            assert cells.get(txn, Period.DAY, day, 10, 0) is first
            assert first.sum(choice) == (total, True, Quality.GOOD)


def test_a_damaged_cell_is_noted(store):
    key = KEY.pack(1, 1, 10, 0)
    with store.writing() as txn:
        txn.put(key, b"\0" * 40, db=store.tree("bins"))
        assert Cells(store).get(txn, 1, 1, 10, 0) is None
    assert store.damaged == {("bins", key)}


def test_the_lanes_of_a_bin_are_listed(store):
    put(store, 1, 5)
    put(store, 130, 5)
    with store.reading() as txn:
        assert list(Cells(store).keys(txn, Period.DAY, address(T0, PARIS).day, 5, 10)) == [(10, 0), (10, 1)]
        assert list(Cells(store).keys(txn, Period.DAY, address(T0, PARIS).day, 11, 0xFFFF)) == []
