"""Rows are kept once, in any order, and read back as they were."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runtime.store.env import open_store
from runtime.store.sample.rows import KEY, Row, Rows

COLUMNS = (("active_power_w", "mean"), ("active_power_w", "max"), ("active_energy_import_wh", "index"))


def row(device, start_ts, values_n=(1, 2, 3), quality=(0, 0, 0), columns=COLUMNS):
    return Row(device, start_ts, 600, columns, tuple(values_n), tuple(quality))


values = st.one_of(st.none(), st.integers(-(2**31) + 1, 2**31 - 1), st.integers(-(2**63) + 1, 2**63 - 1))


@given(st.lists(st.tuples(values, values, values, st.integers(0, 4)), min_size=1, max_size=8))
def test_what_is_put_is_read(tmp_path_factory, drawn):
    store = open_store(tmp_path_factory.mktemp("rows"))
    put = [row(9, 600 * i, taken[:3], (0, taken[3], 0)) for i, taken in enumerate(drawn)]
    with store.writing() as txn:
        for one in put:
            Rows(store).put(txn, one)
    with store.reading() as txn:
        assert list(Rows(store).scan(txn, 0, 10**6)) == put
    store.close()


def test_rows_out_of_order_are_kept_all_the_same(store):
    rows = Rows(store)
    for start_ts in (1200, 600, 1800, 0):
        with store.writing() as txn:
            rows.put(txn, row(5, start_ts))
            rows.put(txn, row(3, start_ts))
    with store.reading() as txn:
        assert [(r.start_ts, r.device) for r in rows.scan(txn, 600, 1800)] == [(600, 3), (600, 5), (1200, 3), (1200, 5)]


def test_a_row_that_comes_twice_is_kept_once_and_adds_only_what_was_missing(store):
    rows = Rows(store)
    with store.writing() as txn:
        assert rows.merge(txn, row(5, 600, (10, None, 30), (2, 0, 0)))
        assert not rows.merge(txn, row(5, 600, (99, None, 99)))
        assert rows.merge(txn, row(5, 600, (7, 1), (0, 1), (("active_power_w", "max"), ("water_dm3", "energy"))))
        there = rows.get(txn, 5, 600)
        values = dict(zip(there.columns, zip(there.values_n, there.quality, strict=True), strict=True))
        expected = [(10, 2), (7, 0), (30, 0), (1, 1)]
        assert values == dict(zip((*COLUMNS, ("water_dm3", "energy")), expected, strict=True))


def test_a_row_whose_energy_came_first_ends_with_the_usual_schema(store):
    rows = Rows(store)
    with store.writing() as txn:
        rows.put(txn, row(4, 600))
        rows.merge(txn, row(5, 600, (9,), (1,), COLUMNS[2:]))
        rows.merge(txn, row(5, 600))
        assert rows.get(txn, 5, 600) == row(5, 600, (1, 2, 9), (0, 0, 1))


def test_one_device_is_read_past_all_others(store):
    rows = Rows(store)
    with store.writing() as txn:
        for start_ts in range(0, 6000, 600):
            for device in range(1, 40):
                if (device + start_ts // 600) % 3:
                    rows.put(txn, row(device, start_ts))
    with store.reading() as txn:
        found = list(rows.scan_device(txn, 17, 600, 5400))
    assert [r.start_ts // 600 for r in found] == [n for n in range(1, 9) if (17 + n) % 3]
    assert {r.device for r in found} == {17}


def test_a_damaged_row_is_noted_and_the_rest_is_readable(store):
    rows, key = Rows(store), KEY.pack(600, 5)
    with store.writing() as txn:
        for start_ts in (0, 600, 1200):
            rows.put(txn, row(5, start_ts))
        value = bytearray(txn.get(key, db=store.tree("rows")))
        value[12] ^= 1
        txn.put(key, bytes(value), db=store.tree("rows"))
    with store.reading() as txn:
        assert [r.start_ts for r in rows.scan(txn, 0, 6000)] == [0, 1200]
        assert [r.start_ts for r in rows.scan_device(txn, 5, 0, 6000)] == [0, 1200]
    assert store.damaged == {("rows", key)}
