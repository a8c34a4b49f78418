"""The whole check with what the loaded plugins say."""

from dataclasses import replace

import pytest

from runtime.clock import SystemClock
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from runtime.plugin.compiledmaps import Maps
from runtime.plugin.plugins import load_plugins
from runtime.plugin.sitecheck import Checker
from runtime.settings import default_plugins


@pytest.fixture(scope="module")
def checker():
    return Checker(load_plugins(default_plugins()), SystemClock())


METER = DeviceSpec(1, "Meter", 1, 1, "generic-modbus-meter", parameters={"function": 3, "register": "0x0034"})


def faults(checker, url="tcp://10.0.0.1:502", device=METER):
    site = Installation(gateways=(GatewaySpec(1, "Hall", url),), devices=(device,))
    return [(fault.kind, fault.id, fault.field, fault.code) for fault in checker.faults(site)]


def test_models_that_measure_thd_are_known(checker):
    assert "legrand-412045" in checker.known.thd
    assert "eastron-sdm120" not in checker.known.thd


def test_an_address_that_makes_no_line_is_refused_with_its_gateway(checker):
    assert faults(checker, "tcp://10.0.0.1:99999", replace(METER, model="")) == [("gateway", 1, "url", "gateway_port")]


def test_parameters_that_make_no_map_are_refused_with_their_device(checker):
    wrong = replace(METER, parameters={"function": 99})
    found = faults(checker, device=wrong)
    assert found
    assert {(kind, id, code) for kind, id, _, code in found} == {("device", 1, "parameter_wrong")}
    assert all(field.startswith("parameters") for _, _, field, _ in found)


def test_what_was_said_once_is_remembered(checker):
    assert faults(checker, "tcp://10.0.0.1:99999") == faults(checker, "tcp://10.0.0.1:99999")


def test_a_pulse_meter_is_checked_against_what_it_hangs_on(checker):
    water = DeviceSpec(
        1, "Water", 1, 5, "pulse-water", number="Water counter", position=3, parameters={"concentrator": "0 046 87"}
    )
    assert faults(checker, device=water) == []
    assert {field for _, _, field, _ in faults(checker, device=replace(water, position=8))} == {"position"}
    lost = replace(water, parameters={"concentrator": "4 120 53"})
    assert {field for _, _, field, _ in faults(checker, device=lost)} == {"parameters.concentrator"}


def test_modules_of_an_ems_group_share_their_address(checker):
    measure = DeviceSpec(1, "Measure", 1, 15, "legrand-414919", number="4 149 19")
    control = DeviceSpec(2, "Control", 1, 15, "legrand-414931", number="4 149 31")
    site = Installation(gateways=(GatewaySpec(1, "Hall", "tcp://h"),), devices=(measure, control))
    assert checker.faults(site) == []
    doubled = replace(site, devices=(*site.devices, DeviceSpec(3, "State", 1, 15, "legrand-414929")))
    assert [(fault.field, fault.code) for fault in checker.faults(doubled)] == [("unit", "function_doubled")]


def test_a_driver_that_fails_refuses_the_device_and_takes_nobody_along(monkeypatch, caplog):
    plugins = load_plugins(default_plugins())

    def broken(_parameters):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setitem(plugins.makers, "generic-modbus-meter", broken)
    site = Installation(gateways=(GatewaySpec(1, "Hall", "tcp://10.0.0.1"),), devices=(METER,))
    (fault,) = Checker(plugins, SystemClock()).faults(site)
    assert (fault.field, fault.code) == ("parameters", "parameter_wrong")
    assert "ZeroDivisionError" in fault.message
    maps = Maps(plugins)
    maps.follow(site)
    assert maps.of == {}
    assert "a driver fails" in caplog.text
