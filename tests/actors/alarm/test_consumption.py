"""Budgets that are passed and meters that never stand still, by what was booked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actors.alarm.consumption import LOOK_S, ConsumptionWatch
from runtime.core.alarm.condition import Cause
from runtime.core.budget.budget import BUDGETS, BudgetSpec
from runtime.core.clock.timegrid import local
from runtime.core.site.sitezone import zone_of
from tests.webui.api.recording import recorded_site
from tests.webui.stage import ToldClock

BUDGET = BudgetSpec(1, "Oven", "budget", "electricity", device=1, period="day", amount=10)


@pytest.fixture
def site(tmp_path):
    """Every device took 1.000001 kWh an hour for three days, until 14:30."""
    with recorded_site(tmp_path / "store") as made:
        yield made


def watched(site, *specs):
    watch = ConsumptionWatch(site.bridge.history, ToldClock())
    return watch.causes(site.installation.having(BUDGETS, specs))


def test_a_budget_that_is_passed_says_by_how_much(site):
    ((cause, detail),) = watched(site, BUDGET).items()
    assert cause == Cause("budget", "device.1", "1")
    assert detail.startswith("Oven: 14.") and detail.endswith("kWh in this day, 10 kWh are the budget")
    assert watched(site, replace(BUDGET, amount=100)) == {}
    assert watched(site, replace(BUDGET, on=False)) == {}


def test_a_budget_of_everything_is_the_servers(site):
    everything = replace(BUDGET, device=0, period="month", amount=20.5)
    assert list(watched(site, everything)) == [Cause("budget", "server", "1")]


def test_it_looks_now_and_then_and_at_once_when_the_site_was_changed(site):
    clock = ToldClock()
    watch, asked = ConsumptionWatch(site.bridge.history, clock), []
    consumption = site.bridge.history.consumption
    watch._history = type(
        "Counted", (), {"consumption": lambda self, *a, **k: asked.append(1) or consumption(*a, **k)}
    )()
    tree = site.installation.having(BUDGETS, (BUDGET,))
    for _ in range(round(LOOK_S) - 1):
        watch.causes(tree)
        clock.goes_on(1)
    assert len(asked) == 1
    watch.causes(replace(tree, version=tree.version + 1))
    assert len(asked) == 2
    clock.goes_on(LOOK_S)
    watch.causes(tree)
    assert len(asked) == 3


def test_a_leak_of_a_meter_that_was_erased_is_none(site):
    assert watched(site, BudgetSpec(2, "Tap", "leak", "water")) == {}


def test_a_meter_that_never_stands_still_is_a_leak_and_one_that_does_is_none(site):
    class Water:
        """Bars of a day: each hour something, but for the hour that the test says."""

        still = None

        def consumption(self, installation, *, of, fluid, period, date, zone):
            chart = consumption(installation, of="device:1", fluid="electricity", period=period, date=date, zone=zone)
            still = [bar.start_ts for bar in chart.bins if bar.value_n][:1] if self.still == date else []
            bins = tuple(replace(bar, value_n=0) if bar.start_ts in still else bar for bar in chart.bins)
            return replace(chart, bins=bins)

    consumption, water, clock = site.bridge.history.consumption, Water(), ToldClock()
    tree = site.installation.having(BUDGETS, (BudgetSpec(2, "Tap", "leak", "water", device=1, hours=14),))
    assert list(ConsumptionWatch(water, clock).causes(tree)) == [Cause("leak", "device.1", "2")]
    water.still = local(clock.now_ts(), zone_of(tree)).date()
    assert ConsumptionWatch(water, clock).causes(tree) == {}
