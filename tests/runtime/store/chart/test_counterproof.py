"""What rows and bins of a counter prove."""

from __future__ import annotations

import datetime

import pytest

from runtime.core.energy.continuity import Jump
from runtime.core.quantity.quality import Quality
from runtime.store.chart.counterproof import booked_jumps, index_way, noticed, pace_of, power_proof
from runtime.store.history import History
from runtime.store.object.events import Event
from runtime.store.sample.rows import Row, Rows
from tests.runtime.store.chart.test_charts import put, ts_of
from tests.runtime.store.site import PARIS

Q = "active_energy_import_wh"
DATE = datetime.date(2026, 10, 20)
START = ts_of("2026-10-20 00:00")
DAY = (START, START + 86_400)
SLOT_N = 500_000  # 3 kW for ten minutes
COLUMNS = (("active_power_w", "mean"), (Q, "index"), (Q, "energy"))


@pytest.fixture
def day(store):
    """3 kW from midnight to 12:00; at 06:05 another meter that begins at 0."""
    index_n = 90_000_000
    with store.writing() as txn:
        for at in range(72):
            index_n = SLOT_N // 2 if at == 36 else index_n + SLOT_N
            energy_n = SLOT_N // 2 if at == 36 else SLOT_N
            row = Row(1, START + 600 * at, 600, COLUMNS, (30_000, index_n, energy_n), (0, 0, 0))
            Rows(store).put(txn, row)
    for at in range(72):
        put(store, f"2026-10-20 {at // 6:02}:{at % 6}0", 1, SLOT_N // 2 if at == 36 else SLOT_N)
    return History(store).counters


EXCHANGE = Jump("counter_exchanged", (START + 21_600) * 1000, (START + 21_900) * 1000, 90_000_000 + 36 * SLOT_N, 0)


def test_jumps_and_gaps_are_sorted_out_of_events():
    detail = f"{Q} {EXCHANGE.before_n} 0 since {EXCHANGE.since_ms}"
    events = [
        Event(3, 3, "device.1", "energy_corrected", "x"),
        Event(2, EXCHANGE.ts_ms, "device.1", "counter_exchanged", detail),
        Event(1, 9, "device.1", "counter_gap", "water_dm3 5 7 since 3"),
    ]
    kept = noticed(events)
    assert kept[Q] == ([EXCHANGE], []) and len(kept["water_dm3"][1]) == 1


def test_nothing_was_booked_for_an_exchange(day):
    assert booked_jumps(day, 1, Q, [EXCHANGE])[0].booked_n == 0


def test_the_way_of_the_index_is_the_energy_booked_and_its_jumps(day):
    way = index_way(day, 1, Q, DAY, booked_jumps(day, 1, Q, [EXCHANGE]), "day", DATE, PARIS)
    assert (way.opening_ts, way.closing_ts) == (START + 3600, START + 12 * 3600)
    assert abs(way.rest_n) <= way.slack_n and way.shifts_n == -EXCHANGE.before_n


def test_an_unknown_jump_stays_unexplained(day):
    way = index_way(day, 1, Q, DAY, [], "day", DATE, PARIS)
    assert abs(way.rest_n + EXCHANGE.before_n) <= SLOT_N
    assert index_way(day, 2, Q, DAY, [], "day", DATE, PARIS) is None


def test_power_is_held_against_the_index_where_both_are_measured(day, store):
    proof = power_proof(day, 1, DAY, 600)
    assert len(proof.intervals) == 72 and proof.agreement.state == "fits"
    with store.writing() as txn:
        values = (30_000, 90_000_000, 10 * SLOT_N)
        Rows(store).put(txn, Row(1, START + 600 * 72, 600, COLUMNS, values, (0, 0, int(Quality.ESTIMATED))))
    assert len(power_proof(day, 1, DAY, 600).intervals) == 72


def test_the_pace_of_a_counter_is_that_of_its_last_day(day):
    grain_n, hourly_n = pace_of(day, 1, Q, START + 86_400)
    assert hourly_n == 6 * SLOT_N and grain_n == SLOT_N // 2
    assert pace_of(day, 2, Q, START + 86_400) == (1, 0)
