"""Charging circuits and stations are configured like anything else, and impossible settings are refused."""

import pytest

from runtime.core.charging.resource import CIRCUIT, STATION
from runtime.core.charging.spec import CircuitSpec, StationSpec
from runtime.core.edit import edits
from runtime.core.edit.installationfile import load
from runtime.core.site.hardware import DEVICE
from runtime.core.site.installation import Installation
from runtime.core.validation.charging import Ability
from runtime.core.validation.device import Known
from runtime.core.validation.installation import check
from runtime.errors import ConfigError
from tests.webui.edited import CHECKER

BASE = """
[[gateway]]
name = "Bus"
url = "tcp://10.0.0.1:502"
[[device]]
id = 1
name = "Meter"
gateway = "Bus"
unit = 1
model = "meter"
[[device]]
id = 2
name = "Wallbox"
gateway = "Bus"
unit = 2
model = "wallbox"
[[device]]
id = 3
name = "Old wallbox"
gateway = "Bus"
unit = 3
model = "old"
"""
CURRENTS = {"current_l1_a", "current_l2_a", "current_l3_a"}
ABILITIES = {
    "meter": Ability(CURRENTS, ()),
    "wallbox": Ability(CURRENTS | {"rated_current_a"}, {"limit", "watchdog", "fallback"}),
    "old": Ability({"current_l1_a"}, {"limit"}),
}
KNOWN = Known(set(ABILITIES), CHECKER.known.schemes, abilities=ABILITIES)
FED = {"name": "Building", "meter": 1, "available_ma": 63_000, "charging_ma": 50_000}
SIDE = {"device": 2, "circuit": 1, "wiring": "l1l2l3"}


def site(circuit=None, *stations):
    tree = edits.add(CIRCUIT, {**FED, **(circuit or {})})(load(BASE, "site.toml", Installation(), KNOWN))
    for station in stations:
        tree = edits.add(STATION, {**SIDE, **station})(tree)
    return tree


def codes(tree):
    faults = []
    check(tree, KNOWN, "edit", {}, faults)
    return [(fault.kind, fault.field, fault.code) for fault in faults]


def test_the_settings_of_the_manual_are_the_defaults():
    tree = site({}, {})
    assert tree.of(CIRCUIT) == (CircuitSpec(1, "Building", 1, 63_000, 50_000),)
    assert (CircuitSpec(1, "", 1, 1, 1).first_step_pct, CircuitSpec(1, "", 1, 1, 1).second_step_pct) == (75, 50)
    assert tree.of(STATION) == (StationSpec(1, 2, 1, "l1l2l3"),)
    assert codes(tree) == []


@pytest.mark.parametrize(
    "circuit, field, code",
    [
        ({"charging_ma": 63_001}, "charging_ma", "charging_above_available"),
        ({"first_step_pct": 50, "second_step_pct": 60}, "second_step_pct", "steps_reversed"),
        ({"others_ma": 63_000}, "others_ma", "charging_without_room"),
        ({"meter": 3}, "meter", "meter_without_currents"),
        ({"parent": 1}, "parent", "circuit_loop"),
        ({"on": True, "others_ma": 58_000}, "available_ma", "safe_currents_too_high"),
    ],
)
def test_a_circuit_that_cannot_be_is_refused_with_the_reason(circuit, field, code):
    assert codes(site(circuit, {})) == [("charging_circuit", field, code)]


def test_the_charging_limit_may_equal_the_available_one():
    assert codes(site({"charging_ma": 63_000})) == []


@pytest.mark.parametrize(
    "station, field, code",
    [
        ({"device": 1}, "device", "not_a_station"),
        ({"device": 3, "rated_ma": 16_000, "wiring": "l1"}, "watchdog_s", "station_without_watchdog"),
        ({"device": 3, "rated_ma": 16_000, "watchdog_s": 0}, "wiring", "station_phases"),
        ({"device": 3, "wiring": "l1", "watchdog_s": 0}, "rated_ma", "rated_unknown"),
        ({"watchdog_s": 9}, "watchdog_s", "watchdog_too_short"),
        ({"rated_ma": 80_000}, "rated_ma", "rated_too_high"),
    ],
)
def test_a_station_that_cannot_be_is_refused_with_the_reason(station, field, code):
    assert ("charging_station", field, code) in codes(site({"on": True}, station))


def test_a_watchdog_that_allows_more_than_a_minute_is_refused():
    assert ("charging_circuit", "on", "excess_too_long") in codes(site({"on": True}, {"watchdog_s": 60}))
    assert codes(site({"on": False}, {"watchdog_s": 60})) == []


def test_a_device_is_one_station_only():
    assert ("charging_station", "device", "station_doubled") in codes(site({}, {}, {}))


def test_circuits_that_feed_each_other_agree():
    tree = edits.add(CIRCUIT, {**FED, "name": "Feeder", "parent": 1, "allocation": "fill"})(site({"meter": 1}))
    assert codes(tree) == [("charging_circuit", "allocation", "circuit_differs")]


def test_what_charging_refers_to_stays():
    tree = site({}, {})
    for resource, id in ((DEVICE, 1), (DEVICE, 2), (CIRCUIT, 1)):
        with pytest.raises(ConfigError):
            edits.erase(resource, id)(tree)
