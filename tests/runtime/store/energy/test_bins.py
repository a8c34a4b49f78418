"""Cells come back as they were kept and never grow past LMDB's overflow size."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runtime.core.energy.bins import SLOTS, Cell, Period, address
from runtime.store.codec import seal
from runtime.store.energy.bins import KEY, LARGEST, Tally, decode, encode, get_cell
from tests.runtime.store.site import PARIS, T0

entries = st.dictionaries(
    st.integers(0, SLOTS - 1),
    st.tuples(st.one_of(st.integers(0, 2**31), st.integers(-(2**62), 2**62)), st.integers(0, 4)),
)


def same(a, b):
    return (a.values_n, a.known, a.doubts) == (b.values_n, b.known, b.doubts)


@given(entries)
def test_a_cell_comes_back_as_it_was_kept(entries):
    cell = Cell()
    for slot, (energy_n, quality) in entries.items():
        cell.add(slot, energy_n, quality)
    assert same(decode(encode(cell)), cell)


def test_the_fullest_cell_stays_below_the_overflow_size():
    cell = Cell()
    for slot in range(SLOTS):
        cell.add(slot, 2**62, 4)
    assert len(seal(b"\0" * KEY.size, "bin", encode(cell))) < LARGEST


def test_slots_after_the_last_used_one_take_no_room():
    cell = Cell()
    cell.add(3, 1000)
    assert len(encode(cell)) == 3 + 1 + 4 * 2


def test_nothing_known_is_not_zero():
    cell = Cell()
    cell.add(2, 0)
    assert (cell.value_n(2), cell.value_n(1)) == (0, None)


def test_energy_goes_to_the_four_bins_of_its_moment(store):
    at = address(T0, PARIS)
    for _ in range(2):
        with store.writing() as txn:
            tally = Tally(store, txn)
            tally.add(at, 10, 250, 7, 0)
            tally.add(at, 10, 250, 5, 1)
            tally.flush()
    with store.reading() as txn:
        for period in Period:
            cell = get_cell(store, txn, period, getattr(at, period.name.lower()), 10, 2)
            assert (cell.value_n(10), cell.quality(10)) == (24, 1)


def test_a_damaged_cell_is_noted(store):
    key = KEY.pack(0, 0, 10, 0)
    with store.writing() as txn:
        txn.put(key, b"\0" * 40, db=store.tree("bins"))
        assert get_cell(store, txn, 0, 0, 10, 0) is None
    assert store.damaged == {("bins", key)}
