"""Charts with money, and charts of devices whose assignment changed."""

from __future__ import annotations

import datetime
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from runtime.core.accounting.assignments import date_changes
from runtime.core.energy.bins import address
from runtime.core.quantity.quality import Quality
from runtime.core.site.installation import DeviceSpec, Installation, LoadSpec
from runtime.core.tariff.cost import TariffPart
from runtime.core.tariff.tariffs import Price, TariffSpec
from runtime.store.energy.accounts import BOOKED, CORRECTED, MOVED
from runtime.store.energy.bins import Tally
from runtime.store.history import PERIODS, History
from tests.runtime.store.site import PARIS

PEAK, NIGHT, DEARER = 1, 2, 5
SITE = Installation(
    devices=(
        DeviceSpec(1, "Oven", 1, 1, "m", load=1, groups=(1,)),
        DeviceSpec(2, "Pump", 1, 2, "m", load=2),
        DeviceSpec(130, "Rest", 1, 3, "m"),
        DeviceSpec(131, "Main", 1, 4, "m", excluded=True, load=1),
    ),
    loads=(LoadSpec(1, "Heating"), LoadSpec(2, "Water"), LoadSpec(3, "Idle")),
    tariffs=(
        TariffSpec(1, "Peak", prices=(Price(DEARER, 250_000),), former=(Price(PEAK, 200_000),), unpriced=3),
        TariffSpec(2, "Night", prices=(Price(NIGHT, 100_000),), unpriced=4),
    ),
)
DATE = datetime.date(2026, 10, 20)


