"""A block gives back the rows that it was made of, column by column, whatever is damaged in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runtime.store.row import Row
from runtime.store.sample.blocks import SPAN_S, Block, block_start, key_of
from runtime.store.sample.compaction import BlockMaker

START = block_start(1_780_000_000)
ENERGY, INDEX, POWER = ("active_energy_import_wh", "energy"), ("active_energy_import_wh", "index"), ("power", "mean")
SHAPES = ((POWER, INDEX, ENERGY), (ENERGY,), (POWER,), (ENERGY, POWER, INDEX))
wide = st.one_of(st.none(), st.integers(-(2**63) + 1, 2**63 - 1), st.integers(0, 9))


def block_of(rows, device=7):
    maker = BlockMaker(device, START)
    for row in rows:
        maker.add(row)
    while maker.deflate_next():
        pass
    return maker.content()


def opened(content, device=7, damaged=None):
    return Block(key_of(device, START), content, (damaged if damaged is not None else set()).add_pair)


class Damage(set):
    def add_pair(self, tree, key):
        self.add((tree, key))


@st.composite
def rows(draw):
    ts, found = START, []
    for _ in range(draw(st.integers(0, 12))):
        ts += draw(st.sampled_from([600, 600, 600, 1800]))
        columns = draw(st.sampled_from(SHAPES))
        values = tuple(draw(wide) for _ in columns)
        quality = tuple(draw(st.integers(0, 4)) for _ in columns)
        found.append(Row(7, ts, draw(st.sampled_from([600, 600, 300])), columns, values, quality))
    return found


@given(rows(), st.integers(-1, 20), st.integers(-1, 20))
def test_a_block_gives_back_the_rows_it_was_made_of(rows, low, high):
    block = opened(block_of(rows), damaged=Damage())
    from_ts, to_ts = START + low * 600, START + high * 600
    assert list(block.rows(from_ts, to_ts)) == [row for row in rows if from_ts <= row.start_ts < to_ts]
    assert block.damaged_columns() == ()


def test_only_wanted_columns_are_unpacked():
    made = [Row(7, START + i * 600, 600, SHAPES[0], (i, 10 * i, 10), (0, 1, 0)) for i in range(100)]
    block = opened(block_of(made), damaged=Damage())
    found = list(block.rows(START, START + SPAN_S, lambda column: column == INDEX))
    assert [(row.columns, row.values_n, row.quality) for row in found[:2]] == [
        ((INDEX,), (0,), (1,)),
        ((INDEX,), (10,), (1,)),
    ]


def test_a_damaged_column_is_noted_and_the_others_are_readable():
    made = [Row(7, START + i * 600, 600, (POWER, INDEX), (i * i % 97, 10 * i), (0, 0)) for i in range(100)]
    content, damage = bytearray(block_of(made)), Damage()
    content[-1] ^= 1
    block = opened(bytes(content), damaged=damage)
    assert [row.values_n for row in block.rows(START, START + 1200)] == [(0, None), (1, None)]
    assert damage == {("blocks", key_of(7, START))}
    assert block.damaged_columns() == (INDEX,)


def test_four_weeks_of_a_steady_device_are_one_run():
    made = [Row(7, START + i * 600, 600, (POWER,), (5,), (0,)) for i in range(4032)]
    block = opened(block_of(made), damaged=Damage())
    assert len(block.runs) == 1 and block.count == 4032
