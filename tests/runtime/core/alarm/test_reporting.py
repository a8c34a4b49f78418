"""Which alarms are reported to whom: each beginning and each end once, by class, severity and hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from runtime.core.alarm.alarm import Alarm
from runtime.core.alarm.alarms import CLEAR_S, FLAP_S, Alarms
from runtime.core.alarm.condition import Cause, Conditions
from runtime.core.alarm.kind import KINDS
from runtime.core.alarm.reporting import Reported, addressed, entry_of, switched_entry
from runtime.core.alert.alert import ALERT, AlertSpec
from runtime.core.alert.message import OVER, RAISED
from runtime.core.alert.outlet import OUTLET, OutletSpec
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation

PARIS = ZoneInfo("Europe/Paris")
NOON_MS = int(datetime(2026, 11, 20, 12, tzinfo=PARIS).timestamp()) * 1000
NIGHT_MS = int(datetime(2026, 11, 20, 23, tzinfo=PARIS).timestamp()) * 1000
TRIPPED = Cause("tripped", "device.1")
SITE = Installation(gateways=(GatewaySpec(1, "Hall", "tcp://h"),), devices=(DeviceSpec(1, "Oven", 1, 7, "m"),))
SITE = SITE.having(
    OUTLET, (OutletSpec(1, "Mail", "mail", True), OutletSpec(2, "Bot", "telegram", True), OutletSpec(3, "Off", "mail"))
)
ALERTS = (
    AlertSpec(1, "state_change", 1, "a@b.c, d@e.f", "Works", quiet_from="22:00", quiet_to="06:00"),
    AlertSpec(2, "state_change", 2),
    AlertSpec(3, "state_change", 3, "off@b.c"),
    AlertSpec(4, "communication", 1, "night@b.c", quiet_from="22:00", quiet_to="06:00"),
    AlertSpec(5, "communication", 1, "grave@b.c", severity="critical"),
    AlertSpec(6, "communication", 1, "disabled@b.c", on=False),
)


def to(kind: str, now_ms: int = NOON_MS):
    site = SITE.having(ALERT, ALERTS)
    known = lambda outlet: ("42", "43") if outlet.kind == "telegram" else None
    return list(addressed(KINDS[kind].group, KINDS[kind].severity, site, known, now_ms, PARIS))


def test_each_recipient_of_each_alert_of_its_class_that_is_on():
    assert to("tripped") == [
        ((1, "a@b.c"), "Works", 0), ((1, "d@e.f"), "Works", 0), ((2, "42"), "", 0), ((2, "43"), "", 0),
    ]  # fmt: skip
    assert to("threshold") == []


def test_severity_is_a_least_one():
    assert [address for (_, address), _, _ in to("device_silent")] == ["night@b.c"]
    assert [address for (_, address), _, _ in to("gateway_silent")] == ["night@b.c", "grave@b.c"]


def test_in_quiet_hours_only_what_is_critical_leaves_at_once():
    ((_, _, wait_ms),) = to("device_silent", NIGHT_MS)
    assert wait_ms == NIGHT_MS + 7 * 3_600_000
    assert {wait_ms for _, _, wait_ms in to("gateway_silent", NIGHT_MS)} == {0}


def test_the_entry_says_what_it_is_about_as_it_is_called_now():
    alarm = Alarm(5, TRIPPED, NOON_MS, NOON_MS + 9, "detail")
    entry = entry_of(alarm, RAISED, SITE)
    assert (entry.key, entry.name, entry.position, entry.at_ms) == ("alarm.5", "Oven", "Hall · 7", NOON_MS + 9)
    over = entry_of(replace(alarm, cleared_ms=NOON_MS + 50), OVER, SITE)
    assert (over.at_ms, over.since_ms) == (NOON_MS + 50, NOON_MS)
    assert entry_of(replace(alarm, cause=Cause("disk", "server")), RAISED, SITE).name == ""
    assert entry_of(replace(alarm, cause=Cause("tripped", "device.9")), RAISED, SITE).name == ""


class Played:
    """An alarm whose condition the test says, and what is reported of it."""

    def __init__(self) -> None:
        self.alarms, self.reported, self.now, self.news = Alarms(), Reported(), 0.0, []

    def passes(self, seconds: float, present: bool) -> None:
        conditions = Conditions({TRIPPED: ""} if present else {})
        for _ in range(round(seconds)):
            self.now += 1
            changed = self.alarms.look(conditions, NOON_MS + round(self.now * 1000), self.now)
            self.news += [state for _, state in self.reported.news(changed)]


def test_one_message_for_one_lasting_fault_and_one_when_it_is_over():
    played = Played()
    played.passes(3600, True)
    played.passes(3600, False)
    assert played.news == [RAISED, OVER]


def test_what_flaps_for_a_day_is_a_handful_of_messages():
    played = Played()
    for _ in range(1000):
        played.passes(40, True)
        played.passes(40, False)
    played.passes(FLAP_S + CLEAR_S, False)
    assert played.news == [RAISED, OVER] * 3


def test_what_was_active_before_a_restart_is_not_reported_again_and_its_end_is():
    alarm = Alarm(5, TRIPPED, NOON_MS, NOON_MS)
    reported = Reported([alarm])
    assert list(reported.news([replace(alarm, times=2)])) == []
    assert [state for _, state in reported.news([replace(alarm, cleared_ms=NOON_MS + 1)])] == [OVER]
    assert list(reported.news([replace(alarm, cleared_ms=NOON_MS + 1, acknowledged_ms=NOON_MS + 2)])) == []


def test_what_was_switched_and_what_asks_for_nothing_is_for_those_who_want_notices():
    site = SITE.having(ALERT, (*ALERTS, AlertSpec(7, "state_change", 1, "all@b.c", severity="notice")))
    given = addressed("state_change", "notice", site, lambda outlet: None, NOON_MS, PARIS)
    assert [recipient for (_, recipient), _, _ in given] == ["all@b.c"]
    entry = switched_entry(1, "breaker_opened", SITE, NOON_MS)
    assert (entry.state, entry.kind, entry.name, entry.position) == ("changed", "breaker_opened", "Oven", "Hall · 7")
    assert entry.key == switched_entry(1, "breaker_closed", SITE, NOON_MS).key
