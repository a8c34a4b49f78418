"""Which tariff holds when: the manual's examples, its order rule, and what the wall clock does."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.core.clock import timegrid
from runtime.core.tariff.rules import RuleSpec, Share, Tariffs, divide, parse_minute, tariffs_by_fluid
from runtime.core.tariff.tariffs import Price, TariffSpec

PARIS = ZoneInfo("Europe/Paris")
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
TARIFFS = {number: TariffSpec(number, f"Tariff {number}", prices=(Price(number, 100_000),)) for number in (1, 2, 3)}

# typed from the manual, section 7.16.3.1, in the order that it calls correct
MARCH_2020 = RuleSpec(4, tariff=3, first="2020-03-01", last="2020-03-31")
CHRISTMAS = RuleSpec(3, tariff=2, first="2019-12-25", last="2019-12-25", repeat=True)
DAYTIME = RuleSpec(1, tariff=1, start="00:00", end="18:59", days=WORKDAYS)
EVENING = RuleSpec(2, tariff=2, start="19:00", end="23:59", days=WORKDAYS)
MANUAL = (MARCH_2020, CHRISTMAS, DAYTIME, EVENING)


def at(text, zone=PARIS):
    return int(datetime.datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


def tariff(rules, text, zone=PARIS):
    found = Tariffs(rules, TARIFFS, zone).tariff_of(at(text, zone))
    return found[0] if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-02-28 00:00", 1),  # a Friday
        ("2020-02-28 18:59", 1),
        ("2020-02-28 18:59:59", 1),
        ("2020-02-28 19:00", 2),
        ("2020-02-28 23:59:59", 2),
        ("2020-02-29 12:00", None),  # Saturday: no rule is true
        ("2020-03-01 00:00", 3),  # a Sunday
        ("2020-03-17 20:00", 3),
        ("2020-03-31 23:59", 3),
        ("2020-04-01 00:00", 1),
        ("2021-03-17 20:00", 2),  # March of another year
        ("2020-12-25 08:00", 2),  # a Friday
        ("2021-12-25 08:00", 2),  # a Saturday
        ("2031-12-25 00:00", 2),
        ("2020-12-24 18:59", 1),
    ],
)
def test_the_four_examples_of_the_manual(text, expected):
    assert tariff(MANUAL, text) == expected


def test_exceptions_at_the_end_of_the_list_come_too_late_on_workdays():
    wrong = (DAYTIME, EVENING, CHRISTMAS, MARCH_2020)
    assert tariff(wrong, "2020-12-25 08:00") == 1
    assert tariff(wrong, "2020-03-17 20:00") == 2
    assert tariff(wrong, "2020-03-01 12:00") == 3  # a Sunday, where the others are false


def test_a_true_rule_holds_to_the_end_of_its_period():
    noon, long = RuleSpec(1, 1, start="10:00", end="11:59"), RuleSpec(2, 2, start="08:00", end="17:59")
    assert [tariff((noon, long), f"2026-05-05 {hour}:00") for hour in ("07", "08", "10", "17", "18")] == [
        None, 2, 2, 2, None
    ]  # fmt: skip
    early = RuleSpec(3, 1, start="10:00", end="11:59"), RuleSpec(4, 2, start="11:00", end="17:59")
    assert [tariff(early, f"2026-05-05 {hour}:00") for hour in ("10", "11", "12")] == [1, 1, 2]


def test_a_frame_over_midnight_belongs_to_the_day_on_which_it_begins():
    night = (RuleSpec(1, 1, start="22:00", end="05:59", days=("fri",)),)
    assert tariff(night, "2026-11-20 22:00") == 1  # a Friday
    assert tariff(night, "2026-11-21 05:59:59") == 1
    assert [tariff(night, f"2026-11-{time}") for time in ("20 05:00", "21 06:00", "21 22:00")] == [None] * 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2026-12-24", 2), ("2027-01-01", 2), ("2027-01-06", 2), ("2027-01-07", 1), ("2026-12-19", 1)],
)
def test_a_period_that_repeats_every_year_may_run_over_its_end(text, expected):
    holidays = RuleSpec(1, 2, first="2020-12-20", last="2021-01-06", repeat=True)
    assert tariff((holidays, RuleSpec(2, 1)), f"{text} 12:00") == expected


def test_the_default_rule_is_always_true_until_its_last_day():
    rules = (*MANUAL, RuleSpec(9, tariff=1, last="2020-02-29", default=True))
    assert tariff(rules, "2020-02-29 12:00") == 1
    assert tariff(rules, "2020-02-29 23:59:59") == 1
    assert tariff(rules, "2020-04-04 12:00") is None


def test_the_price_that_holds_on_the_day_gives_the_version():
    dated = TariffSpec(1, "Peak", prices=(Price(5, 1, "2026-01-01"), Price(6, 2, "2026-07-01")), unpriced=4)
    rules = Tariffs((RuleSpec(1, 1),), {1: dated}, PARIS)
    days = ("2025-12-31 23:59:59", "2026-01-01 00:00", "2026-06-30 23:59:59", "2026-07-01 00:00")
    assert [rules.tariff_of(at(day)) for day in days] == [(1, 4), (1, 5), (1, 5), (1, 6)]


def test_an_undated_price_holds_from_ever():
    assert (
        TariffSpec(1, "t", prices=(Price(2, 1), Price(3, 1, "2026-01-01"))).version_on(datetime.date(1990, 1, 1)) == 2
    )


def test_a_slot_divides_at_the_minute():
    rules = Tariffs(MANUAL, TARIFFS, PARIS)
    start = at("2020-02-28 18:30")
    assert rules.split(start, start + 3600) == (Share(1, 1, 1800), Share(2, 2, 1800))
    assert rules.split(start, start + 600) == (Share(1, 1, 600),)
    friday_night = at("2020-02-28 23:50")
    assert rules.split(friday_night, friday_night + 1200) == (Share(2, 2, 600), Share(0, 0, 600))


@pytest.mark.parametrize("name", ["Europe/Paris", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns"])
@pytest.mark.parametrize("day", ["2026-03-29", "2026-04-05", "2026-10-04", "2026-03-08", "2026-11-01", "2026-10-25"])
def test_on_every_day_the_wall_clock_decides(name, day):
    zone = ZoneInfo(name)
    rules = Tariffs((RuleSpec(1, 1, start="01:30", end="02:14"),), TARIFFS, zone)
    number = datetime.date.fromisoformat(day).toordinal()
    start, end = timegrid.day_start(number, zone), timegrid.day_start(number + 1, zone)
    told = sum(60 for ts in range(start, end, 60) if "01:30" <= f"{timegrid.local(ts, zone):%H:%M}" <= "02:14")
    shares = [share for slot in timegrid.intervals(start, end, 900, zone) for share in rules.split(*slot)]
    assert sum(share.seconds for share in shares) == end - start
    assert sum(share.seconds for share in shares if share.tariff == 1) == told


def test_the_rule_in_force_is_told():
    rules = Tariffs(MANUAL, TARIFFS, PARIS)
    assert [rules.rule_of(at(f"2020-{day}")) for day in ("03-02 12:00", "12-25 09:00", "04-04 12:00")] == [4, 3, 0]


@given(
    st.integers(0, 10**12),
    st.lists(st.builds(Share, st.just(1), st.integers(0, 9), st.integers(1, 3600)), min_size=1, max_size=6),
)
def test_the_parts_of_a_slot_add_up_to_the_slot(energy_n, shares):
    parts = divide(energy_n, shares)
    assert sum(n for _, n in parts) == energy_n
    whole = sum(share.seconds for share in shares)
    assert all(abs(n * whole - energy_n * s.seconds) <= whole for (_, n), s in zip(parts, shares, strict=True))


def test_rules_of_a_tariff_that_is_gone_do_not_count():
    by_fluid = tariffs_by_fluid(TARIFFS.values(), (RuleSpec(1, 7), RuleSpec(2, 1)), PARIS)
    assert by_fluid["electricity"].tariff_of(at("2026-01-01 00:00")) == (1, 1)
    assert list(by_fluid) == ["electricity"]


@pytest.mark.parametrize("text", ["24:00", "12", "12:60", "1:5", "ab:cd", "-1:00", "", "٣٣:00"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError):
        parse_minute(text)
