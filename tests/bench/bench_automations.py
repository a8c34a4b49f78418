"""500 rules looked at once a second: what that takes of a second."""

from __future__ import annotations

import time
from dataclasses import replace

from runtime.core.automation.condition import Facts, causes_of
from runtime.core.automation.follower import Follower
from runtime.core.automation.spec import AutomationSpec
from runtime.core.view import DeviceView
from tests.bench.table import Row, tell

RULES, DEVICES, LOOKS = 500, 255, 40
GOAL_MS = 5.0
SHOWN = tuple(f"voltage_l{n}_v" for n in (1, 2, 3)) + (
    "frequency_hz",
    "active_power_w",
    "temperature_c",
    "breaker_state",
)


def views(look: int) -> dict[int, DeviceView]:
    """Whose values cross the limits of the rules now and then."""
    return {
        id: DeviceView(
            id, "D", 1, "on", SHOWN, (23_000, 23_000, 23_000, 50_000, 900 * look, 2_000, 1), (1,) * 7, (0,) * 7
        )
        for id in range(1, DEVICES + 1)
    }


def test_500_rules() -> None:
    power = AutomationSpec(1, "R", "device", "on", device=1, quantity="active_power_w", sign=">", value=1500, target=9)
    kinds = (
        power, replace(power, quantity="breaker_state", sign="=", value="tripped"), replace(power, action="while"),
        replace(power, source="tariff", tariff=2, sign="="), replace(power, source="alarm", alarm="tripped", sign="="),
    )  # fmt: skip
    rules = [replace(kinds[n % 5], id=n + 1, device=n % DEVICES + 1, command=f"output_{n}") for n in range(RULES)]
    follower = Follower()
    follower.follow(rules, {2: "electricity"})
    alarms = causes_of(("device_silent", f"device.{id}") for id in range(1, 41))
    took, acted = [], 0
    for look in range(LOOKS):
        shown = views(look)
        began = time.perf_counter()
        step = follower.look(Facts(shown.get, {"electricity": look % 3}, alarms, 600, 2))
        took.append(time.perf_counter() - began)
        acted += len(step.begun)
    assert acted >= RULES / 5
    slowest_ms = sorted(took)[-2] * 1e3
    tell(
        Row(
            f"{RULES} rules on {DEVICES} devices looked at, slowest of {LOOKS} looks but one",
            f"<= {GOAL_MS:g} ms", f"{slowest_ms:.2f} ms", slowest_ms <= GOAL_MS,
        )
    )  # fmt: skip
