"""A device counts where it was assigned at the time, whatever it is assigned to now."""

from __future__ import annotations

import datetime
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from runtime.core.accounting.assignments import Owners, date_changes, doubting
from runtime.core.site.installation import Assignment, DeviceSpec, Installation

OVEN, PUMP = DeviceSpec(1, "Oven", 1, 1, "m", load=1, groups=(2, 1)), DeviceSpec(2, "Pump", 1, 2, "m")
SITE = Installation(zone="Asia/Kolkata", devices=(OVEN, PUMP))
NOW = int(datetime.datetime(2026, 5, 5, 10, 20, tzinfo=ZoneInfo("Asia/Kolkata")).timestamp())
NEXT_HOUR = NOW + 2400


def edited(before, now_ts=NOW, **changes):
    devices = tuple(replace(device, **changes) if device.id == 1 else device for device in before.devices)
    return date_changes(before, replace(before, devices=devices), now_ts)


def test_a_first_installation_holds_from_ever():
    first = date_changes(Installation(), SITE, NOW)
    assert first == SITE
    assert Owners(first).at(1, 0) == Assignment(1, 0, 1, (1, 2))


def test_a_change_holds_from_the_next_hour_of_the_site():
    owners = Owners(edited(SITE, load=3))
    assert [owners.at(1, ts).load for ts in (0, NOW, NEXT_HOUR - 1, NEXT_HOUR, NEXT_HOUR + 10**9)] == [1, 1, 1, 3, 3]
    assert [owners.members("load:1", ts) for ts in (NOW, NEXT_HOUR)] == [(1,), ()]
    assert [owners.members("total", ts) for ts in (NOW, NEXT_HOUR)] == [(1, 2)] * 2
    assert (owners.cut_after(NOW), owners.cut_after(NEXT_HOUR)) == (NEXT_HOUR, 1 << 62)


def test_a_change_that_is_taken_back_within_its_hour_never_was():
    back = edited(edited(SITE, load=3), now_ts=NOW + 60, load=1)
    assert Owners(back).at(1, NEXT_HOUR).load == 1 and back.assignments == ()


def test_later_changes_follow_each_other():
    site = edited(edited(SITE, load=3), now_ts=NOW + 7200, excluded=True)
    assert [row.from_ts for row in site.assignments] == [0, NEXT_HOUR, NEXT_HOUR + 7200]
    assert Owners(site).members("load:3", NEXT_HOUR + 7199) == (1,)
    assert Owners(site).members("total", NEXT_HOUR + 7200) == (2,)


def test_a_deleted_device_counts_until_it_was_deleted():
    site = date_changes(SITE, replace(SITE, devices=(PUMP,)), NOW)
    assert Owners(site).members("group:2", NOW) == (1,)
    assert Owners(site).members("total", NEXT_HOUR) == (2,)
    later = date_changes(site, replace(site, devices=()), NOW + 7200)
    assert [row.gone for row in later.assignments if row.device == 1] == [False, True]


def test_a_device_added_later_counts_from_ever():
    grown = date_changes(SITE, replace(SITE, devices=(*SITE.devices, DeviceSpec(3, "New", 1, 3, "m", load=1))), NOW)
    assert Owners(grown).members("load:1", 0) == (1, 3) and grown.assignments == ()


@pytest.mark.parametrize("of", ["", "all", "load", "load:x", "total:1", "device:1", "group:-1", "load:٣"])
def test_what_cannot_be_summed_up_is_refused(of):
    with pytest.raises(ValueError):
        Owners(SITE).members(of, 0)


def test_others_are_those_without_a_load():
    assert Owners(SITE).members("others", 0) == (2,)


def doubted(site, now_ts=NOW):
    return date_changes(site, doubting(site, lambda device: device.model == "guess"), now_ts)


GUESS = DeviceSpec(3, "Guess", 1, 3, "guess", load=1)
WITH_GUESS = replace(SITE, devices=(*SITE.devices, GUESS))


def test_values_that_nobody_confirmed_count_in_no_total_from_the_first_moment():
    site = date_changes(SITE, doubting(WITH_GUESS, lambda device: device.model == "guess"), NOW)
    assert Owners(site).members("total", 0) == (1, 2)
    assert Owners(site).members("load:1", NEXT_HOUR) == (1,)


def test_once_an_installer_confirmed_them_they_count_from_the_next_hour_on():
    site = date_changes(SITE, doubting(WITH_GUESS, lambda device: device.model == "guess"), NOW)
    sure = replace(site, devices=(*SITE.devices, replace(GUESS, confirmed=True)))
    owners = Owners(date_changes(site, doubting(sure, lambda device: device.model == "guess"), NOW))
    assert [owners.members("total", ts) for ts in (NEXT_HOUR - 1, NEXT_HOUR)] == [(1, 2), (1, 2, 3)]


def test_a_map_that_comes_to_be_doubted_takes_its_devices_out_of_the_totals_from_the_next_hour_on():
    owners = Owners(doubted(WITH_GUESS))
    assert [owners.members("total", ts) for ts in (NEXT_HOUR - 1, NEXT_HOUR)] == [(1, 2, 3), (1, 2)]


def test_what_is_excluded_stays_so_when_it_is_confirmed():
    site = date_changes(SITE, replace(SITE, devices=(replace(GUESS, excluded=True, confirmed=True),)), NOW)
    assert Owners(doubting(site, lambda device: True)).members("total", NEXT_HOUR) == ()
