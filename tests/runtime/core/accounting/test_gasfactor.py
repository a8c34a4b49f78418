from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from runtime.core.accounting.gasfactor import GasFactors, date_factor, factor_on, factors_of
from runtime.core.clock import timegrid
from runtime.core.site.installation import Installation

PARIS, TODAY = ZoneInfo("Europe/Paris"), date(2026, 11, 20)
SITE = Installation(gas_wh_per_m3=11_200)
DATED = replace(SITE, gas_wh_per_m3=0, gas_factors={"": 11_200, "2026-11-20": 11_350})


def test_a_factor_that_is_edited_holds_from_today_on() -> None:
    assert date_factor(SITE, replace(SITE, gas_wh_per_m3=11_350), TODAY) == DATED
    again = date_factor(DATED, replace(DATED, gas_wh_per_m3=11_400), TODAY)
    assert again.gas_factors == {"": 11_200, "2026-11-20": 11_400}
    back = date_factor(DATED, replace(DATED, gas_wh_per_m3=11_200), date(2026, 12, 1))
    assert back.gas_factors == {"": 11_200, "2026-11-20": 11_350, "2026-12-01": 11_200}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Installation(), SITE),  # the first one holds from ever
        (SITE, SITE),
        (SITE, Installation()),  # nobody knows it any more
        (SITE, DATED),
        (DATED, Installation()),
    ],
)
def test_all_else_is_as_it_was_given(before: Installation, after: Installation) -> None:
    assert date_factor(before, after, TODAY) == after


def test_what_holds_already_changes_nothing_and_a_list_stands_alone() -> None:
    assert date_factor(DATED, replace(DATED, gas_wh_per_m3=11_350), TODAY) == DATED
    assert date_factor(SITE, replace(DATED, gas_wh_per_m3=11_200), TODAY) == DATED


def test_factors_hold_from_midnight_of_the_site() -> None:
    factors = GasFactors(DATED, PARIS)
    midnight_ts = timegrid.day_start(TODAY.toordinal(), PARIS)
    assert (factors.at(midnight_ts - 1), factors.at(midnight_ts)) == (11_200, 11_350)
    assert (factors.cut_after(0), factors.cut_after(midnight_ts)) == (midnight_ts, timegrid.NEVER)
    assert factors and not GasFactors(Installation(), PARIS)
    assert [factor_on(DATED, date(2026, 11, day)) for day in (19, 20)] == [11_200, 11_350]
    late = Installation(gas_factors={"2026-11-20": 11_350})
    assert GasFactors(late, PARIS).at(midnight_ts - 1) == 0 == factor_on(late, date(2026, 11, 19))
    assert factors_of(SITE) == {"": 11_200} and factors_of(Installation()) == {}