def ts_of(text, zone=PARIS):
    return int(datetime.datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


def put(store, text, device, energy_n, *versions, lane=10, quality=0, zone=PARIS):
    """Energy in one slot, and under which versions it lies."""
    with store.writing() as txn:
        tally = Tally(store, txn)
        at = address(ts_of(text, zone), zone)
        tally.add(at, lane, device, energy_n, quality)
        for version, part_n in versions:
            tally.add(at, version, device, part_n, 0)
        tally.flush()


def ask(store, of="total", period="day", date=DATE, site=SITE, zone=PARIS, **more):
    return History(store).consumption(site, of=of, fluid="electricity", period=period, date=date, zone=zone, **more)


def divided(store, period="day", date=DATE, site=SITE):
    chart = History(store).by_load(site, fluid="electricity", period=period, date=date, zone=PARIS)
    return {part.load: part for part in chart.parts}


@pytest.mark.parametrize("period", PERIODS)
def test_a_bar_tells_its_tariffs_and_cost(store, period):
    put(store, "2026-10-20 06:00", 1, 3000, (BOOKED | PEAK, 1000), (BOOKED | NIGHT, 2000))
    put(store, "2026-10-20 06:10", 130, 500, (BOOKED | DEARER, 400))
    chart = ask(store, period=period)
    (bar,) = [bar for bar in chart.bins if bar.value_n is not None]
    assert bar.by_tariff == (TariffPart(1, 1400, 1000 * 200_000 + 400 * 250_000), TariffPart(2, 2000, 200_000_000))
    assert (bar.cost_p, bar.unpriced_n) == (500_000_000, 100)
    assert (chart.total_n, chart.cost_p, chart.unpriced_n, chart.by_tariff) == (3500, 500_000_000, 100, bar.by_tariff)


def test_the_period_before_has_its_cost(store):
    put(store, "2026-10-19 06:00", 1, 3000, (BOOKED | NIGHT, 3000))
    assert (ask(store).previous.total_n, ask(store).previous.cost_p, ask(store).cost_p) == (3000, 300_000_000, None)


def test_a_recomputation_moves_energy_and_the_bill_as_it_was_can_still_be_seen(store):
    put(store, "2026-10-20 06:00", 1, 3000, (BOOKED | PEAK, 3000), (MOVED | PEAK, -3000), (MOVED | DEARER, 3000))
    assert ask(store).cost_p == 750_000_000
    assert ask(store, basis="billed").cost_p == 600_000_000
    assert ask(store, basis="billed").total_n == ask(store).total_n


def test_corrections_count_and_are_told(store):
    put(store, "2026-10-20 06:00", 1, 3000)
    put(store, "2026-10-20 06:00", 1, -400, lane=CORRECTED | 10, quality=Quality.SUBSTITUTED)
    bar = ask(store, "load:1").bins[6]
    assert (bar.value_n, bar.quality) == (2600, Quality.SUBSTITUTED)
    assert divided(store)[1].values_n[6] == 2600


def test_loads_are_divided_in_one_pass_and_add_up(store):
    put(store, "2026-10-20 06:00", 1, 3000, (BOOKED | NIGHT, 3000))
    put(store, "2026-10-20 06:00", 2, 50, quality=Quality.ESTIMATED)
    put(store, "2026-10-20 09:00", 130, 7)
    put(store, "2026-10-20 09:00", 131, 999)
    parts = divided(store)
    assert list(parts) == [1, 2, 3, 0]
    assert [part.total_n for part in parts.values()] == [3000, 50, None, 7]
    assert (parts[1].cost_p, parts[1].unpriced_n, parts[2].unpriced_n) == (300_000_000, 0, 50)
    assert parts[2].values_n[6] == 50 and parts[2].quality[6] == Quality.ESTIMATED
    assert parts[0].values_n[9] == 7


@pytest.mark.parametrize("zone", ["Europe/Paris", "Asia/Kolkata", "America/St_Johns"])
@pytest.mark.parametrize("period", PERIODS)
def test_each_load_gets_the_time_that_a_device_belonged_to_it(store, period, zone):
    zone = ZoneInfo(zone)
    here = replace(SITE, zone=zone.key)
    moved = replace(here, devices=(replace(SITE.devices[0], load=2, groups=(2,)), *SITE.devices[1:]))
    site = date_changes(here, moved, ts_of("2026-10-20 09:30", zone))
    for text, energy_n in (("2026-03-01 12:00", 1), ("2026-10-19 12:00", 10), ("2026-10-20 09:50", 100),
                           ("2026-10-20 10:00", 1000), ("2026-12-31 12:00", 10_000)):  # fmt: skip
        put(store, text, 1, energy_n, (BOOKED | NIGHT, energy_n), zone=zone)
    before, after = {"day": (100, 1000), "month": (110, 1000)}.get(period, (111, 11_000))
    asked = {"period": period, "site": site, "zone": zone}
    assert [ask(store, of, **asked).total_n for of in ("load:1", "load:2")] == [before, after]
    assert [ask(store, of, **asked).total_n for of in ("group:1", "group:2")] == [before, after]
    assert [ask(store, of, **asked).cost_p for of in ("load:1", "load:2")] == [before * 100_000, after * 100_000]
    assert ask(store, "device:1", **asked).total_n == ask(store, **asked).total_n == before + after
    chart = History(store).by_load(site, fluid="electricity", period=period, date=DATE, zone=zone)
    assert [(part.total_n, part.cost_p) for part in chart.parts[:2]] == [
        (before, before * 100_000), (after, after * 100_000)
    ]  # fmt: skip


def test_a_deleted_device_and_a_deleted_load_keep_their_past(store):
    put(store, "2026-10-20 06:00", 1, 3000)
    emptied = replace(SITE, devices=SITE.devices[1:], loads=SITE.loads[1:])
    site = date_changes(SITE, emptied, ts_of("2026-10-21 00:00"))
    assert ask(store, site=site).total_n == 3000 == ask(store, "device:1", site=site).total_n
    assert divided(store, site=site)[1].total_n == 3000
    assert ask(store, site=site, date=datetime.date(2026, 10, 22)).total_n is None


def test_an_answer_is_fresh_after_each_commit(store):
    history = History(store)
    asked = {"fluid": "electricity", "period": "day", "date": DATE, "zone": PARIS}
    for round in range(1, 4):
        put(store, "2026-10-20 06:00", 1, 3000, (BOOKED | NIGHT, 3000))
        chart = history.consumption(SITE, of="load:1", **asked)
        assert (chart.total_n, chart.cost_p) == (3000 * round, 300_000_000 * round)
        assert history.by_load(SITE, **asked).parts[0].total_n == 3000 * round
