"""Sums of bins equal last - first index to the counter's own step, in any zone, whatever happens to the meter."""

from __future__ import annotations

import datetime
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from actors.message.device import SampleClosed
from runtime.core.clock import timegrid
from runtime.core.energy.bins import Period, address
from runtime.core.energy.counterlimits import CounterFacts
from runtime.core.quantity.quality import Quality
from runtime.core.site.installation import Installation
from runtime.store.energy.counters import get_ledgers
from runtime.store.env import open_store
from runtime.store.history import History
from runtime.store.sample.rows import Rows
from tests.runtime.store.site import ENERGY, bins_as_stored, bins_from_rows, book

DEVICE = 4
NUMBER = 10
FIRST_N = 987_654_321
MODULUS_N = 2**32 * 1000


def energy_n(ts_ms: int) -> int:
    """Truth: 1.2 kW, and every other quarter of an hour 0.72 kW more, in steps of 0.001 Wh."""
    rounds, rest_ms = divmod(ts_ms, 1_800_000)
    return (333 * ts_ms + 200 * (900_000 * rounds + max(0, rest_ms - 900_000))) // 1000


BRACKET_S = 4
SWING = 200  # steps a second between the two powers
MOST_OFF_N = 2 * (1 + SWING * BRACKET_S)  # an edge is off by a step and the swing in its bracket; a bin has two


class Meter:
    """A meter read a little before and a little after each edge, as a gateway thins its polls."""

    def __init__(self, store, zone, start_ts, step_s=600):
        self.store, self.zone, self.ts, self.step_s = store, zone, start_ts, step_s
        self.first_ms = start_ts * 1000 + 1_300
        self.raw_of = lambda ts_ms: FIRST_N + energy_n(ts_ms) - energy_n(self.first_ms)
        self.plugged_in = True
        self.findings: list[str] = []

    def runs_until(self, end_ts):
        samples = []
        while self.ts < end_ts:
            edge = timegrid.next_boundary(self.ts, self.step_s, self.zone)
            samples.append(self._sample(self.ts, edge))
            self.ts = edge
        for at in range(0, len(samples), 50):
            cycle = book(self.store, samples[at : at + 50], self.zone)
            self.findings += [noted.finding.code for noted in cycle.findings]

    def _sample(self, start_ts, end_ts):
        times = [start_ts * 1000 - 2_700, start_ts * 1000 + 1_300, end_ts * 1000 - 2_700, end_ts * 1000 + 1_300]
        readings = tuple((ms, self.raw_of(ms)) for ms in times if ms >= self.first_ms) if self.plugged_in else ()
        facts = {ENERGY: CounterFacts(modulus_n=MODULUS_N)}
        return SampleClosed(DEVICE, start_ts, end_ts, (), (), (), {ENERGY: readings}, poll_ms=4_000, facts=facts)

    @property
    def ledger(self):
        with self.store.reading() as txn:
            return get_ledgers(self.store, txn, DEVICE)[NUMBER]


def day(text):
    return datetime.date.fromisoformat(text).toordinal()


