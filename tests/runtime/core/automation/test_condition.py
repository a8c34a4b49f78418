"""Conditions: each sign, each source, hours and days, and what nobody knows."""

from __future__ import annotations

import pytest

from runtime.core.automation.condition import Condition, Facts, causes_of
from runtime.core.automation.spec import AutomationSpec, switch_values
from runtime.core.quantity.quality import Quality
from runtime.core.view import DeviceView


def view(state="on", quality=Quality.GOOD, **values):
    return DeviceView(
        1, "D", 1, state, tuple(values), tuple(values.values()), (1,) * len(values), (int(quality),) * len(values)
    )


def holds(spec, shown=None, **facts):
    return Condition(spec, {5: "electricity", 6: "gas"}).holds(Facts(lambda device: shown, **facts))


def rule(source="device", **given):
    usual = {"device": 1, "quantity": "active_power_w", "value": 1000.5, "sign": ">"} if source == "device" else {}
    return AutomationSpec(1, "R", source, "message", **{**usual, **given})


@pytest.mark.parametrize(
    ("sign", "below", "equal", "above"),
    [
        ("=", False, True, False), ("<>", True, False, True), ("<", True, False, False), ("<=", True, True, False),
        (">", False, False, True), (">=", False, True, True),
    ],
)  # fmt: skip
def test_each_sign_compares_exactly(sign, below, equal, above):
    for n, expected in ((10_004, below), (10_005, equal), (10_006, above)):
        assert holds(rule(sign=sign), view(active_power_w=n)) is expected


def test_a_value_finer_than_the_step_is_compared_as_it_is():
    assert holds(rule(value=1000.55, sign=">"), view(active_power_w=10_005)) is False
    assert holds(rule(value=1000.55, sign=">"), view(active_power_w=10_006)) is True


def test_a_state_is_compared_by_its_name():
    tripped = rule(quantity="breaker_state", sign="=", value="tripped")
    assert holds(tripped, view(breaker_state=2)) is True
    assert holds(tripped, view(breaker_state=1)) is False


@pytest.mark.parametrize(
    "shown",
    [
        None, view(state="communication_error", active_power_w=99_999), view(quality=Quality.SUSPECT, active_power_w=1),
        view(voltage_l1_v=1), view(active_power_w=None), view(state="unknown"),
    ],
)  # fmt: skip
def test_what_nobody_knows_is_neither_true_nor_false(shown):
    assert holds(rule(), shown) is None


def test_tariffs_go_by_the_one_in_force_of_their_fluid():
    peak = rule("tariff", tariff=5)
    assert holds(peak, tariffs={"electricity": 5}) is True
    assert holds(peak, tariffs={"electricity": 4, "gas": 5}) is False
    assert holds(rule("tariff", tariff=5, sign="<>"), tariffs={"electricity": 0}) is True
    assert holds(peak) is None


def test_alarms_go_by_their_kind_and_their_device():
    tripped = causes_of([("tripped", "device.3")])
    assert holds(rule("alarm", alarm="tripped"), alarms=tripped) is True
    assert holds(rule("alarm", alarm="tripped", device=3), alarms=tripped) is True
    assert holds(rule("alarm", alarm="tripped", device=4), alarms=tripped) is False
    assert holds(rule("alarm", alarm="tripped", sign="<>"), alarms=tripped) is False
    assert holds(rule("alarm", alarm="disk"), alarms=tripped) is False


@pytest.mark.parametrize(
    ("start", "end", "days", "minute", "weekday", "expected"),
    [
        ("00:00", "00:00", "every", 0, 0, True), ("00:00", "00:00", "every", 1439, 6, True),
        ("10:00", "00:00", "every", 599, 0, False), ("10:00", "00:00", "every", 1439, 0, True),
        ("22:00", "23:59", "every", 1439, 0, False), ("22:00", "23:59", "every", 1320, 0, True),
        ("00:00", "00:00", "weekend", 10, 4, False), ("00:00", "00:00", "weekend", 10, 5, True),
        ("00:00", "00:00", "weekdays", 10, 4, True), ("00:00", "00:00", "weekdays", 10, 5, False),
        ("00:00", "00:00", "wed", 10, 2, True), ("00:00", "00:00", "wed", 10, 3, False),
    ],
)  # fmt: skip
def test_hours_and_days(start, end, days, minute, weekday, expected):
    spec = rule("clock", start=start, end=end, days=days)
    assert holds(spec, minute=minute, weekday=weekday) is expected


def test_out_of_its_hours_a_rule_is_false_even_where_nobody_knows():
    assert holds(rule(start="10:00", end="11:00"), None, minute=0) is False


def test_what_switches():
    assert switch_values(("off", "on")) == ("on", "off")
    assert switch_values(("open", "closed")) == ("closed", "open")
    assert switch_values(("impulsive", "blinking")) is None
