"""The zone of a site is changed: bins before keep theirs, later ones follow the new zone, and nothing is lost."""

from __future__ import annotations

import datetime
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from actors.message.device import SampleClosed
from runtime.core.accounting.accounting import accounting_of
from runtime.core.accounting.assignments import date_changes
from runtime.core.clock import timegrid
from runtime.core.site.installation import DeviceSpec, Installation
from runtime.core.site.sitezone import zone_of
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec
from runtime.store.energy.recompute import recompute_day
from runtime.store.env import open_store
from runtime.store.history import History
from runtime.store.sample.rows import Rows
from runtime.store.upkeep.sums import check_ledgers, check_lengths, check_rows
from tests.runtime.store.site import ENERGY, book

STEP_S, DAY_S = 600, 86_400
BEFORE = ZoneInfo("Europe/Paris")
CHANGED = int(datetime.datetime(2026, 9, 10, 15, 20, tzinfo=BEFORE).timestamp())
MIDNIGHT = int(datetime.datetime(2026, 9, 11, tzinfo=BEFORE).timestamp())
DAY = datetime.date(2026, 9, 11)


def index_n(ts_ms: int) -> int:
    """1.8 kW for ever: half a thousandth of a Wh each millisecond."""
    return ts_ms // 2


def moved_site(zone: str) -> Installation:
    site = Installation(
        devices=(DeviceSpec(1, "Main", 1, 1, "m"),),
        tariffs=(
            TariffSpec(1, "Day", prices=(Price(1, 200_000),), unpriced=3),
            TariffSpec(2, "Night", prices=(Price(2, 100_000),), unpriced=4),
        ),
        rules=(RuleSpec(1, 1, start="08:00", end="19:59"), RuleSpec(2, 2, start="20:00", end="07:59")),
    )
    return date_changes(site, replace(site, zone=zone), CHANGED)


def lived(path, site: Installation):
    zone = zone_of(site)
    store = open_store(path)
    samples, first = [], timegrid.interval_start(MIDNIGHT - 3 * DAY_S, STEP_S, zone)
    last = timegrid.interval_start(MIDNIGHT + 3 * DAY_S, STEP_S, zone)
    for start_ts, end_ts in timegrid.intervals(first, last, STEP_S, zone):
        times = [1000 * ts + ms for ts in (start_ts, end_ts) for ms in (-3000, 4000) if start_ts > first or ts > first]
        readings = tuple((ms, index_n(ms)) for ms in times if ms >= 1000 * first)
        samples.append(SampleClosed(1, start_ts, end_ts, (), (), (), {ENERGY: readings}))
    for low in range(0, len(samples), 100):
        book(store, samples[low : low + 100], zone, site)
    return store


@pytest.mark.parametrize(
    ("name", "hours"), [("America/New_York", 30), ("Asia/Tokyo", 17), ("Asia/Kolkata", 20.5), ("Europe/Lisbon", 25)]
)
def test_bins_and_charts_are_right_across_a_change_of_the_zone(tmp_path, name: str, hours: float) -> None:
    site = moved_site(name)
    zone, store = zone_of(site), lived(tmp_path / "store", site)
    with store.reading() as txn:
        for check in (check_lengths, check_ledgers, check_rows):
            tally = check(store, txn, zone)
            assert tally.compared and tally.mismatches == []
    date = DAY if timegrid.day_of(MIDNIGHT, zone) == DAY.toordinal() else DAY - datetime.timedelta(1)
    asked = {"of": "device:1", "fluid": "electricity", "zone": zone}
    day = History(store).consumption(site, period="day", date=date, **asked)
    assert sum(bar.end_ts - bar.start_ts for bar in day.bins) == hours * 3600
    assert all(bar.value_n == (bar.end_ts - bar.start_ts) * 500 for bar in day.bins)
    assert day.total_n == hours * 3600 * 500
    month = History(store).consumption(site, period="month", date=date, **asked)
    assert month.total_n == sum(bar.value_n or 0 for bar in month.bins) and month.unpriced_n == 0
    store.close()


@pytest.mark.parametrize("name", ["America/New_York", "Asia/Tokyo"])
def test_bills_follow_the_wall_clock_on_either_side(tmp_path, name: str) -> None:
    site = moved_site(name)
    zone, store = zone_of(site), lived(tmp_path / "store", site)

    def priced_n(start_ts: int, end_ts: int) -> int:
        day_s = sum(60 for ts in range(start_ts, end_ts, 60) if 8 <= timegrid.local(ts, zone).hour < 20)
        return (day_s * 200_000 + (end_ts - start_ts - day_s) * 100_000) * 500

    def costs() -> list[tuple[int, int | None]]:
        found = []
        for days in (-2, -1, 0, 1):
            date = DAY + datetime.timedelta(days)
            chart = History(store).consumption(
                site, of="total", fluid="electricity", period="day", date=date, zone=zone
            )
            found.append((priced_n(chart.bins[0].start_ts, chart.bins[-1].end_ts), chart.cost_p))
        return found

    assert all(by_hand == shown for by_hand, shown in costs())
    with store.writing() as txn:
        recompute_day(store, txn, Rows(store), accounting_of(site), DAY.toordinal())
    assert all(by_hand == shown for by_hand, shown in costs())
    store.close()
