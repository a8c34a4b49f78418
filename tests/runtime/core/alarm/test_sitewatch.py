"""Which conditions there are, by what the parts of the site publish."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runtime.core.alarm.condition import Cause, Conditions
from runtime.core.alarm.kind import KINDS
from runtime.core.alarm.sitewatch import SiteWatch
from runtime.core.alert.classes import NOTICE
from runtime.core.clock.clocktrust import CLOCK_VIEW, ClockView
from runtime.core.device.stationerror import bits_of
from runtime.core.machine import MACHINE_VIEW, MachineView, Vitals
from runtime.core.quantity.quality import Quality
from runtime.core.site.installation import BoardSpec, DeviceSpec, GatewaySpec, Installation
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec
from runtime.core.threshold.passing import Thresholds
from runtime.core.view import (
    ARCHIVIST_VIEW,
    DEVICE_VIEWS,
    GATEWAY_VIEWS,
    RECORDER_VIEW,
    SAFE_MODE_VIEW,
    SUPERVISOR_VIEW,
    ArchivistView,
    ChildState,
    DeviceView,
    GatewayView,
    RecorderView,
    SafeMode,
    SupervisorView,
    Trouble,
)
from runtime.viewboard import Views

SITE = Installation(
    boards=(BoardSpec(1, "Cellar"),),
    gateways=(GatewaySpec(1, "G1", "tcp://10.0.0.1", board=1),),
    devices=tuple(DeviceSpec(id, f"D{id}", 1, id, "model") for id in (1, 2)),
)
NO_ANSWER = Trouble("no_answer", "nobody answers", 0)


def views_of(*devices: DeviceView, gateway: str = "on") -> Views:
    views = Views()
    views.publish(GATEWAY_VIEWS.of(1), GatewayView(1, "G1", "tcp://10.0.0.1", gateway))
    for device in devices:
        views.publish(DEVICE_VIEWS.of(device.id), device)
    return views


def device(id: int = 1, state: str = "on", quality: Quality = Quality.GOOD, **values: int) -> DeviceView:
    trouble = NO_ANSWER if state == "communication_error" else None
    numbers = tuple(values.values())
    return DeviceView(
        id, f"D{id}", 1, state, tuple(values), numbers, (0,) * len(numbers), (quality,) * len(numbers), trouble
    )


def look(views: Views, site: Installation = SITE, now_ts: int = 0, **maintained: int) -> Conditions:
    subjects = {subject.replace("_", "."): until_ts for subject, until_ts in maintained.items()}
    return SiteWatch(site, views, subjects, Thresholds(), now_ts, 0.0).conditions()


def causes(views: Views, site: Installation = SITE, **maintained: int) -> set[Cause]:
    return set(look(views, site, **maintained).present)


def test_a_site_that_is_well_has_none() -> None:
    assert look(views_of(device(1, breaker_state=1), device(2))).present == {}


def test_a_silent_device_is_one_with_the_reason() -> None:
    found = look(views_of(device(1), device(2, "communication_error")))
    assert found.present == {Cause("device_silent", "device.2"): "no_answer: nobody answers"}
    assert found.unread == {"device.2"}


def test_a_silent_gateway_speaks_for_the_devices_behind_it() -> None:
    silent = views_of(device(1, "communication_error"), device(2, "communication_error"), gateway="communication_error")
    found = look(silent)
    assert set(found.present) == {Cause("gateway_silent", "gateway.1")}
    assert found.unread == {"device.1", "device.2"}


@pytest.mark.parametrize(
    "values", [{"breaker_state": 2}, {"alarm_tripped": 1}, {"breaker_state": 2, "alarm_tripped": 1}]
)
def test_a_breaker_that_trips_is_one_whichever_register_says_so(values: dict[str, int]) -> None:
    assert causes(views_of(device(1, **values))) == {Cause("tripped", "device.1")}


@pytest.mark.parametrize(
    ("quantity", "kind"),
    [
        ("alarm_duplicated_function", "duplicated_function"),
        ("alarm_threshold", "module_threshold"),
        ("alarm_configuration", "module_configuration"),
        ("alarm_communication", "module_communication"),
        ("overrun", "overrun"),
    ],
)
def test_what_a_module_reports_is_one_of_its_kind(quantity: str, kind: str) -> None:
    assert causes(views_of(device(1, **{quantity: 1}))) == {Cause(kind, "device.1")}
    assert causes(views_of(device(1, **{quantity: 0}))) == set()


def test_each_error_of_a_station_is_one() -> None:
    errors = bits_of("lock_fault", "unlock_fault")
    expected = {Cause("station_failed", "device.1", code) for code in ("lock_fault", "unlock_fault")}
    assert causes(views_of(device(1, station_errors=errors))) == expected


def test_what_is_suspect_is_neither_there_nor_over() -> None:
    found = look(views_of(device(1, quality=Quality.SUSPECT, breaker_state=2)))
    assert found.present == {}
    assert "device.1" in found.unread


def test_whoever_is_off_or_excluded_has_none() -> None:
    tripped = views_of(device(1, breaker_state=2))
    for change in ({"on": False}, {"exclude_alerts": True}):
        site = replace(SITE, devices=(replace(SITE.devices[0], **change),))
        assert causes(tripped, site) == set()
    assert causes(tripped, replace(SITE, gateways=(replace(SITE.gateways[0], on=False),))) == set()


@pytest.mark.parametrize("subject", ["device_1", "gateway_1", "board_1"])
def test_maintenance_holds_until_its_moment(subject: str) -> None:
    tripped = views_of(device(1, breaker_state=2))
    assert causes(tripped, **{subject: 100}) == set()
    assert look(tripped, now_ts=100, **{subject: 100}).present


def test_the_server_has_its_own() -> None:
    views = views_of()
    views.publish(RECORDER_VIEW, RecorderView(trouble=Trouble("store_full", "no room", 0)))
    views.publish(ARCHIVIST_VIEW, ArchivistView(trouble=Trouble("backup_failed", "no medium", 0)))
    views.publish(CLOCK_VIEW, ClockView(trusted=False))
    views.publish(SAFE_MODE_VIEW, SafeMode(3, 0))
    views.publish(MACHINE_VIEW, MachineView(Vitals(disk_bytes=1000, disk_free_bytes=49), is_overloaded=True))
    resting = ChildState("bus.1", "quarantined", core=False, error="ValueError: x")
    views.publish(SUPERVISOR_VIEW, SupervisorView(0.0, (resting,)))
    kinds = ("recording", "backup", "clock", "safe_mode", "disk", "processor")
    expected = {Cause(kind, "server") for kind in kinds} | {Cause("part_resting", "server", "bus.1")}
    assert causes(views) == expected


def test_tables_that_are_not_confirmed_are_one_notice() -> None:
    provisional = [replace(device(id), trust="provisional", model=f"wallbox-{id}") for id in (2, 1)]
    assert look(views_of(*provisional)).present == {Cause("map_provisional", "server"): "wallbox-1, wallbox-2"}


def test_what_is_consumed_counts_unless_its_device_has_no_alerts() -> None:
    leak, budget = Cause("leak", "device.1", "2"), Cause("budget", "server", "1")
    given = {leak: "Tap", budget: "Month", Cause("leak", "device.77", "3"): "erased"}

    def counted(site: Installation, **maintained: int) -> set[Cause]:
        subjects = {subject.replace("_", "."): until_ts for subject, until_ts in maintained.items()}
        watch = SiteWatch(site, views_of(device(1), device(2)), subjects, Thresholds(), 0, 0.0)
        return set(watch.conditions(given).present)

    assert counted(SITE) == {leak, budget}
    assert counted(SITE, gateway_1=9) == counted(SITE, device_1=9) == {budget}
    excluded = replace(SITE, devices=tuple(replace(each, exclude_alerts=True) for each in SITE.devices))
    assert counted(excluded) == {budget}


def test_hours_without_a_tariff_are_a_notice() -> None:
    site = replace(SITE, tariffs=(TariffSpec(1, "Day", prices=(Price(1, 1),)),), rules=(RuleSpec(1, 1, start="06:00"),))
    assert causes(views_of(device(1), device(2)), site) == {Cause("cost_rule_missing", "server", "electricity")}
    whole = replace(site, rules=(RuleSpec(1, 1),))
    assert causes(views_of(device(1), device(2)), whole) == set()
    assert KINDS["cost_rule_missing"].severity == NOTICE
