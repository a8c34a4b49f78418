import datetime

import pytest

from runtime.core.accounting.accounting import NUMBERS, accounting_of
from runtime.core.clock import timegrid
from runtime.core.edit.installationfile import dump, load
from runtime.core.site.installation import Installation
from runtime.errors import ConfigError
from runtime.plugin.plugins import load_plugins
from runtime.plugin.sitecheck import known_by
from runtime.settings import default_plugins
from simulator.__main__ import SCENARIOS
from simulator.fault.faults import Faults
from simulator.play.installation import installation
from simulator.play.site import Location, locate
from simulator.scenario.models import Models
from simulator.scenario.plan import EventPlan
from simulator.scenario.scenario import load_scenario, parse_scenario
from tests.simulator.conftest import SMALL

MODELS = Models()


def faults(text):
    with pytest.raises(ConfigError) as caught:
        parse_scenario(text, "site.toml", MODELS)
    assert all(fault.file == "site.toml" for fault in caught.value.faults)
    return {fault.key: fault for fault in caught.value.faults}


def test_a_meter_before_others_measures_all_their_branches():
    devices = {device.name: device.branches for device in parse_scenario(SMALL, "", MODELS).devices}
    assert devices["Board"] == ("Heaters", "Lamps") and devices["Main"] == ("Presses", "Heaters", "Lamps", "Rest")


@pytest.mark.parametrize(
    ("right", "wrong", "key", "hint"),
    [
        ('model = "abb-b23"', 'model = "abb-b32"', "device[1].model", "abb-b23"),
        ('profile = "machines"', 'profile = "machine"', "device[2].profile", "machines"),
        ('gateway = "Slow"', 'gateway = "Slwo"', "device[3].gateway", "Slow"),
        ('load = "Heating"', 'load = "Heatnig"', "device[2].load", "Heating"),
        ('"Heaters", "Lamps"', '"Heater", "Lamps"', "device[3].measures", "Heaters"),
        ('"Presses", "Board", "Rest"', '"Presses", "Roof"', "device[1].measures", "meter of its own"),
        ('"Heaters", "Lamps"', '"Main"', "device[3].measures", ""),
        ("unit = 2", "unit = 1", "device[2].unit", ""),
        ("[500, 300, 200]", "[500, 300, 100]", "device[2].shares", ""),
        ("tcp://127.0.0.1:0", "udp://127.0.0.1:0", "gateway[1].listen", "tcp://host:port"),
        ("turnaround_ms = 40", "turnaround = 40", "gateway[2].turnaround", "turnaround_ms"),
        ("origin = 2025-05-01", 'origin = "May"', "site.origin", "2023-01-01"),
        ("seed = 3", 'seed = 3\nzone = "Mars/Base"', "site.zone", ""),
        ("ct = 40", 'ct = "forty"', "device[3].ct", ""),
        ("[site]", "[sitte]", "sitte", "site"),
        ("ct = 40", 'ct = 40\nfeeds = {Lmaps = "l1"}', "device[3].feeds", "Lamps"),
        ("ct = 40", 'ct = 40\nfeeds = {Lamps = "l4"}', "device[3].feeds", "l1l2l3"),
    ],
)
def test_each_mistake_is_told_with_its_place_and_the_nearest_right_word(right, wrong, key, hint):
    found = faults(SMALL.replace(right, wrong, 1))
    assert key in found and hint in found[key].hint


FAULTY = SMALL.replace("turnaround_ms = 40", "turnaround_ms = 40\nfaults = {late = 0.02, late_s = [0.5, 2]}")
EVENT = """
[[event]]
gateway = "Line"
after_s = 60
mode = "unplugged"
faults = {wrong_crc = 0.5}
for_s = 10
every_s = 100
"""


def test_gateways_have_faults_and_things_happen_to_them():
    scenario = parse_scenario(FAULTY + EVENT, "", MODELS)
    plans = {plan.name: plan.faults for plan in scenario.gateways}
    assert plans["Slow"] == Faults({"late": 0.02}, late_s=(0.5, 2.0)) and plans["Hall"] is None
    assert scenario.events == (EventPlan("Line", 60, "unplugged", Faults({"wrong_crc": 0.5}), 10, 100),)


