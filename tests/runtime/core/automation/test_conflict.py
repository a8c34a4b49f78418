"""Rules that fight over one output."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runtime.core.automation.conflict import fighting
from runtime.core.automation.spec import AutomationSpec

COLD = AutomationSpec(
    1, "Cold", "device", "on", device=1, quantity="temperature_c", sign="<", value=18, target=9, command="output_1"
)
WARM = replace(COLD, id=2, name="Warm", action="off", sign=">", value=20)


def fight(one, other):
    return [(a.id, b.id) for a, b in fighting([one, other])] == [(1, 2)]


def test_on_below_and_off_above_leave_each_other_room():
    assert not fight(COLD, WARM)
    assert fight(COLD, replace(WARM, value=17))
    assert not fight(COLD, replace(WARM, value=18))
    assert fight(replace(COLD, sign="<="), replace(WARM, sign=">=", value=18))


@pytest.mark.parametrize(
    "apart",
    [
        {"target": 8}, {"command": "output_2"}, {"on": False}, {"action": "message"},
        {"value": 10, "device": 2}, {"value": 10, "days": "weekend"},
    ],
)  # fmt: skip
def test_what_keeps_them_apart(apart):
    assert not fight(replace(COLD, days="weekdays"), replace(WARM, **{"value": 10, **apart}))


def test_hours_that_do_not_meet():
    day, night = replace(COLD, start="06:00", end="22:00"), replace(WARM, value=10, start="22:00")
    assert not fight(day, night)
    assert fight(day, replace(night, start="21:59"))


@pytest.mark.parametrize("action", ["on", "off", "while", "pulse", "toggle"])
def test_on_while_true_shares_its_output_with_nobody(action):
    assert fight(replace(COLD, action="while"), replace(WARM, action=action))


def test_states_and_tariffs():
    tripped = replace(COLD, quantity="breaker_state", sign="=", value="tripped")
    assert not fight(tripped, replace(tripped, id=2, action="off", value="open"))
    assert fight(tripped, replace(tripped, id=2, action="off", sign="<>", value="open"))
    cheap = AutomationSpec(1, "Cheap", "tariff", "on", tariff=3, target=9, command="output_1")
    assert not fight(cheap, replace(cheap, id=2, action="off", sign="<>"))
    assert fight(cheap, replace(cheap, id=2, action="off"))