def local(text, zone):
    return int(datetime.datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


def check_sums(store, zone):
    """Hours add up to days, days to months, months to years, and all to the ledger."""
    bins = bins_as_stored(store)
    assert bins == bins_from_rows(store, zone)
    sums = {period: sum(n for (kind, *_), n in bins.items() if kind == period) for period in Period}
    assert len(set(sums.values())) == 1
    by_day = {}
    for (kind, ordinal, *_), n in bins.items():
        if kind == Period.HOUR:
            by_day[address(ordinal, zone).day] = by_day.get(address(ordinal, zone).day, 0) + n
    assert by_day == {ordinal: n for (kind, ordinal, *_), n in bins.items() if kind == Period.DAY}
    return sums[Period.YEAR]


CHANGES = [
    ("Europe/Paris", "2026-03-29", 23),
    ("Europe/Paris", "2026-10-25", 25),
    ("Asia/Kolkata", "2026-03-29", 24),
    ("Australia/Lord_Howe", "2026-04-05", 25),
    ("Australia/Lord_Howe", "2026-10-04", 24),
    ("America/St_Johns", "2026-03-08", 23),
    ("America/St_Johns", "2026-11-01", 25),
]


@pytest.mark.parametrize(("name", "date", "hours"), CHANGES)
@pytest.mark.parametrize("step_s", [600, 3600])
def test_the_days_around_a_change_of_the_clock_are_exact(tmp_path, name, date, hours, step_s):
    zone, store = ZoneInfo(name), open_store(tmp_path)
    meter = Meter(store, zone, timegrid.day_start(day(date) - 1, zone), step_s)
    meter.runs_until(timegrid.day_start(day(date) + 2, zone))
    assert check_sums(store, zone) == meter.ledger.edge_total_n
    assert meter.ledger.total_n == energy_n(meter.ledger.ts_ms) - energy_n(meter.first_ms)
    date = datetime.date.fromisoformat(date)
    of = f"device:{DEVICE}"
    chart = History(store).consumption(Installation(), of=of, fluid="electricity", period="day", date=date, zone=zone)
    assert len(chart.bins) == hours
    for bin in chart.bins:
        truth_n = energy_n(bin.end_ts * 1000) - energy_n(bin.start_ts * 1000)
        assert abs(bin.value_n - truth_n) <= MOST_OFF_N
        assert bin.quality == Quality.GOOD
    store.close()


def test_a_gateway_unplugged_and_plugged_in_again_loses_nothing(tmp_path):
    zone, store = ZoneInfo("Europe/Paris"), open_store(tmp_path)
    meter = Meter(store, zone, local("2026-10-24 06:00", zone))
    meter.runs_until(local("2026-10-24 20:00", zone))
    meter.plugged_in = False
    meter.runs_until(local("2026-10-26 08:00", zone))
    meter.plugged_in = True
    meter.runs_until(local("2026-10-26 12:00", zone))
    assert meter.findings == ["counter_gap"]
    assert check_sums(store, zone) == meter.ledger.edge_total_n
    assert meter.ledger.total_n == energy_n(meter.ledger.ts_ms) - energy_n(meter.first_ms)
    with store.reading() as txn:
        rows = list(Rows(store).scan_device(txn, DEVICE, meter.first_ms // 1000, meter.ts))
    estimated = [row.start_ts for row in rows if Quality.ESTIMATED in row.quality]
    assert estimated[0] == local("2026-10-24 20:00", zone) and estimated[-1] < local("2026-10-26 08:00", zone)
    assert len(estimated) == 37 * 6 and len(rows) == (meter.ts - meter.first_ms // 1000) // 600
    store.close()


def test_a_roll_over_a_glitch_and_an_exchange_cost_no_energy_but_what_nobody_saw(tmp_path):
    zone, store = ZoneInfo("Europe/Paris"), open_store(tmp_path)
    meter = Meter(store, zone, local("2026-05-01 00:00", zone))
    counted = meter.raw_of
    meter.raw_of = lambda ms: (counted(ms) - FIRST_N + MODULUS_N - 40_000_000) % MODULUS_N
    meter.runs_until(local("2026-05-03 00:00", zone))
    assert meter.findings == ["counter_rolled_over"]
    rolled = meter.raw_of
    glitch_ms = local("2026-05-03 05:00", zone) * 1000 + 1_300
    meter.raw_of = lambda ms: 2**40 if ms == glitch_ms else rolled(ms)
    meter.runs_until(local("2026-05-04 00:00", zone))
    assert meter.findings[1:] == ["counter_glitch"]
    assert meter.ledger.total_n == energy_n(meter.ledger.ts_ms) - energy_n(meter.first_ms)

    unseen_ms = meter.ledger.ts_ms
    exchanged_ms = meter.ts * 1000 + 500
    meter.raw_of = lambda ms: (
        rolled(ms) if ms < exchanged_ms else 77_000_000_000 + energy_n(ms) - energy_n(exchanged_ms)
    )
    meter.runs_until(local("2026-05-05 00:00", zone))
    assert meter.findings[2:] == ["counter_exchanged"]
    lost_n = energy_n(unseen_ms + 600_000) - energy_n(unseen_ms)
    assert 0 <= energy_n(meter.ledger.ts_ms) - energy_n(meter.first_ms) - meter.ledger.total_n <= lost_n
    check_sums(store, zone)
    store.close()


def test_a_changed_sample_rate_leaves_what_is_recorded_and_stays_exact(tmp_path):
    zone, store = ZoneInfo("America/St_Johns"), open_store(tmp_path)
    meter = Meter(store, zone, local("2026-05-01 00:00", zone), 600)
    for hours, step_s in ((7, 600), (9, 60), (12, 1800), (20, 300), (26, 3600)):
        meter.step_s = step_s
        meter.runs_until(local("2026-05-01 00:00", zone) + hours * 3600)
    assert meter.findings == []
    assert check_sums(store, zone) == meter.ledger.edge_total_n
    store.close()


def test_polls_slower_than_the_edges_are_marked_as_estimated(tmp_path):
    zone, store = ZoneInfo("Europe/Paris"), open_store(tmp_path)
    meter = Meter(store, zone, local("2026-05-01 00:00", zone))
    slow = meter._sample
    meter._sample = lambda start_ts, end_ts: replace(slow(start_ts, end_ts), poll_ms=1_000)
    meter.runs_until(local("2026-05-01 02:00", zone))
    with store.reading() as txn:
        rows = list(Rows(store).scan_device(txn, DEVICE, 0, 1 << 40))
    assert all(Quality.ESTIMATED in row.quality for row in rows)
    store.close()
