from __future__ import annotations

from dataclasses import replace

import pytest

from runtime.core.clock.timegrid import local
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec
from tests.webui.stage import WH_N, Stage, stage, trouble
from webui.http.caller import Caller
from webui.model.consumption.query import Query
from webui.model.consumption.sitenow import LoadNow, SiteReader

POWER = ("active_power_w",)
TARIFFS = (
    TariffSpec(1, "Day", prices=(Price(1, 200_000),)),
    TariffSpec(2, "Sold", "export", prices=(Price(2, 50_000),)),
)
RULES = (RuleSpec(1, 1), RuleSpec(2, 2))


@pytest.fixture
def at_work(store) -> Stage:
    """Meter 1 (Heating) draws 2 kW, meter 2 (Lighting) 500 W, meter 3 gives 1 kW."""
    made = stage(store, tariffs=TARIFFS, rules=RULES)
    for id, power_n in ((1, 20_000), (2, 5_000), (3, -10_000)):
        made.publishes(id, quantities=POWER, values_n=(power_n,))
    return made


def test_what_is_drawn_and_produced_makes_what_comes_from_the_grid(at_work: Stage) -> None:
    now = SiteReader(at_work.bridge).now()
    assert (now.drawn_n, now.produced_n, now.grid_n, now.silent) == (25_000, 10_000, 15_000, 0)
    assert now.loads == (LoadNow(1, "Heating", 20_000), LoadNow(2, "Lighting", 5_000))


def test_an_hour_like_this_costs_what_is_drawn_less_what_is_sold(at_work: Stage) -> None:
    assert SiteReader(at_work.bridge).now().cost_p == int((2.5 * 0.20 - 1.0 * 0.05) * 10**12)


def test_without_a_price_that_holds_nothing_is_said_of_money(at_work: Stage) -> None:
    at_work.installation = replace(at_work.installation, rules=(RuleSpec(2, 2),))
    assert SiteReader(at_work.bridge).now().cost_p is None


def test_a_meter_that_counts_in_no_total_or_is_off_is_left_out(at_work: Stage) -> None:
    first, second, third = at_work.installation.devices
    site = replace(at_work.installation, devices=(replace(first, excluded=True), replace(second, on=False), third))
    at_work.installation = site
    now = SiteReader(at_work.bridge).now()
    assert (now.drawn_n, now.produced_n, now.silent) == (0, 10_000, 0)


def test_old_values_and_those_of_silent_meters_are_not_the_site_now(at_work: Stage) -> None:
    at_work.publishes(1, quantities=POWER, values_n=(20_000,), state="communication_error", trouble=trouble())
    at_work.publishes(2, quantities=POWER, values_n=(5_000,), ts_ms=(at_work.clock.now_ms() - 3_600_000,))
    now = SiteReader(at_work.bridge).now()
    assert (now.drawn_n, now.silent) == (0, 2)


def test_a_site_without_a_power_says_none(store) -> None:
    site = stage(store)
    for id in (1, 2, 3):
        site.publishes(id, quantities=("active_energy_import_wh",), values_n=(5,))
    assert SiteReader(site.bridge).now().grid_n is None
    assert "data-site-now" not in site.get("/").text


def test_charging_sides_are_counted(at_work: Stage) -> None:
    at_work.publishes(3, quantities=("charge_state",), values_n=(2,))
    now = SiteReader(at_work.bridge).now()
    assert (now.charging, now.stations) == (1, 1)


def test_the_same_weekday_a_year_before_counts_until_this_time(store) -> None:
    site = stage(store)
    site.clock.goes_on(360 * 86_400)  # four days short of a year: the history ends a day after that day
    query = Query("total", "electricity", "day", local(site.clock.now_ts(), site.bridge.zone).date())
    assert SiteReader(site.bridge).a_year_before(query).total_n == 3 * 14 * WH_N + 3 * WH_N // 2


def test_home_leads_with_the_site_as_it_is(at_work: Stage) -> None:
    page = at_work.get("/").text
    assert "From the grid" in page and "1.50" in page and "€0.45" in page and "Nothing is wrong" in page
    assert page.index("data-site-now") < page.index('class="tiles"')


def test_who_may_not_see_my_panel_board_reads_no_power_on_home(at_work: Stage) -> None:
    at_work.caller = Caller("somebody", rights=frozenset({("home", "see"), ("consumptions", "see")}))
    assert "data-site-now" not in at_work.get("/").text
    assert "data-site-now" not in at_work.get("/live/home").text


def test_with_a_tree_the_rest_of_the_meter_above_stands_beside_the_loads(at_work: Stage) -> None:
    first, second, third = at_work.installation.devices
    devices = (replace(first, load=0), replace(second, above=1, excluded=True), replace(third, above=1, excluded=True))
    at_work.installation = replace(at_work.installation, devices=devices)
    now = SiteReader(at_work.bridge).now()
    # 2 kW at the top is what is drawn from the grid: 500 W of light, 1 kW of production, 2.5 kW that nobody measures
    assert (now.grid_n, now.produced_n, now.drawn_n, now.rest_n) == (20_000, 10_000, 30_000, 25_000)
    assert now.loads == (LoadNow(2, "Lighting", 5_000),)
    assert now.cost_p == int(2.0 * 0.20 * 10**12)
    page = at_work.get("/").text
    assert "data-flow" in page and page.count("Not measured further") >= 2
