"""History answers what pages ask, from the bins."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest

from runtime.core.energy.bins import address
from runtime.core.quantity.quality import Quality
from runtime.core.site.installation import DeviceSpec, Installation
from runtime.store.energy.bins import Tally
from runtime.store.history import History, chosen
from runtime.store.object.events import add_event
from tests.runtime.store.site import ENERGY, PARIS, STEP_S, T0, book, sample

SITE = Installation(
    devices=(
        DeviceSpec(1, "Main", 1, 1, "m", load=1, groups=(1, 2)),
        DeviceSpec(2, "Oven", 1, 2, "m", load=2, groups=(2,)),
        DeviceSpec(3, "Spare", 1, 3, "m"),
        DeviceSpec(130, "Sub", 1, 4, "m", excluded=True, load=1, groups=(1,)),
    )
)


def put(store, text, device, energy_n, quality=0, zone=PARIS, quantity=10):
    ts = int(datetime.datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())
    with store.writing() as txn:
        tally = Tally(store, txn)
        tally.add(address(ts, zone), quantity, device, energy_n, quality)
        tally.flush()


def ask(store, of="total", fluid="electricity", period="day", date="2026-10-25", zone=PARIS):
    day = datetime.date.fromisoformat(date)
    return History(store).consumption(SITE, of=of, fluid=fluid, period=period, date=day, zone=zone)


@pytest.mark.parametrize(
    ("of", "devices"),
    [
        ("total", [1, 2, 3]),
        ("others", [3]),
        ("load:1", [1]),
        ("group:2", [1, 2]),
        ("device:130", [130]),
        ("group:7", []),
        ("device:77", [77]),
    ],
)
def test_excluded_devices_count_by_themselves_only(of, devices):
    assert chosen(SITE, of) == devices


@pytest.mark.parametrize("of", ["", "all", "load", "load:x", "total:1", "device:", "device:-1"])
def test_what_cannot_be_summed_up_is_refused(of):
    with pytest.raises(ValueError):
        chosen(SITE, of)


def test_a_day_of_25_hours_has_25_bins(store):
    put(store, "2026-10-25 05:10", 1, 700)
    day = ask(store)
    assert len(day.bins) == 25
    assert [bin.value_n for bin in day.bins if bin.value_n is not None] == [700]
    assert day.bins[6].value_n == 700 and day.total_n == 700
    assert day.bins[0].end_ts == day.bins[1].start_ts


@pytest.mark.parametrize(("period", "count", "at"), [("month", 31, 24), ("year", 12, 9), ("decade", 10, 9)])
def test_longer_charts_cover_their_whole_period(store, period, count, at):
    put(store, "2026-10-25 05:10", 1, 700)
    put(store, "2026-10-25 09:10", 130, 5)
    put(store, "2026-10-25 09:10", 2, 50, Quality.ESTIMATED)
    chart = ask(store, period=period)
    assert len(chart.bins) == count
    assert (chart.bins[at].value_n, chart.bins[at].quality) == (750, Quality.ESTIMATED)
    assert chart.total_n == 750 and sum(bin.value_n is None for bin in chart.bins) == count - 1


@pytest.mark.parametrize(
    ("period", "earlier"),
    [("day", "2026-10-24"), ("month", "2026-09-03"), ("year", "2025-05-05"), ("decade", "2016-12-31")],
)
def test_the_period_before_is_the_calendars(store, period, earlier):
    put(store, f"{earlier} 00:30", 1, 33)
    chart = ask(store, period=period)
    assert (chart.total_n, chart.previous.total_n) == (None, 33)
    assert chart.previous.end_ts == chart.bins[0].start_ts


def test_fluids_do_not_mix(store):
    put(store, "2026-10-25 05:10", 1, 700)
    put(store, "2026-10-25 05:10", 1, 8, quantity=150)
    assert (ask(store).total_n, ask(store, fluid="water").total_n, ask(store, fluid="gas").total_n) == (700, 8, None)


def test_days_are_local_in_kolkata(store):
    kolkata = ZoneInfo("Asia/Kolkata")
    put(store, "2026-10-25 00:10", 1, 700, zone=kolkata)
    assert ask(store, zone=kolkata).bins[0].value_n == 700


@pytest.mark.parametrize("date", ["1950-01-01", "2300-06-01", "8999-01-01"])
def test_dates_far_away_are_simply_unknown(store, date):
    for period in ("day", "month", "year", "decade"):
        assert ask(store, period=period, date=date).total_n is None


def test_unknown_fluids_periods_and_dates_are_refused(store):
    for wrong in ({"fluid": "beer"}, {"period": "week"}, {"date": "0012-01-01"}, {"date": "9999-12-31"}):
        with pytest.raises(ValueError):
            ask(store, **wrong)


def test_samples_of_a_quantity_come_by_time_with_all_statistics(store):
    book(store, [sample(device, T0 + i * STEP_S) for i in range(3) for device in (2, 3)])
    power = History(store).samples(3, "active_power_w", T0, T0 + 2 * STEP_S)
    assert [(one.start_ts, one.values_n) for one in power] == [
        (T0, {"mean": 30, "max": 60}),
        (T0 + STEP_S, {"mean": 30, "max": 60}),
    ]
    energy = History(store).samples(3, ENERGY, T0 + STEP_S, T0 + 2 * STEP_S)
    assert energy[0].values_n["energy"] == 21 * STEP_S
    assert History(store).samples(3, "water_dm3", T0, T0 + 2 * STEP_S) == ()


def test_events_are_asked_of_history_too(store):
    with store.writing() as txn:
        add_event(store, txn, 5, "device.3", "communication_error")
    assert [event.code for event in History(store).events(subject="device.3")] == ["communication_error"]
