"""A simulated year: whatever happens to clocks, meters, prices and power, bins are exact and bills are to the penny.

In short nine days around a change of the clock in each zone, with all that happens; in full the whole year.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from actors.message.device import SampleClosed
from runtime.core.accounting.accounting import accounting_of
from runtime.core.accounting.assignments import date_changes
from runtime.core.clock import timegrid
from runtime.core.energy.counterlimits import CounterFacts
from runtime.core.quantity.quality import Quality
from runtime.core.site.installation import DeviceSpec, Installation, LoadSpec
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec, number_prices
from runtime.store.energy.accounts import total_n
from runtime.store.energy.counters import get_ledgers
from runtime.store.energy.operations import Operations
from runtime.store.energy.recompute import recompute_day
from runtime.store.env import open_store
from runtime.store.history import History
from runtime.store.sample.rows import Rows
from runtime.store.upkeep.sums import check_ledgers, check_lengths, check_rows
from tests.runtime.store.site import ENERGY, book
from tests.soak import FULL

STEP_S, BATCH = 600, 72
HOUR_S, DAY_S = 3600, 86_400
OVEN, PUMP, NUMBER = 4, 130, 10
MODULUS_N = 2**32 * 1000
FACTS = {ENERGY: CounterFacts(modulus_n=MODULUS_N)}  # as the map of the meter says
MOST_OFF_N = 2 * (1 + 200 * 4)  # an edge is off by a step and the swing of the power in its bracket of 4 s

# zone, the day around which it all happens: a change of the clock where there is one
ANCHORS = {
    "Europe/Paris": "2026-03-29",
    "Asia/Kolkata": "2026-03-29",
    "Australia/Lord_Howe": "2026-04-05",
    "America/St_Johns": "2026-11-01",
}
DEAR, DEARER, NIGHT, NIGHT_EDITED = (Decimal(price) for price in ("0.1873", "0.2011", "0.12", "0.125"))


def oven_n(ts_ms):
    """Truth: 1.2 kW, and every other quarter of an hour 0.72 kW more, in steps of 0.001 Wh."""
    rounds, rest_ms = divmod(ts_ms, 1_800_000)
    return (333 * ts_ms + 200 * (900_000 * rounds + max(0, rest_ms - 900_000))) // 1000


def pump_n(ts_ms):
    return 97 * ts_ms // 1000


@dataclass(frozen=True)
class Plan:
    """When what happens, in UTC s."""

    zone: ZoneInfo
    day: datetime.date

    def at(self, days, hour=0, minute=0, second=0):
        moment = datetime.datetime.combine(self.day + datetime.timedelta(days), datetime.time(hour, minute, second))
        return int(moment.replace(tzinfo=self.zone).timestamp())

    @property
    def start_ts(self):
        return self.at(-5) if not FULL else int(datetime.datetime(2026, 1, 1, tzinfo=self.zone).timestamp())

    @property
    def end_ts(self):
        return self.at(4) if not FULL else int(datetime.datetime(2027, 1, 1, tzinfo=self.zone).timestamp())

    def site(self):
        exception = (self.day + datetime.timedelta(3)).isoformat()
        dearer_from = (self.day + datetime.timedelta(1)).isoformat()
        return Installation(
            zone=self.zone.key,
            devices=(
                DeviceSpec(OVEN, "Oven", 1, 1, "m", load=1, groups=(1,)),
                DeviceSpec(PUMP, "Pump", 1, 2, "m", load=2),
            ),
            loads=(LoadSpec(1, "Heating"), LoadSpec(2, "Water")),
            tariffs=(
                TariffSpec(1, "Peak", prices=(Price(1, 187_300), Price(2, 201_100, dearer_from)), unpriced=3),
                TariffSpec(2, "Night", prices=(Price(4, 120_000),), unpriced=5),
            ),
            rules=(
                RuleSpec(1, 2, first=exception, last=exception, repeat=True),
                RuleSpec(2, 1, start="06:07", end="21:59", days=("mon", "tue", "wed", "thu", "fri")),
                RuleSpec(3, 2, start="22:00", end="06:06"),
            ),
            used={"price": 5},
        )  # fmt: skip

    def billed(self, ts):
        return self.price(ts, NIGHT_EDITED if ts >= self.price_edited_ts else NIGHT)

    def recomputed(self, ts):
        return self.price(ts, NIGHT_EDITED)

    def price(self, ts, night):
        """The price of a kWh at a moment, by hand; None = no rule says one."""
        clock = datetime.datetime.fromtimestamp(ts, self.zone)
        if (clock.month, clock.day) == (
            (self.day + datetime.timedelta(3)).month,
            (self.day + datetime.timedelta(3)).day,
        ):
            return night
        if not "06:07" <= f"{clock:%H:%M}" <= "21:59":
            return night
        if clock.weekday() >= 5:
            return None
        return DEARER if clock.date() >= self.day + datetime.timedelta(1) else DEAR

    @property
    def rolls_over_ts(self):
        return self.at(-4, 12, 34, 56)

    @property
    def gap(self):
        return self.at(-3, 6, 30), self.at(-1, 6, 30)

    @property
    def exchanged_ms(self):
        return self.at(1, 10, 23) * 1000 + 500

    @property
    def reassigned_ts(self):
        return self.at(1, 15, 40)

    @property
    def power_cut(self):
        return self.at(2, 11, 17), self.at(2, 11, 41)

    @property
    def price_edited_ts(self):
        return self.at(2, 18)


class Run:
    """The site at work: samples as gateways close them, batches as the recorder commits them."""

    def __init__(self, path, plan):
        self.path, self.plan, self.site = path, plan, plan.site()
        self.store = open_store(path)
        self.first_ms = plan.start_ts * 1000 + 1_300
        self.samples, self.findings = [], []

    def oven_raw(self, ts_ms):
        if ts_ms > self.plan.exchanged_ms:
            return 12_345_678 + oven_n(ts_ms) - oven_n(self.plan.exchanged_ms)
        return (oven_n(ts_ms) - oven_n(self.plan.rolls_over_ts * 1000)) % MODULUS_N

    def pump_raw(self, ts_ms):
        return 5_000_000_000 + pump_n(ts_ms) - pump_n(self.first_ms)

    def readings(self, raw_of, start_ts, end_ts, unheard):
        times = [start_ts * 1000 - 2_700, start_ts * 1000 + 1_300, end_ts * 1000 - 2_700, end_ts * 1000 + 1_300]
        heard = [ms for ms in times if ms >= self.first_ms and not any(a <= ms // 1000 < b for a, b in unheard)]
        return tuple((ms, raw_of(ms)) for ms in heard)

    def lives(self):
        plan, ts = self.plan, self.plan.start_ts
        due = sorted([(plan.exchanged_ms // 1000, self.exchange), (plan.reassigned_ts, self.reassign),
                      (plan.power_cut[0], self.cut_power), (plan.price_edited_ts, self.edit_price)],
                     key=lambda step: step[0])  # fmt: skip
        while ts < plan.end_ts:
            while due and due[0][0] <= ts:
                due.pop(0)[1]()
            edge = timegrid.next_boundary(ts, STEP_S, plan.zone)
            if due and due[0][0] < edge and due[0][1] == self.exchange:
                self.commit()
                due.pop(0)[1]()
            self.measure(ts, edge)
            ts = edge
        self.commit()

    def measure(self, start_ts, end_ts):
        for device, raw_of, unheard in ((OVEN, self.oven_raw, (self.plan.gap, self.plan.power_cut)),
                                        (PUMP, self.pump_raw, (self.plan.power_cut,))):  # fmt: skip
            counters = {ENERGY: self.readings(raw_of, start_ts, end_ts, unheard)}
            sample = SampleClosed(device, start_ts, end_ts, (), (), (), counters, poll_ms=4_000, facts=FACTS)
            self.samples.append(sample)
        if len(self.samples) >= BATCH:
            self.commit()

    def commit(self):
        cycle = book(self.store, self.samples, self.plan.zone, self.site)
        self.findings += [(noted.device, noted.finding.code) for noted in cycle.findings]
        self.samples = []

    def exchange(self):
        ms = self.plan.exchanged_ms
        closing_n = self.oven_raw(ms)
        with self.store.writing() as txn:
            does = Operations(self.store, txn, Rows(self.store), self.site, accounting_of(self.site), ms)
            assert does.replace_meter(OVEN, ENERGY, ms, closing_n, 12_345_678, "Ada") == 0

    def reassign(self):
        oven = replace(self.site.devices[0], load=2, groups=())
        self.commit()
        self.site = date_changes(
            self.site, replace(self.site, devices=(oven, *self.site.devices[1:])), self.plan.reassigned_ts
        )

    def cut_power(self):
        """What was not committed is gone, nothing is flushed, nobody says goodbye."""
        assert self.samples
        self.samples = []
        self.store.close()
        self.store = open_store(self.path)

    def edit_price(self):
        self.commit()
        night = self.site.tariffs[1]
        edited, highest = number_prices(night, replace(night, prices=(Price(0, 125_000),)), self.site.used["price"])
        self.site = replace(self.site, tariffs=(self.site.tariffs[0], edited), used={"price": highest})

    def recompute(self):
        zone, books = self.plan.zone, accounting_of(self.site)
        for day in range(timegrid.day_of(self.plan.start_ts, zone), timegrid.day_of(self.plan.end_ts, zone)):
            with self.store.writing() as txn:
                recompute_day(self.store, txn, Rows(self.store), books, day)


class Bills:
    """All bills by hand: day and owner -> (energy, money), from what each slot holds."""

    def __init__(self, run, price):
        self.by_day = defaultdict(lambda: [0, Decimal(0), 0])
        self.price = price
        moved_ts = timegrid.next_hour(run.plan.reassigned_ts, run.plan.zone)
        with run.store.reading() as txn:
            for row in Rows(run.store).scan(txn, 0, 1 << 40):
                energy_n = row.values_n[row.columns.index((ENERGY, "energy"))]
                load = 2 if row.device == PUMP or row.start_ts >= moved_ts else 1
                day = datetime.datetime.fromtimestamp(row.start_ts, run.plan.zone).date()
                for owner in (f"device:{row.device}", f"load:{load}", "total", *(["group:1"] if load == 1 else [])):
                    self.add(self.by_day[day, owner], row, energy_n or 0)

    def add(self, line, row, energy_n):
        line[0] += energy_n
        minutes = row.interval_s // 60
        prices = [self.price(row.start_ts + 60 * minute) for minute in (0, minutes - 1)]
        if prices[0] != prices[1]:
            change = next(m for m in range(minutes) if self.price(row.start_ts + 60 * m) != prices[0])
            first_n = energy_n * change // minutes
        else:
            first_n = energy_n
        for part_n, price in zip((first_n, energy_n - first_n), prices, strict=True):
            if price is None:
                line[2] += part_n
            else:
                line[1] += Decimal(part_n) / 10**6 * price

    def of(self, owner, days):
        lines = [self.by_day[day, owner] for day in days if (day, owner) in self.by_day]
        return sum(n for n, _, _ in lines), sum((money for _, money, _ in lines), Decimal(0)), sum(n for *_, n in lines)


def check_bills(run, bills, basis):
    history, zone = History(run.store), run.plan.zone
    days = sorted({day for day, _ in bills.by_day})

    def shown(owner, period, date):
        chart = history.consumption(
            run.site, of=owner, fluid="electricity", period=period, date=date, zone=zone, basis=basis
        )
        return chart.total_n or 0, Decimal(chart.cost_p or 0).scaleb(-12), chart.unpriced_n

    for owner in ("total", "load:1", "load:2", "group:1", f"device:{OVEN}", f"device:{PUMP}"):
        for day in days:
            assert shown(owner, "day", day) == bills.of(owner, [day]), (owner, day)
        for year, month in sorted({(day.year, day.month) for day in days}):
            inside = [day for day in days if (day.year, day.month) == (year, month)]
            assert shown(owner, "month", inside[0]) == bills.of(owner, inside), (owner, month)
        for year in sorted({day.year for day in days}):
            inside = [day for day in days if day.year == year]
            assert shown(owner, "year", inside[0]) == bills.of(owner, inside), (owner, year)
    by_load = history.by_load(run.site, fluid="electricity", period="year", date=days[-1], zone=zone, basis=basis)
    for part in by_load.parts[:2]:
        inside = [day for day in days if day.year == days[-1].year]
        assert (part.total_n, Decimal(part.cost_p).scaleb(-12)) == bills.of(f"load:{part.load}", inside)[:2]


def check_bins(run):
    history, zone = History(run.store), run.plan.zone
    first, last = (datetime.datetime.fromtimestamp(ts, zone).date() for ts in (run.plan.start_ts, run.plan.end_ts - 1))
    doubtful_s = 0
    for number in range(first.toordinal(), last.toordinal() + 1):
        date = datetime.date.fromordinal(number)
        asked = {"of": f"device:{OVEN}", "fluid": "electricity", "period": "day", "date": date, "zone": zone}
        for bar in history.consumption(run.site, **asked).bins:
            truth_n = oven_n(bar.end_ts * 1000) - oven_n(bar.start_ts * 1000)
            if bar.quality == Quality.GOOD:
                assert abs(bar.value_n - truth_n) <= MOST_OFF_N, bar
            else:
                doubtful_s += bar.end_ts - bar.start_ts
    assert 48 * HOUR_S <= doubtful_s <= 53 * HOUR_S


def check_sums(run):
    with run.store.reading() as txn:
        for check in (check_lengths, check_ledgers, check_rows):
            tally = check(run.store, txn, run.plan.zone)
            assert tally.compared and tally.mismatches == []
        for device, truth_n in ((OVEN, oven_n), (PUMP, pump_n)):
            state = get_ledgers(run.store, txn, device)[NUMBER]
            assert state.total_n == truth_n(state.ts_ms) - truth_n(run.first_ms)
        totals = [total_n(run.store, txn, NUMBER, *of) for of in (("all",), ("load", 1), ("load", 2), ("group", 1))]
        booked_n = sum(get_ledgers(run.store, txn, device)[NUMBER].edge_total_n for device in (OVEN, PUMP))
    assert totals[0] == totals[1] + totals[2] == booked_n and totals[3] == totals[1]


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", ANCHORS)
def test_a_year_in_which_everything_happens_is_exact_and_billed_to_the_penny(tmp_path, name):
    run = Run(tmp_path / "store", Plan(ZoneInfo(name), datetime.date.fromisoformat(ANCHORS[name])))
    run.lives()
    codes = sorted(set(run.findings))
    assert codes == [(OVEN, "counter_gap"), (OVEN, "counter_rolled_over"), (PUMP, "counter_gap")]
    assert [event.code for event in History(run.store).events(code="meter_replaced")] == ["meter_replaced"]
    check_sums(run)
    check_bins(run)
    billed = Bills(run, run.plan.billed)
    check_bills(run, billed, "recomputed")
    run.recompute()
    check_bills(run, billed, "billed")
    check_bills(run, Bills(run, run.plan.recomputed), "recomputed")
    check_sums(run)
    run.store.close()
