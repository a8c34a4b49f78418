"""One counter's past as evidence: how much of its energy is in doubt, and where its index stood."""

from __future__ import annotations

import datetime
from dataclasses import asdict

from runtime.core.clock.timegrid import day_start
from runtime.core.energy.displaycheck import DisplayCheck
from runtime.core.quantity.quality import Quality
from runtime.store.chart.counterhistory import CHECKS
from runtime.store.energy.accounts import CORRECTED
from runtime.store.history import History
from runtime.store.sample.rows import Row, Rows
from tests.runtime.store.chart.test_charts import put, ts_of
from tests.runtime.store.site import PARIS

Q = "active_energy_import_wh"
DATE = datetime.date(2026, 10, 20)
DAY = (day_start(DATE.toordinal(), PARIS), day_start(DATE.toordinal() + 1, PARIS))
MONTH = (day_start(DATE.replace(day=1).toordinal(), PARIS), day_start(datetime.date(2026, 11, 1).toordinal(), PARIS))


def keep_row(store, text, index_n, energy_n, quality=Quality.GOOD, interval_s=600):
    with store.writing() as txn:
        columns = ((Q, "index"), (Q, "energy"))
        Rows(store).put(
            txn, Row(1, ts_of(text), interval_s, columns, (index_n, energy_n), (int(Quality.GOOD), int(quality)))
        )


def energy(store, stretch=DAY, period="day"):
    return History(store).counters.energy(1, Q, stretch, period, DATE, PARIS)


def test_nothing_is_known_where_nothing_was_booked(store):
    assert energy(store).total_n is None and energy(store, MONTH, "month").estimated_n == 0


def test_an_hour_in_doubt_is_looked_into_by_its_rows(store):
    put(store, "2026-10-20 06:00", 1, 1000)
    put(store, "2026-10-20 06:10", 1, 30, quality=Quality.ESTIMATED)
    keep_row(store, "2026-10-20 06:00", 1000, 1000)
    keep_row(store, "2026-10-20 06:10", 1030, 30, Quality.ESTIMATED)
    put(store, "2026-10-20 07:00", 1, 500)
    assert (energy(store).total_n, energy(store).estimated_n) == (1530, 30)
    assert energy(store, MONTH, "month").estimated_n == 30


def test_an_hour_whose_rows_do_not_hold_it_is_in_doubt_as_a_whole(store):
    put(store, "2026-10-20 06:00", 1, 1000)
    put(store, "2026-10-20 06:10", 1, 30, quality=Quality.ESTIMATED)
    assert energy(store).estimated_n == 1030


def test_what_was_corrected_by_hand_stands_apart(store):
    put(store, "2026-10-20 06:00", 1, 1000)
    put(store, "2026-10-20 06:00", 1, -200, lane=CORRECTED | 10, quality=Quality.SUBSTITUTED)
    doubt = energy(store, MONTH, "month")
    assert (doubt.total_n, doubt.measured_n, doubt.estimated_n, doubt.corrected_n) == (800, 1000, 0, -200)


def test_part_of_a_period_is_put_together_from_shorter_bins(store):
    put(store, "2026-10-20 06:00", 1, 1000)
    put(store, "2026-10-20 09:00", 1, 77)
    put(store, "2026-10-21 09:00", 1, 5)
    until = (MONTH[0], ts_of("2026-10-20 09:00"))
    assert energy(store, until, "month").total_n == 1000
    assert energy(store, MONTH, "month").total_n == 1082


def test_indexes_count_that_were_read_where_an_hour_ends(store):
    keep_row(store, "2026-10-20 05:40", 7, 1)
    keep_row(store, "2026-10-20 05:50", None, 1)
    keep_row(store, "2026-10-20 06:50", 9, 1)
    keep_row(store, "2026-10-20 07:50", 11, 1)
    keep_row(store, "2026-10-20 08:00", 12, 1)
    counters = History(store).counters
    first, last = (ask(1, Q, *DAY, PARIS) for ask in (counters.aligned_row, counters.last_aligned_row))
    assert (first.index_n, last.index_n) == (9, 11)
    assert counters.aligned_row(2, Q, *DAY, PARIS) is counters.last_aligned_row(2, Q, *DAY, PARIS) is None


def test_checks_of_displays_are_kept_and_listed_by_time(store):
    later, other, sooner = (DisplayCheck(id, Q, 5, 1, 5, 1, at, "Ann", "fits") for id, at in ((1, 9), (2, 8), (1, 7)))
    with store.writing() as txn:
        for check in (later, other, sooner):
            store.records.put(txn, CHECKS, f"{check.device}.{Q}.{check.checked_ms}", asdict(check))
    counters = History(store).counters
    assert counters.checks(1) == (sooner, later) and len(counters.checks()) == 3
    assert counters.ledgers(1) == {}