@pytest.mark.parametrize(
    ("right", "wrong", "key", "hint"),
    [
        ("late = 0.02", "lat = 0.02", "gateway[2].faults.lat", "late"),
        ("late = 0.02", "wrong_crc = 0.02", "gateway[2].faults.wrong_crc", "silence"),
        ('"Line"\nafter', '"Lime"\nafter', "event[1].gateway", "Line"),
        ("after_s = 60", "after = 60", "event[1].after", "after_s"),
        ("after_s = 60", "after_s = -1", "event[1].after_s", ""),
        ('mode = "unplugged"', 'mode = "unpluged"', "event[1].mode", "unplugged"),
        ("wrong_crc = 0.5", "wrong_length = 0.5", "event[1].faults.wrong_length", "wrong_crc"),
        ("for_s = 10", "for_s = 100", "event[1].every_s", "for_s"),
        ('mode = "unplugged"\nfaults = {wrong_crc = 0.5}', "", "event[1].mode", "silent"),
    ],
)
def test_mistakes_in_faults_and_events_are_told_with_their_place(right, wrong, key, hint):
    found = faults((FAULTY + EVENT).replace(right, wrong, 1))
    assert key in found and hint in found[key].hint


def test_several_mistakes_are_told_at_once():
    assert len(faults(SMALL.replace("abb-b23", "abb").replace('"lighting"', '"lights"'))) == 3


def test_what_is_no_toml_or_no_file_is_said_in_one_line(tmp_path):
    assert "not valid TOML" in faults("[site")[""].message
    with pytest.raises(ConfigError, match="cannot be read"):
        load_scenario(tmp_path / "none.toml", MODELS)


def test_a_generic_meter_needs_its_parameters():
    text = SMALL.replace('model = "socomec-c550"', 'model = "generic-modbus-meter"')
    assert "device[4].parameters.register" in faults(text)


@pytest.mark.parametrize("scenario", sorted(SCENARIOS.glob("*.toml")), ids=lambda path: path.stem)
def test_the_installation_of_a_scenario_loads_as_it_was_dumped(scenario, tmp_path):
    fits = installation(locate(load_scenario(scenario, MODELS), Location(tmp_path)))
    known = known_by(load_plugins(default_plugins()))
    loaded = load(dump(fits), "installation.toml", Installation(), known)
    assert (loaded.gateways, loaded.devices, loaded.loads, loaded.groups) == (
        fits.gateways, fits.devices, fits.loads, fits.groups,
    )  # fmt: skip
    assert (loaded.site, loaded.zone, loaded.interval_s) == (fits.site, fits.zone, fits.interval_s)


def test_a_scenario_can_be_played_elsewhere(tmp_path):
    scenario = locate(load_scenario(SCENARIOS / "factory.toml", MODELS), Location(tmp_path, "127.0.0.2", 20_000))
    urls = [gateway.url for gateway in installation(scenario).gateways]
    assert urls[0] == "tcp://127.0.0.2:20000" and urls[3] == "tcp://127.0.0.2:20003"
    assert urls[4].startswith(f"rtu://{tmp_path}/wattkeeper-rs485?")


def test_the_factory_is_what_the_demo_promises():
    factory = installation(load_scenario(SCENARIOS / "factory.toml", MODELS))
    assert len(factory.devices) >= 30 and len(factory.gateways) == 7
    numbers = {device.number for device in factory.devices}
    assert {"0 288 00", "4 149 40", "4 149 29", "4 149 32", "0 261 36", "0 288 12", "4 120 65"} <= numbers
    assert sum("greenup" in device.model for device in factory.devices) == 4  # sides of charging stations
    assert {"pulse-water", "pulse-gas"} <= {device.model for device in factory.devices}
    assert {"Heating", "Cooling", "Domestic hot water", "Lighting", "Sockets", "Ventilation"} < {
        load.name for load in factory.loads
    }


