"""One meter and its bills: in the store as the recorder keeps them, and in the oracle's account."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from actors.message.device import SampleClosed
from runtime.core.accounting.accounting import accounting_of
from runtime.core.energy.corrections import Correction
from runtime.core.site.installation import DeviceSpec, Installation
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec, number_prices
from runtime.errors import WattkeeperError
from runtime.store.energy.operations import Operations
from runtime.store.energy.recompute import recompute_day
from runtime.store.env import open_store
from runtime.store.history import History
from runtime.store.sample.rows import Rows
from tests.oracle.bill import Account, Bill, Entry
from tests.oracle.sitecalendar import Bin, SiteCalendar
from tests.oracle.tariffs import Tariffs
from tests.runtime.store.site import ENERGY, book

DEVICE = 7
DAY_S = 86_400
NOW_MS = 1  # 0 would say that a correction was not taken back


class Billed:
    """Everything is done twice: in the store, and in the account that says what must come of it."""

    def __init__(self, folder: Path, zone: str, day: str, days: int, interval_s: int, tariffs: Tariffs) -> None:
        start = int(datetime.datetime.fromisoformat(day).replace(tzinfo=datetime.UTC).timestamp())
        self.calendar = SiteCalendar(zone, start, start + days * DAY_S)
        self.account = Account(self.calendar, tariffs)
        self.zone, self.interval_s = ZoneInfo(zone), interval_s
        self.site = Installation(zone=zone, devices=(DeviceSpec(DEVICE, "Main", 1, 1, "m"),))
        self.store = open_store(folder)
        self._index_n = 5_000_000
        self._corrections: dict[int, Entry] = {}
        self.edit(tariffs)

    def edit(self, tariffs: Tariffs) -> None:
        """Prices and rules are other ones from now on; those that stay keep their versions."""
        self.site = with_tariffs(self.site, tariffs)
        self.account.set_tariffs(tariffs)

    def count(self, slots: list[tuple[int, int]], energies_n: list[int]) -> None:
        """The meter climbs by so much in each slot."""
        samples = []
        for (start_ts, end_ts), energy_n in zip(slots, energies_n, strict=True):
            before_n, self._index_n = self._index_n, self._index_n + energy_n
            readings = ((start_ts * 1000, before_n), (end_ts * 1000, self._index_n))
            counters, steady = {ENERGY: readings}, (end_ts * 1000,)  # those between climbed alike
            samples.append(SampleClosed(DEVICE, start_ts, end_ts, (), (), (), counters, steady=steady))
            self.account.book(start_ts, end_ts, energy_n)
        book(self.store, samples, self.zone, self.site)

    def correct(self, start_ts: int, end_ts: int, energy_n: int) -> bool:
        """Whether it was taken."""
        correction = Correction(0, DEVICE, ENERGY, start_ts, end_ts, energy_n, "Ada", "loose clamp", 0)
        try:
            kept = self._operate(lambda operations: operations.correct(correction))
        except WattkeeperError:
            return False
        self._corrections[kept.id] = self.account.correct(start_ts, end_ts, energy_n)
        return True

    def take_back(self, id: int) -> None:
        self._operate(lambda operations: operations.take_back(id, "Ada"))
        self.account.take_back(self._corrections.pop(id))

    @property
    def corrected(self) -> tuple[int, ...]:
        """Corrections that hold, by id."""
        return tuple(self._corrections)

    def _operate(self, work: Callable[[Operations], Any]) -> Any:
        with self.store.writing() as txn:
            return work(Operations(self.store, txn, Rows(self.store), self.site, accounting_of(self.site), NOW_MS))

    def recompute(self, day: Bin) -> None:
        ordinal = datetime.date.fromisoformat(str(day.label)).toordinal()
        with self.store.writing() as txn:
            recompute_day(self.store, txn, Rows(self.store), accounting_of(self.site), ordinal)
        self.account.recompute(day.start_ts, day.end_ts)

    def differences(self, basis: str) -> list[str]:
        """What charts show otherwise than it must be: by hours in days, by days in months, by months in years."""
        return chart_differences(History(self.store), self.site, DEVICE, self.calendar, self.account, basis)


def with_tariffs(site: Installation, tariffs: Tariffs) -> Installation:
    """Prices and rules are these; those that stay keep their versions."""
    specs, highest = [], site.used.get("price", 0)
    ids = {tariff.name: number for number, tariff in enumerate(tariffs.tariffs, 1)}
    for tariff in tariffs.tariffs:
        prices = tuple(Price(0, int(price.amount * 10**6), price.since) for price in tariff.prices)
        known = (*site.tariffs, *site.former_tariffs)
        before = next((spec for spec in known if spec.id == ids[tariff.name]), None)
        spec, highest = number_prices(before, TariffSpec(ids[tariff.name], tariff.name, prices=prices), highest)
        specs.append(spec)
    rules = tuple(
        RuleSpec(number, ids[rule.tariff], rule.first, rule.last, rule.repeat, rule.start, rule.end, rule.days)
        for number, rule in enumerate(tariffs.rules, 1)
    )
    former = {spec.id: spec for spec in (*site.former_tariffs, *site.tariffs)}
    gone = tuple(spec for id, spec in former.items() if id not in ids.values())
    used = {**site.used, "price": highest}
    return replace(site, tariffs=tuple(specs), rules=rules, former_tariffs=gone, used=used)


def chart_differences(
    history: History, site: Installation, device: int, calendar: SiteCalendar, account: Account, basis: str
) -> list[str]:
    """By hours in days, by days in months, by months in years."""
    lines = []
    for period, length in (("day", "hour"), ("month", "day"), ("year", "month")):
        labels = {str(bin.label) for bin in calendar.bins(period)}
        for label in sorted(labels):
            date = datetime.date.fromisoformat((label + "-01-01")[:10])
            chart = history.consumption(
                site, of=f"device:{device}", fluid="electricity", period=period, date=date, zone=ZoneInfo(site.zone),
                basis=basis,
            )  # fmt: skip
            for bar in chart.bins:
                bill = account.bill(bar.start_ts, bar.end_ts, basis=basis)
                where = f"{basis} {label} {length} {bar.start_ts}"
                lines += _differing(where, bill, bar.value_n, bar.cost_p, bar.unpriced_n)
            whole = account.bill(chart.bins[0].start_ts, chart.bins[-1].end_ts, basis=basis)
            lines += _differing(f"{basis} {label}", whole, chart.total_n, chart.cost_p, chart.unpriced_n)
    return lines


def _differing(where: str, bill: Bill, value_n: int | None, cost_p: int | None, unpriced_n: int) -> list[str]:
    cost = None if cost_p is None else Fraction(cost_p, 10**12)
    lines = []
    if abs((value_n or 0) - bill.energy_m) > bill.corrected:
        lines.append(f"{where}: {value_n} instead of {bill.energy_m}")
    if not bill.agrees(cost):
        lines.append(f"{where}: costs {cost} instead of {bill.cost} ± {bill.slack}")
    if abs(unpriced_n - bill.unpriced_m) > bill.pieces:
        lines.append(f"{where}: {unpriced_n} without a price instead of {bill.unpriced_m}")
    return lines
