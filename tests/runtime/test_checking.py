"""The whole check with what the loaded plugins say."""

from dataclasses import replace

import pytest

from runtime.checking import Checker
from runtime.clock import SystemClock
from runtime.core.installation import DeviceSpec, GatewaySpec, Installation
from runtime.plugins import load_plugins
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
    assert faults(checker, "tcp://10.0.0.1:99999", replace(METER, model="")) == [("gateway", 1, "url", "url_wrong")]


def test_parameters_that_make_no_map_are_refused_with_their_device(checker):
    wrong = replace(METER, parameters={"function": 99})
    found = faults(checker, device=wrong)
    assert found
    assert {(kind, id, code) for kind, id, _, code in found} == {("device", 1, "parameter_wrong")}
    assert all(field.startswith("parameters") for _, _, field, _ in found)


def test_what_was_said_once_is_remembered(checker):
    assert faults(checker, "tcp://10.0.0.1:99999") == faults(checker, "tcp://10.0.0.1:99999")