def test_the_factory_pays_for_every_minute_by_its_tariffs():
    site = installation(load_scenario(SCENARIOS / "factory.toml", MODELS))
    rules = accounting_of(site).tariffs[NUMBERS["electricity"]]
    names = {tariff.id: tariff.name for tariff in site.tariffs}

    def tariff(text):
        return names[rules.tariff_of(int(datetime.datetime.fromisoformat(text).timestamp()))[0]]

    week = [f"2026-11-{day} {hour}:30+01:00" for day in (20, 21) for hour in ("03", "12", "19", "23")]
    assert [tariff(text) for text in week] == ["Off-peak", "Peak", "Peak", "Off-peak"] + ["Off-peak"] * 4
    assert tariff("2026-12-02 19:30+01:00") == "Winter peak" and tariff("2026-12-02 17:59+01:00") == "Peak"
    assert tariff("2026-12-25 12:00+01:00") == "Off-peak" == tariff("2027-01-01 12:00+01:00")
    day = timegrid.day_start(datetime.date(2026, 1, 1).toordinal(), accounting_of(site).zone)
    assert all(rules.rule_of(day + minute * 60) for minute in range(366 * 1440))


def test_wrong_tariffs_of_a_scenario_are_told_like_all_else():
    assert "tariff[1].price" in faults(SMALL + '\n[[tariff]]\nname = "t"\nprice = "much"\n')


FURNISHED = (
    SMALL
    + """
[[device]]
name = "Side 1"
gateway = "Hall"
unit = 30
side = "left"
model = "legrand-greenup-old"
[[device]]
name = "Side 2"
gateway = "Hall"
unit = 30
side = "right"
model = "legrand-greenup-old"
shows = {limit_a = 10}
cars_s = 600
[[device]]
name = "State"
gateway = "Hall"
unit = 2
interface = 2
model = "legrand-414929"
number = "4 149 29"
[[device]]
name = "Control"
gateway = "Hall"
unit = 2
interface = 2
model = "legrand-414931"
labels = {output_1 = "Gate"}
[[event]]
device = "State"
after_s = 5
happens = {breaker_state = "tripped"}
for_s = 5
"""
)


def test_sides_and_modules_share_an_address():
    found = parse_scenario(FURNISHED, "small.toml", MODELS)
    assert [(d.name, d.side, d.interface) for d in found.devices[-4:]] == [
        ("Side 1", "left", 0), ("Side 2", "right", 0), ("State", "", 2), ("Control", "", 2),
    ]  # fmt: skip
    assert found.devices[-3].shows == {"limit_a": 10_000}
    assert found.events[-1].happens == {"breaker_state": 2}


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        ('side = "right"', 'side = "left"', "device[8].unit"),
        ('legrand-414931"', 'legrand-414929"', "device[10].unit"),
        ('legrand-414931"', 'legrand-414919"', "device[10].profile"),
        ("limit_a = 10", 'limit_a = "ten"', "device[8].shows.limit_a"),
        ('breaker_state = "tripped"', 'breaker_state = "ajar"', "event[1].happens.breaker_state"),
        ('happens = {breaker_state = "tripped"}', "", "event[1].happens"),
        ('device = "State"\nafter', 'device = "Stat"\nafter', "event[1].device"),
    ],
)
def test_mistakes_in_what_is_furnished_are_told(right, wrong, key):
    assert right in FURNISHED
    with pytest.raises(ConfigError) as caught:
        parse_scenario(FURNISHED.replace(right, wrong, 1), "small.toml", MODELS)
    assert key in [fault.key for fault in caught.value.faults]


def test_a_device_is_below_the_one_that_measures_the_least_beyond_it(tmp_path):
    fits = installation(locate(load_scenario(SCENARIOS / "factory.toml", MODELS), Location(tmp_path)))
    names = {device.id: device.name for device in fits.devices}
    above = {device.name: names.get(device.above, "") for device in fits.devices}
    assert above["Line 1 presses"] == "Hall 1 board" and above["Hall 1 board"] == "Main incomer"
    assert above["Main incomer"] == above["PV roof"] == ""
