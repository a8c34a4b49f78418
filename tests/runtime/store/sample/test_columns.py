"""Columns tell the same as rows do, from rows, from blocks and where a late row wins over its block."""

from __future__ import annotations

import pytest

from runtime.store.env import Store
from runtime.store.history import History
from runtime.store.sample import compaction
from runtime.store.sample.blocks import SPAN_S, block_start
from runtime.store.sample.columns import Columns
from runtime.store.sample.rows import KEY, Row, Rows

FIRST = block_start(1_780_000_200)
COLUMNS = (("frequency_hz", "mean"), ("active_power_w", "mean"), ("active_power_w", "min"), ("active_power_w", "max"))
STARTS = [FIRST + SPAN_S + (i - 20) * 600 for i in range(40)]
LATER = FIRST + 3 * SPAN_S


@pytest.fixture
def filled(store: Store) -> Store:
    """Every fifth value is missing, every seventh estimated; two slots were left out."""
    rows = Rows(store)
    with store.writing() as txn:
        for i, ts in enumerate(STARTS):
            if i not in (7, 8):
                power_n = None if i % 5 == 0 else 1000 + i
                values = (50_000, power_n, None if power_n is None else power_n - 9, None if power_n is None else 2000)
                rows.put(txn, Row(3, ts, 600, COLUMNS, values, (0, int(i % 7 == 0), 0, 0)))
    return store


def _flat(store: Store, quantity: str = "active_power_w") -> list[tuple[int, int | None, int | None, int | None]]:
    with store.reading() as txn:
        return [
            (stretch.start_ts + at * stretch.step_s, *values)
            for stretch in Columns(Rows(store)).stretches(txn, 3, quantity, 0, 1 << 31)
            for at, values in enumerate(zip(stretch.mean_n, stretch.least_n, stretch.most_n, strict=True))
        ]


def _by_rows(store: Store) -> list[tuple[int, int | None, int | None, int | None]]:
    samples = History(store).samples(3, "active_power_w", 0, 1 << 31)
    return [(s.start_ts, *(s.values_n[statistic] for statistic in ("mean", "min", "max"))) for s in samples]


def test_rows_and_blocks_are_read_alike(filled: Store) -> None:
    before = _by_rows(filled)
    assert _flat(filled) == before and len(before) == 38
    assert compaction.compact(filled, FIRST + 2 * SPAN_S) == 1
    assert _flat(filled) == before
    compaction.compact(filled, LATER)
    assert _flat(filled) == before


def test_a_quantity_of_which_only_means_are_kept_has_no_band(filled: Store) -> None:
    assert all(mean == least == most for _, mean, least, most in _flat(filled, "frequency_hz"))


def test_a_quantity_that_was_never_recorded_has_no_stretch(filled: Store) -> None:
    assert _flat(filled, "voltage_l1_v") == []


def test_a_late_row_wins_over_its_block(filled: Store) -> None:
    compaction.compact(filled, LATER)
    with filled.writing() as txn:
        Rows(filled).put(txn, Row(3, STARTS[1], 600, COLUMNS, (1, 2, 3, 4), (0,) * 4))
    assert _flat(filled) == _by_rows(filled) and (STARTS[1], 2, 3, 4) in _flat(filled)


def test_quality_follows_its_value(filled: Store) -> None:
    curve = History(filled).curve(3, "active_power_w", STARTS[0], STARTS[-1] + 600)
    doubted = {ts for ts, quality in zip(curve.start_ts, curve.quality, strict=True) if quality}
    assert doubted == {STARTS[i] for i in range(40) if i % 7 == 0 and i % 5 and i != 7}


def test_a_damaged_row_is_noted_and_left_out(filled: Store) -> None:
    key = KEY.pack(STARTS[3], 3)
    with filled.writing() as txn:
        value = bytearray(txn.get(key, db=filled.tree("rows")))
        value[-3] ^= 1
        txn.put(key, bytes(value), db=filled.tree("rows"))
    assert STARTS[3] not in {row[0] for row in _flat(filled)}
    assert filled.damaged
