"""Rules over the API: how each stands, and when one would have acted in the last week."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from actors.message.automation import AUTOMATIONS_VIEW, AutomationsView, RuleState
from runtime.core.automation.resource import AUTOMATION
from runtime.core.automation.spec import AutomationSpec
from runtime.store.history import Recorded
from tests.webui.api.described import checked
from tests.webui.api.recording import recorded_site
from tests.webui.api.site.test_tariff import RULES, TARIFFS
from tests.webui.stage import NOW_TS

STATES = "/api/v1/automation-states"


@pytest.fixture
def site(tmp_path):
    with recorded_site(tmp_path / "store", tariffs=TARIFFS, rules=RULES) as made:
        yield made


def rehearsed(site, spec):
    site.installation = site.installation.having(AUTOMATION, (spec,))
    path = f"/api/v1/automations/{spec.id}/rehearsal"
    return checked(site.get(path), path, "get").json


def test_how_each_stands(site):
    site.installation = site.installation.having(AUTOMATION, (AutomationSpec(3, "R", "clock", "on"),))
    site.views.publish(AUTOMATIONS_VIEW, AutomationsView({3: RuleState(True, NOW_TS * 1000, "gateway_off", "off")}))
    (state,) = checked(site.get(STATES), STATES, "get").json
    assert (state["automation"], state["holds"], state["error"]["code"]) == (3, True, "gateway_off")


def test_the_clock_alone_is_true_each_day_in_its_hours(site):
    rule = AutomationSpec(1, "R", "clock", "on", start="08:00", end="09:30", days="weekdays")
    week = rehearsed(site, rule)
    assert week["times"] == 5
    spells = [(datetime.fromisoformat(each["from"]), datetime.fromisoformat(each["to"])) for each in week["spells"]]
    assert all((start.strftime("%H:%M"), end.strftime("%H:%M")) == ("08:00", "09:30") for start, end in spells)
    assert spells == sorted(spells, reverse=True)


class Samples:
    """A history of one measure: two hours of yesterday above 2 kW, with ten minutes of which nobody knows."""

    def samples(self, device, quantity, from_ts, to_ts):
        start_ts = NOW_TS // 600 * 600 - 86_400
        return tuple(
            Recorded(ts, ts + 600, {"mean": 25_000 if start_ts <= ts < start_ts + 7200 else 1_000}, 0)
            for ts in range(from_ts // 600 * 600, to_ts, 600)
            if ts != start_ts + 3600
        )


def test_a_measure_is_played_as_it_was_recorded(site):
    site.bridge = replace(site.bridge, history=Samples())
    rule = AutomationSpec(1, "R", "device", "on", device=1, quantity="active_power_w", sign=">", value=2000)
    week = rehearsed(site, rule)
    later, earlier = (datetime.fromisoformat(each["from"]).timestamp() for each in week["spells"])
    assert (week["times"], later - earlier) == (2, 4200)
    assert rehearsed(site, replace(rule, value=2500))["times"] == 0


def test_one_that_is_not_there(site):
    assert site.get("/api/v1/automations/77/rehearsal").status == 404
