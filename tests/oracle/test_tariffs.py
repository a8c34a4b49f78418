"""The cost rules of the manual's section 7.16.3.1, its four examples first."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

import pytest

from tests.oracle.tariffs import Price, Rule, Tariff, Tariffs

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
FIRST = Rule("Tariff 1", start="00:00", end="18:59", days=WORKDAYS)
SECOND = Rule("Tariff 2", start="19:00", end="23:59", days=WORKDAYS)
CHRISTMAS = Rule("Tariff 2", first="2019-12-25", last="2019-12-25", repeat=True)
MARCH = Rule("Tariff 3", first="2020-03-01", last="2020-03-31")
THREE = tuple(Tariff(name, (Price(Fraction(1)),)) for name in ("Tariff 1", "Tariff 2", "Tariff 3"))


def tariff_at(rules: tuple[Rule, ...], text: str) -> str | None:
    rule = Tariffs(THREE, rules).rule_at(datetime.fromisoformat(text))
    return rule.tariff if rule else None


@pytest.mark.parametrize(
    ("moment", "tariff"),
    [
        ("2020-02-03 00:00", "Tariff 1"),  # a Monday: example 1
        ("2020-02-03 18:59", "Tariff 1"),  # the end's minute is in
        ("2020-02-03 19:00", "Tariff 2"),  # example 2
        ("2020-02-03 23:59", "Tariff 2"),
        ("2020-02-08 12:00", None),  # Saturday: no rule of the manual's examples is true
        ("2020-12-25 03:00", "Tariff 2"),  # example 3, a Friday
        ("2021-12-25 12:00", "Tariff 2"),  # a Saturday of another year
        ("2020-12-26 12:00", None),
        ("2020-03-01 00:00", "Tariff 3"),  # example 4, a Sunday
        ("2020-03-31 23:59", "Tariff 3"),
        ("2020-04-01 00:00", "Tariff 1"),
        ("2021-03-01 12:00", "Tariff 1"),
        ("2020-02-29 23:59", None),
    ],
)
def test_the_four_examples_in_the_order_that_the_manual_calls_correct(moment: str, tariff: str | None) -> None:
    assert tariff_at((MARCH, CHRISTMAS, FIRST, SECOND), moment) == tariff


def test_exceptions_that_stand_last_never_come_to_their_turn_on_workdays() -> None:
    rules = (FIRST, SECOND, CHRISTMAS, MARCH)
    assert tariff_at(rules, "2020-03-02 12:00") == "Tariff 1"
    assert tariff_at(rules, "2020-03-01 12:00") == "Tariff 3"


def test_a_true_rule_holds_to_the_end_of_its_frame_though_a_higher_one_becomes_true() -> None:
    frame, whole_day = Rule("Tariff 1", start="06:00", end="21:59"), Rule("Tariff 2")
    assert tariff_at((frame, whole_day), "2026-05-04 12:00") == "Tariff 2"
    assert tariff_at((whole_day, frame), "2026-05-04 12:00") == "Tariff 2"
    night = Rule("Tariff 2", start="22:00", end="05:59")
    assert tariff_at((frame, night), "2026-05-04 12:00") == "Tariff 1"
    late = Rule("Tariff 3", start="10:00", end="15:59")
    assert tariff_at((late, frame), "2026-05-04 12:00") == "Tariff 1"  # it began at 6 and lasts
    early = Rule("Tariff 1", start="06:00", end="11:59")
    assert tariff_at((late, early), "2026-05-04 11:59") == "Tariff 1"
    assert tariff_at((late, early), "2026-05-04 12:00") == "Tariff 3"  # all are asked again


def test_a_frame_over_midnight_belongs_to_the_day_on_which_it_starts() -> None:
    friday = Rule("Tariff 1", start="22:00", end="05:59", days=("fri",))
    times = ["2026-05-08 21:59", "2026-05-08 22:00", "2026-05-09 05:59", "2026-05-09 06:00", "2026-05-08 03:00"]
    assert [tariff_at((friday,), at) for at in times] == [None, "Tariff 1", "Tariff 1", None, None]
    last_night = Rule("Tariff 1", last="2026-05-08", start="22:00", end="05:59")
    assert tariff_at((last_night,), "2026-05-09 03:00") == "Tariff 1"
    assert tariff_at((last_night,), "2026-05-09 23:00") is None


def test_all_are_asked_again_at_midnight() -> None:
    night, holiday = (
        Rule("Tariff 1", start="22:00", end="05:59"),
        Rule("Tariff 3", first="2026-05-09", last="2026-05-09"),
    )
    assert tariff_at((holiday, night), "2026-05-08 23:59") == "Tariff 1"
    assert tariff_at((holiday, night), "2026-05-09 00:00") == "Tariff 3"
    assert tariff_at((holiday, night), "2026-05-10 00:00") == "Tariff 1"


@pytest.mark.parametrize(
    ("day", "is_winter"),
    [("2024-11-15", True), ("2027-01-01", True), ("2026-02-28", True), ("2026-03-01", False), ("2026-11-14", False)],
)
def test_a_yearly_period_may_pass_the_end_of_the_year(day: str, is_winter: bool) -> None:
    winter = Rule("Tariff 1", first="2025-11-15", last="2026-02-28", repeat=True)
    assert tariff_at((winter,), f"{day} 12:00") == ("Tariff 1" if is_winter else None)


def test_the_newest_price_that_holds_is_taken_and_none_before_the_first() -> None:
    first, second, third = (
        Price(Fraction("0.1742"), "2026-01-01"),
        Price(Fraction("0.1861"), "2026-02-01"),
        Price(Fraction("0.2")),
    )
    tariff = Tariff("Peak", (second, first))
    days = ["2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01"]
    dates = [datetime.fromisoformat(day).date() for day in days]
    assert [tariff.price_on(day) for day in dates] == [None, first.amount, first.amount, second.amount]
    assert Tariff("Peak", (second, third)).price_on(dates[0]) == Fraction("0.2")
