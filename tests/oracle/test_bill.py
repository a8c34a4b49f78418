"""Bills by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

from tests.oracle.bill import Account
from tests.oracle.sitecalendar import SiteCalendar
from tests.oracle.tariffs import Price, Rule, Tariff, Tariffs

KWH = 1_000_000
CENT = Fraction(1, 100)


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def calendar(day: str = "2026-01-12", zone: str = "Europe/Paris") -> SiteCalendar:
    return SiteCalendar(zone, utc(day) - 2 * 86_400, utc(day) + 3 * 86_400)


def two(cheap: str, dear: str, change: str = "06:09") -> Tariffs:
    """Cheap from midnight to the end of the minute of ``change``, dear afterwards."""
    hour, minute = (int(part) for part in change.split(":"))
    after = f"{(hour * 60 + minute + 1) // 60:02}:{(minute + 1) % 60:02}"
    tariffs = Tariff("Cheap", (Price(Fraction(cheap)),)), Tariff("Dear", (Price(Fraction(dear)),))
    return Tariffs(tariffs, (Rule("Cheap", end=change), Rule("Dear", start=after)))


def test_a_slot_is_divided_by_time_where_the_tariff_changes() -> None:
    account = Account(calendar(), two("0.10", "0.30", "06:06"))
    account.book(utc("2026-01-12 05:00"), utc("2026-01-12 05:10"), 100)  # 06:00 to 06:10 by the wall clock
    bill = account.bill(utc("2026-01-12"), utc("2026-01-13"))
    assert bill.energies_m == {"Cheap": 70, "Dear": 30}
    assert bill.cost == (70 * Fraction("0.10") + 30 * Fraction("0.30")) / KWH
    assert bill.pieces == 2 and bill.agrees(bill.cost + Fraction(1, KWH) * Fraction("0.3"))
    assert not bill.agrees(bill.cost + Fraction(1, KWH))


def test_a_correction_lies_in_its_own_stretch_and_costs_the_same_when_recomputed() -> None:
    """6 kWh over 06:00-06:10, the tariff changes at 06:10, beside an hour of 6 kWh that was measured."""
    account = Account(calendar(), two("0.1883", "0.2366"))
    hour = utc("2026-01-12 05:00")
    for slot in range(6):
        account.book(hour + 600 * slot, hour + 600 * (slot + 1), KWH)
    measured = account.bill(hour, hour + 3600).cost
    account.correct(hour, hour + 600, 6 * KWH)
    costs = []
    for _ in range(2):
        costs.append(account.bill(hour, hour + 3600).cost - measured)
        account.recompute(hour - 3600, hour + 7200)
    assert costs[0] == costs[1] == 6 * Fraction("0.1883")
    assert round(float(costs[0]), 2) == 1.13


def test_a_correction_takes_no_more_than_its_stretch_holds() -> None:
    account = Account(calendar(), two("0.1", "0.2"))
    hour = utc("2026-01-12 05:00")
    for slot in range(6):
        account.book(hour + 600 * slot, hour + 600 * (slot + 1), 100)
    assert account.least_m(hour, hour + 600, -100) == 0
    assert account.least_m(hour, hour + 600, -101) == -1  # though the hour holds 600
    assert account.least_m(hour + 300, hour + 900, -100) == 0
    assert account.least_m(hour + 300, hour + 900, -102) < 0
    account.correct(hour, hour + 600, -60)
    assert account.least_m(hour, hour + 600, -60) == -20


def test_a_correction_that_is_taken_back_leaves_nothing() -> None:
    account = Account(calendar(), two("0.1", "0.2"))
    hour = utc("2026-01-12 05:00")
    account.book(hour, hour + 600, 100)
    correction = account.correct(hour, hour + 3600, 600)
    assert account.energy_m(hour, hour + 600) == 200
    account.take_back(correction)
    assert account.energy_m(hour, hour + 3600) == 100


def test_a_price_edited_later_changes_no_bill_until_it_is_recomputed() -> None:
    account = Account(calendar(), two("0.10", "0.10"))
    hour = utc("2026-01-12 05:00")
    account.book(hour, hour + 600, KWH)
    account.set_tariffs(two("0.50", "0.50"))
    account.book(hour + 600, hour + 1200, KWH)
    assert account.bill(hour, hour + 3600).cost == Fraction("0.60")
    account.recompute(hour, hour + 86_400)
    assert account.bill(hour, hour + 3600).cost == 1
    assert account.bill(hour, hour + 3600, basis="billed").cost == Fraction("0.60")


def test_what_no_rule_covers_costs_nothing_and_nothing_at_all_has_no_cost() -> None:
    account = Account(calendar(), two("0.10", "0.10"))
    hour = utc("2026-01-12 05:00")
    account.book(hour, hour + 600, KWH)
    account.set_tariffs(Tariffs())
    account.recompute(hour, hour + 86_400)
    bill = account.bill(hour, hour + 3600)
    assert bill.cost is None and bill.unpriced_m == KWH
    assert bill.agrees(None) and not bill.agrees(Fraction(0))
    assert account.bill(hour, hour + 3600, basis="billed").cost == Fraction("0.1")


def test_the_hour_that_comes_twice_is_paid_twice() -> None:
    night = Tariffs((Tariff("Night", (Price(CENT),)),), (Rule("Night", start="02:00", end="02:59"),))
    account = Account(calendar("2026-10-25"), night)
    for slot in range(25 * 6):
        start = utc("2026-10-24 22:00") + 600 * slot
        account.book(start, start + 600, KWH)
    bill = account.bill(utc("2026-10-24 22:00"), utc("2026-10-25 23:00"))
    assert bill.cost == 12 * CENT and bill.unpriced_m == (150 - 12) * KWH
    spring = Account(calendar("2026-03-29"), night)
    spring.book(utc("2026-03-28 23:00"), utc("2026-03-29 22:00"), 23 * KWH)
    assert spring.bill(utc("2026-03-28 23:00"), utc("2026-03-29 22:00")).cost is None


def test_the_day_the_price_changes_is_the_day_of_the_site() -> None:
    tariff = Tariff("All", (Price(Fraction(1)), Price(Fraction(2), "2026-01-12")))
    account = Account(calendar(zone="Asia/Kathmandu"), Tariffs((tariff,), (Rule("All"),)))
    midnight = utc("2026-01-11 18:15")
    account.book(midnight - 900, midnight + 900, 2 * KWH)
    assert account.bill(midnight - 900, midnight + 900).cost == 3
