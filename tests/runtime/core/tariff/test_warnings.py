from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec
from runtime.core.tariff.warnings import NEVER, OVER, Gap, gaps, warnings

PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2026, 11, 20)  # a Friday
TARIFFS = (
    TariffSpec(1, "Peak", prices=(Price(1, 1),), unpriced=2),
    TariffSpec(2, "Night", prices=(Price(3, 1),), unpriced=4),
)


def told(*rules: RuleSpec) -> dict[int, str]:
    return warnings(TARIFFS, rules, PARIS, TODAY)


def week(*rules: RuleSpec) -> list[Gap]:
    return gaps(TARIFFS, rules, PARIS, TODAY)


def test_a_rule_under_one_that_is_always_true_is_never_reached() -> None:
    assert told(RuleSpec(1, 1), RuleSpec(2, 2, start="22:00", end="05:59")) == {2: NEVER}


def test_a_time_frame_above_a_whole_day_never_comes_to_its_turn() -> None:
    assert told(RuleSpec(1, 1, start="06:00", end="21:59"), RuleSpec(2, 2)) == {1: NEVER}


def test_rules_that_share_the_day_or_wait_for_theirs_are_fine() -> None:
    christmas = RuleSpec(1, 2, first="2020-12-25", last="2020-12-25", repeat=True, days=("mon",))
    later = RuleSpec(2, 2, first="2031-01-01", last="2031-01-31")
    leap = RuleSpec(3, 2, first="2024-02-29", last="2024-02-29", repeat=True)
    shared = (RuleSpec(4, 1, start="00:00", end="18:59"), RuleSpec(5, 2, start="19:00", end="23:59"))
    assert told(christmas, later, leap, *shared) == {}


def test_a_rule_that_hides_behind_a_holiday_every_year_is_told() -> None:
    assert told(RuleSpec(1, 1), RuleSpec(2, 2, first="2020-12-25", last="2020-12-25", repeat=True)) == {2: NEVER}


def test_a_rule_whose_last_day_has_passed_is_over() -> None:
    assert told(RuleSpec(1, 1, last="2026-11-19"), RuleSpec(2, 2)) == {1: OVER}


def test_hours_of_the_week_without_a_tariff_are_told() -> None:
    weekdays = ("mon", "tue", "wed", "thu", "fri")
    found = week(
        RuleSpec(1, 1, start="06:00", end="23:59", days=weekdays),
        RuleSpec(2, 2, start="00:00", end="05:59", days=weekdays),
    )
    assert found == [Gap("sat", 0, 1440), Gap("sun", 0, 1440)]
    assert week(RuleSpec(1, 1, start="06:00", end="21:59"))[:2] == [Gap("mon", 0, 360), Gap("mon", 1320, 1440)]


def test_a_default_rule_leaves_no_gap_and_no_rule_needs_none() -> None:
    assert week(RuleSpec(1, 1, default=True)) == [] and week() == []
