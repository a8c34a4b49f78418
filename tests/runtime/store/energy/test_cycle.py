"""Samples become ledgers, rows and bins together, once."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from runtime.core.energy.bins import Period, address
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.quantity.quality import Quality
from runtime.store.energy.bins import get_cell
from runtime.store.energy.counters import get_ledgers
from runtime.store.sample.rows import Rows
from tests.runtime.store.site import (
    ENERGY,
    PARIS,
    STEP_S,
    T0,
    bin_n,
    bins_as_stored,
    bins_from_rows,
    book,
    index_n,
    sample,
)


def rows_of(store, device):
    with store.reading() as txn:
        return list(Rows(store).scan_device(txn, device, 0, 1 << 40))


def energy(row, quantity=ENERGY):
    at = row.columns.index((quantity, "energy"))
    return row.values_n[at], row.quality[at]


def test_a_sample_becomes_a_row_with_its_index_and_energy(store):
    book(store, [sample(3, T0), sample(3, T0 + STEP_S)])
    second = rows_of(store, 3)[1]
    assert (second.start_ts, second.interval_s) == (T0 + STEP_S, STEP_S)
    assert energy(second) == (3 * 7 * STEP_S, Quality.GOOD)
    assert second.values_n[second.columns.index((ENERGY, "index"))] == index_n(3, (T0 + 2 * STEP_S - 3) * 1000)
    assert second.values_n[:2] == (30, 60)


def test_bins_equal_recomputation_from_rows(store):
    for slot in range(200):
        book(store, [sample(device, T0 + slot * STEP_S) for device in (1, 119, 120, 255)])
    assert bins_as_stored(store) == bins_from_rows(store)
    assert bin_n(store, Period.DAY, T0 + 86_400, 255) == 7 * 255 * 86_400


def test_booking_twice_books_nothing_twice(store):
    samples = [sample(3, T0 + slot * STEP_S) for slot in range(8)]
    book(store, samples)
    once = bins_as_stored(store), rows_of(store, 3)
    cycle = book(store, [samples[4], *samples])
    assert (bins_as_stored(store), rows_of(store, 3)) == once
    assert cycle.written == 0 and cycle.findings == []


def test_samples_out_of_order_book_the_same_energy(store):
    book(store, [sample(3, T0 + slot * STEP_S) for slot in (0, 1, 3, 2, 5, 4)])
    assert bins_as_stored(store) == bins_from_rows(store)
    assert [row.start_ts for row in rows_of(store, 3)] == [T0 + slot * STEP_S for slot in range(6)]
    assert all(row.values_n[0] == 30 for row in rows_of(store, 3))


def test_after_a_gap_its_energy_is_spread_over_rows_and_bins_and_marked(store):
    book(store, [sample(3, T0)])
    book(store, [sample(3, T0 + 12 * STEP_S)])
    rows = rows_of(store, 3)
    assert [row.start_ts for row in rows] == [T0 + slot * STEP_S for slot in range(13)]
    assert [energy(row) for row in rows[1:]] == [(3 * 7 * STEP_S, Quality.ESTIMATED)] * 11 + [
        (3 * 7 * STEP_S, Quality.GOOD)
    ]
    assert rows[5].columns == ((ENERGY, "energy"),)
    assert bins_as_stored(store) == bins_from_rows(store)


def test_a_device_that_was_silent_gets_its_rows_filled_when_it_is_back(store):
    silent = replace(sample(3, T0 + STEP_S), counters={ENERGY: ()}, columns_n=(None, None))
    book(store, [sample(3, T0), silent])
    assert energy(rows_of(store, 3)[1]) == (None, Quality.GOOD)
    book(store, [sample(3, T0 + 2 * STEP_S)])
    assert energy(rows_of(store, 3)[1]) == (3 * 7 * STEP_S, Quality.GOOD)  # its edges were bracketed
    assert bins_as_stored(store) == bins_from_rows(store)


def test_a_gap_of_weeks_is_spread_over_hours(store):
    book(store, [sample(3, T0)])
    book(store, [sample(3, T0 + 30 * 86_400)])
    assert bins_as_stored(store) == bins_from_rows(store)
    lengths = [row.interval_s for row in rows_of(store, 3)]
    assert 3600 in lengths and len(lengths) < 30 * 24 + 20
    day = address(T0 + 5 * 86_400, PARIS).day
    assert bin_n(store, Period.DAY, T0 + 5 * 86_400, 3) == pytest.approx(86_400 * 21, abs=2), day


def test_findings_name_the_device_and_the_quantity(store):
    book(store, [sample(3, T0)])
    cycle = book(store, [sample(3, T0 + 5 * STEP_S)])
    (noted,) = cycle.findings
    assert (noted.device, noted.quantity, noted.finding.code) == (3, ENERGY, "counter_gap")


def test_a_transaction_that_fails_leaves_no_trace(store):
    book(store, [sample(3, T0)])
    before = bins_as_stored(store), rows_of(store, 3)
    with pytest.raises(RuntimeError), store.writing() as txn:
        from runtime.store.energy.cycle import Cycle

        cycle = Cycle(store, txn, Rows(store), PARIS)
        cycle.book(sample(3, T0 + STEP_S))
        cycle.flush()
        raise RuntimeError
    assert (bins_as_stored(store), rows_of(store, 3)) == before


def test_a_damaged_ledger_books_nothing_and_is_reported(store):
    book(store, [sample(3, T0), sample(4, T0)])
    with store.writing() as txn:
        txn.put(b"\0\3", b"\1" * 40, db=store.tree("ledger"))
    book(store, [sample(3, T0 + STEP_S), sample(4, T0 + STEP_S)])
    assert ("ledger", b"\0\3") in store.damaged
    assert rows_of(store, 3)[1].values_n[0] == 30
    assert bin_n(store, Period.YEAR, T0, 4) > bin_n(store, Period.YEAR, T0, 3) * 4 / 3


def zeros_for_an_hour(device, ts_ms):
    return 0 if T0 + 2 * STEP_S <= ts_ms // 1000 < T0 + 8 * STEP_S else index_n(device, ts_ms)


def test_what_a_counter_counted_while_it_showed_zeros_lies_over_that_time(store):
    samples = [sample(3, T0 + slot * STEP_S, index=zeros_for_an_hour) for slot in range(12)]
    found = [each.finding.code for one in samples for each in book(store, [one]).findings]
    assert found == ["counter_reset", "counter_returned"]
    rows = rows_of(store, 3)
    assert [energy(row)[0] for row in rows[1:10]] == [3 * 7 * STEP_S] * 9
    assert {energy(row)[1] for row in rows[3:7]} == {Quality.ESTIMATED}
    assert rows[4].values_n[rows[4].columns.index(("active_power_w", "mean"))] == 30
    assert bins_as_stored(store) == bins_from_rows(store)


def test_it_lies_where_the_counter_came_back_if_intervals_had_another_length_meanwhile(store):
    for slot in range(4):
        book(store, [sample(3, T0 + slot * STEP_S, index=zeros_for_an_hour)])
    for start_ts in range(T0 + 4 * STEP_S, T0 + 10 * STEP_S, 300):
        book(store, [sample(3, start_ts, step_s=300, index=zeros_for_an_hour)])
    rows = rows_of(store, 3)
    assert all(before.start_ts + before.interval_s == after.start_ts for before, after in pairwise(rows))
    assert sum(energy(row)[0] for row in rows[1:]) == 9 * 3 * 7 * STEP_S
    assert bins_as_stored(store) == bins_from_rows(store)


def test_the_ledger_is_what_the_bins_add_up_to(store):
    for slot in range(40):
        book(store, [sample(7, T0 + slot * STEP_S)])
    with store.reading() as txn:
        (state,) = get_ledgers(store, txn, 7).values()
    assert state.edge_total_n == bin_n(store, Period.YEAR, T0, 7)
    assert state.raw_n - index_n(7, (T0 + 4) * 1000) == state.total_n


def test_energy_of_an_hour_that_nobody_knows_is_marked_in_rows_and_bins(store):
    book(store, [sample(3, T0), replace(sample(3, T0 + STEP_S), doubt=int(Quality.CLOCK_UNTRUSTED))])
    assert energy(rows_of(store, 3)[1]) == (3 * 7 * STEP_S, Quality.CLOCK_UNTRUSTED)
    at = address(T0 + STEP_S, PARIS)
    for period in Period:
        with store.reading() as txn:
            cell = get_cell(store, txn, period, getattr(at, period.name.lower()), QUANTITIES[ENERGY].number, 0)
        assert cell.quality(3) == Quality.CLOCK_UNTRUSTED


def test_no_energy_passes_from_one_index_to_another_when_a_device_is_edited(store):
    """Factor 1 to 10 in the middle of a slot, before a restart or after it."""
    first = replace(sample(3, T0), base={"model": "a", "factor": "1"})
    book(store, [first])
    other = lambda device, ms: 10 * index_n(device, ms)
    edited = [replace(sample(3, T0 + i * STEP_S, index=other), base={"model": "a", "factor": "10"}) for i in (1, 2, 3)]
    cycle = book(store, edited[:2])
    assert [detail for _, _, detail in cycle.edits] == ["factor 1 > 10"]
    assert [noted.finding.code for noted in cycle.findings] == ["counter_rescaled"]
    assert book(store, edited[2:]).edits == []
    with store.reading() as txn:
        total_n = get_ledgers(store, txn, 3)[10].total_n
    passed_n = index_n(3, (T0 + 4 * STEP_S) * 1000) - index_n(3, T0 * 1000)
    assert total_n <= 10 * passed_n


def test_23_a_longer_sample_rate_keeps_what_was_recorded_in_the_rest_of_the_hour(store):
    """From 1 to 60 min at 23 past: power and index of the rest of the hour lie behind."""
    hour_ts = T0 // 3600 * 3600 + 3600
    book(store, [sample(3, hour_ts + 60 * minute, step_s=60) for minute in range(23)])
    long = sample(3, hour_ts, step_s=3600)
    rest = tuple((ms, raw_n) for ms, raw_n in long.counters[ENERGY] if ms > (hour_ts + 1380) * 1000)
    changed = replace(
        long, counters={ENERGY: ((hour_ts * 1000 + 1_384_000, index_n(3, hour_ts * 1000 + 1_384_000)), *rest)}
    )
    book(store, [changed])
    book(store, [changed, sample(3, hour_ts + 3600, step_s=3600)])
    rows = rows_of(store, 3)
    assert [row.interval_s for row in rows] == [60] * 24 + [2220, 3600]  # the first reading came before the hour
    last = rows[-2]
    values = dict(zip(last.columns, last.values_n, strict=True))
    assert last.start_ts == hour_ts + 1380 and values["active_power_w", "mean"] == 30
    assert values[ENERGY, "index"] == index_n(3, (hour_ts + 3597) * 1000)
    assert values[ENERGY, "energy"] == pytest.approx(21 * 2220, abs=2)
    assert bins_as_stored(store) == bins_from_rows(store)
