"""History from elsewhere goes through the same ledger and bins as what is measured."""

from __future__ import annotations

import datetime
import json

import pytest

from runtime.core.clock import timegrid
from runtime.core.energy.bins import Period
from runtime.core.site.installation import Installation
from runtime.errors import ConfigError
from runtime.store.energy.importer import import_history
from runtime.store.sample.rows import Rows
from tests.runtime.store.site import ENERGY, PARIS, bin_n, bins_as_stored, bins_from_rows, book, index_n, sample

SITE = Installation(zone="Europe/Paris")
DAY = datetime.date(2026, 3, 27).toordinal()  # the clocks go forward on the 29th


def line(device, day, step_s=3600, columns=False, index=index_n):
    start, end = timegrid.day_start(day, PARIS), timegrid.day_start(day + 1, PARIS)
    times = range(start, end, step_s)
    record = {"device": device, "start_ts": start, "step_s": step_s}
    record["indexes"] = {ENERGY: [index(device, ts * 1000) for ts in times]}
    if columns:
        record["columns"] = {"active_power_w.mean": [10 * device for _ in times]}
    return json.dumps(record)


def lines(days, devices=(1, 130), **how):
    return [line(device, DAY + day, **how) for day in range(days) for device in devices]


def test_days_become_bins_across_the_change_of_the_clock(store):
    imported = import_history(store, lines(5), SITE)
    assert (imported.lines, imported.days, imported.rows, imported.findings) == (10, 5, 0, 0)
    for day, hours in ((0, 24), (1, 24), (2, 23), (3, 24)):
        ts = timegrid.day_start(DAY + day, PARIS)
        assert bin_n(store, Period.DAY, ts, 130) == 130 * 7 * 3600 * hours
    assert bin_n(store, Period.HOUR, timegrid.day_start(DAY + 1, PARIS), 1) == 7 * 3600


def test_lines_with_columns_become_rows_that_add_up_to_the_bins(store):
    import_history(store, lines(4, step_s=600, columns=True), SITE)
    assert bins_as_stored(store) == bins_from_rows(store)
    with store.reading() as txn:
        rows = list(Rows(store).scan_device(txn, 1, 0, 1 << 40))
    assert len(rows) == 144 * 3 + 138
    assert rows[-2].values_n[0] == 10 and rows[0].columns[1:] == ((ENERGY, "index"), (ENERGY, "energy"))
    assert None not in rows[143].values_n  # the day's last slot is closed by the next day's first index


def test_the_import_is_the_same_as_measuring(store, tmp_path):
    from runtime.store.env import open_store

    import_history(store, lines(3, devices=(1,), step_s=600), SITE)
    other = open_store(tmp_path / "other")
    start, end = timegrid.day_start(DAY, PARIS), timegrid.day_start(DAY + 3, PARIS) - 600
    exact = [sample(1, ts) for ts in range(start, end, 600)]
    book(other, exact)
    measured, imported = bins_as_stored(other), bins_as_stored(store)
    days = [
        key for key in imported if key[0] in (Period.HOUR, Period.DAY) and key[1] not in (start, DAY + 2, end - 3000)
    ]
    assert len(days) == 24 + 24 + 23 - 2 + 2
    assert max(abs(measured[key] - imported[key]) for key in days) <= 1
    other.close()


def test_live_samples_go_on_where_the_import_ended_without_an_event(store):
    import_history(store, lines(2, devices=(1,)), SITE)
    last = timegrid.day_start(DAY + 2, PARIS) - 3600
    cycle = book(store, [sample(1, last + 600 * i) for i in range(12)])
    assert cycle.findings == []
    assert bin_n(store, Period.DAY, last, 1) == 7 * 86_400


def test_a_meter_that_was_exchanged_in_the_past_makes_no_jump(store):
    def exchanged(device, ts_ms):
        return index_n(device, ts_ms) % (7 * 3600 * 40)

    imported = import_history(store, lines(4, devices=(1,), index=exchanged), SITE)
    assert imported.findings > 0
    energies = [n for (period, *_), n in bins_as_stored(store).items() if period == Period.HOUR]
    assert max(energies) <= 7 * 3600 * 3


def test_importing_again_changes_nothing(store):
    import_history(store, lines(3), SITE)
    once = bins_as_stored(store)
    import_history(store, lines(3), SITE)
    assert bins_as_stored(store) == once


@pytest.mark.parametrize(
    "wrong",
    [
        "{",
        "[]",
        '{"device": 1}',
        '{"device": 1, "start_ts": 0, "step_s": 7, "indexes": {}}',
        '{"device": 1, "start_ts": 0, "step_s": 600, "indexes": {"beer": [1]}}',
    ],
)
def test_a_wrong_line_is_told_with_its_number(store, wrong):
    with pytest.raises(ConfigError) as refused:
        import_history(store, [line(1, DAY), "", wrong], SITE)
    assert refused.value.faults[0].key == "line 3"
