"""Weeks by EN 50160 as conditions."""

from __future__ import annotations

from actors.alarm.powerquality import PowerQualityWatch
from runtime.core.alarm.condition import Cause
from runtime.core.sample.en50160 import last_week
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from runtime.core.site.sitezone import zone_of
from runtime.core.view import DEVICE_VIEWS, DeviceView
from runtime.store.history import Recorded
from runtime.viewboard import Views
from tests.webui.stage import ToldClock

SITE = Installation(
    gateways=(GatewaySpec(1, "G", "tcp://g", eq_device=1), GatewaySpec(2, "H", "tcp://h")),
    devices=(DeviceSpec(1, "Main", 1, 1, "m"), DeviceSpec(2, "Oven", 2, 1, "m")),
)
SHOWN = ("voltage_l1_v", "voltage_l2_v", "voltage_l3_v", "frequency_hz")


class Week:
    """A week of means of ten minutes: 230 V, and ``low`` V in so many of them."""

    def __init__(self, low_intervals: int) -> None:
        self.low_intervals, self.asked = low_intervals, 0

    def samples(self, device, quantity, from_ts, to_ts):
        self.asked += 1
        usual, low = (50_000, 50_000) if quantity == "frequency_hz" else (23_000, 19_000)
        starts = range(from_ts, to_ts, 600)
        return tuple(
            Recorded(ts, ts + 600, {"mean": low if number < self.low_intervals else usual}, 0)
            for number, ts in enumerate(starts)
        )


def watch(history):
    views, clock = Views(), ToldClock()
    views.publish(DEVICE_VIEWS.of(1), DeviceView(1, "Main", 1, "on", SHOWN, (1,) * 4, (1,) * 4, (0,) * 4))
    return PowerQualityWatch(history, clock, views), clock


def test_a_week_that_was_not_as_the_norm_asks_is_a_condition_until_the_next():
    history = Week(200)
    watching, clock = watch(history)
    assert list(watching.causes(SITE)) == [Cause("en50160", "device.1")]
    asked = history.asked
    watching.causes(SITE)
    assert history.asked == asked, "a week is judged once"
    history.low_intervals = 0
    _, end_ts = last_week(clock.now_ts(), zone_of(SITE))
    clock.goes_on(end_ts + 7 * 86_400 + 1000 - clock.now_ts())
    assert watching.causes(SITE) == {} and history.asked > asked


def test_a_good_week_and_a_device_that_nobody_has_read_are_none():
    watching, _ = watch(Week(0))
    assert watching.causes(SITE) == {}
    unread = PowerQualityWatch(Week(200), ToldClock(), Views())
    assert unread.causes(SITE) == {}
