from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from runtime.core.energy.bins import Period
from runtime.core.energy.ledger import LedgerState
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.quantity.quality import Quality
from runtime.store.energy.clockback import turn_of
from runtime.store.energy.counters import get_ledgers
from runtime.store.env import open_store
from runtime.store.sample.rows import Rows
from runtime.store.upkeep.sums import check_ledgers, check_rows
from tests.runtime.store.site import (
    ENERGY,
    POWER,
    STEP_S,
    T0,
    bin_n,
    bins_as_stored,
    bins_from_rows,
    book,
    index_n,
    sample,
)

DAY_S = 86_400
NUMBER = QUANTITIES[ENERGY].number


@pytest.fixture
def store(tmp_path):
    store = open_store(tmp_path / "store")
    yield store
    store.close()


def shown(device, start_ts, ahead_s, **changes):
    """A sample of the true time ``start_ts`` by a clock that is ahead."""
    made = sample(device, start_ts + ahead_s, index=lambda id, ts_ms: index_n(id, ts_ms - ahead_s * 1000))
    return replace(made, **changes)


def rows_of(store, device=1):
    with store.reading() as txn:
        return list(Rows(store).scan_device(txn, device, 0, 1 << 32))


def cell_of(row, column):
    return dict(zip(row.columns, zip(row.values_n, row.quality, strict=True), strict=True))[column]


def is_whole(store):
    with store.reading() as txn:
        tallies = [check(store, txn, ZoneInfo("Europe/Paris")) for check in (check_ledgers, check_rows)]
        ledger = get_ledgers(store, txn, 1)[NUMBER]
    same = bins_as_stored(store) == bins_from_rows(store)
    return same and all(not tally.mismatches for tally in tallies), ledger


def ran_ahead(store):
    """Two slots by the right clock, two by one that is a day ahead."""
    book(store, [shown(1, T0 + at * STEP_S, 0) for at in range(2)])
    book(store, [shown(1, T0 + at * STEP_S, DAY_S, resumed=((T0 + DAY_S + at * STEP_S - 3) * 1000,)) for at in (2, 3)])


@pytest.mark.parametrize("is_known", [True, False])
def test_what_was_recorded_ahead_lies_before_now(store, is_known):
    ran_ahead(store)
    assert rows_of(store)[-1].start_ts == T0 + DAY_S + 3 * STEP_S
    known = {"turned_ms": DAY_S * 1000} if is_known else {"begun_ms": (T0 + 4 * STEP_S - 3) * 1000}
    cycle = book(store, [shown(1, T0 + 4 * STEP_S, 0, **known)])
    book(store, [shown(1, T0 + at * STEP_S, 0) for at in range(5, 9)])
    rows = rows_of(store)
    assert [row.start_ts for row in rows] == [T0 + at * STEP_S for at in range(9)]
    assert {cell_of(row, POWER[0]) for row in rows[2:4]} == {(10, int(Quality.CLOCK_UNTRUSTED))}
    assert len(cycle.turns) == 1
    is_right, ledger = is_whole(store)
    assert is_right and ledger.total_n == index_n(1, ledger.ts_ms) - index_n(1, (T0 + 4) * 1000)
    assert all(cell_of(row, (ENERGY, "energy"))[0] == 4200 for row in rows[3:])


def test_what_was_measured_at_this_time_stays_and_energy_comes_on_top(store):
    book(store, [shown(1, T0 + at * STEP_S, 0) for at in range(6)])
    hour_n = bin_n(store, Period.YEAR, T0, 1)
    behind = -3 * STEP_S
    book(store, [shown(1, T0 + 6 * STEP_S, behind, turned_ms=-behind * 1000)])
    book(store, [shown(1, T0 + at * STEP_S, behind) for at in range(7, 12)])
    rows = rows_of(store)
    assert {row.start_ts: cell_of(row, POWER[0])[0] for row in rows} == {T0 + at * STEP_S: 10 for at in range(9)}
    energies = [cell_of(row, (ENERGY, "energy"))[0] for row in rows]
    assert energies[3:6] == [8400, 8400, 8400] and energies[6:] == [4200, 4200, 4200]
    assert bin_n(store, Period.YEAR, T0, 1) == hour_n + 6 * 4200
    is_right, ledger = is_whole(store)
    assert is_right and ledger.again_ts == 0


def test_a_clock_that_goes_on_says_nothing():
    ledgers = {NUMBER: LedgerState(T0 * 1000, 0, 0, T0, 0)}
    assert turn_of({}, T0, T0 + 600, 1, 0) is None
    assert turn_of(ledgers, T0, T0 + 600, (T0 + 1) * 1000, 0) is None
    assert turn_of(ledgers, T0, T0 + 600, (T0 - 1) * 1000, 0) is None
    assert turn_of(ledgers, T0 - 600, T0, (T0 - 60) * 1000, 0) is not None
