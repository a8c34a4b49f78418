"""Which counters follow when an index is preset, and from where to where."""

from pathlib import Path

import pytest

from runtime.core.decode.compiled import compile_map
from runtime.core.device.livedevice import LiveDevice
from runtime.core.device.preset import count_in, presets, register_of
from runtime.core.modbus.request import Request
from runtime.core.site.installation import DeviceSpec
from runtime.plugin.plugins import load_plugins

PLUGINS = load_plugins(Path(__file__).parents[4] / "plugins.toml")
READ = Request(20, 3, 0x3000, 24)


def live(id, unit=20, model="legrand-412065", **parameters):
    spec = DeviceSpec(id, f"D{id}", 1, unit, model, parameters=parameters)
    return LiveDevice(spec, compile_map(PLUGINS.map_of(model, parameters)), lambda ts: (0, 600), 0, 30)


def water(id, position, unit=20):
    return live(id, unit, "pulse-water", concentrator="4 120 65", position=position, weight=10)


def registers(*indexes):
    return b"".join(index.to_bytes(4, "big") for index in indexes) + bytes(48 - 4 * len(indexes))


@pytest.fixture
def devices():
    return (live(1), water(2, 2), water(3, 3), water(4, 2, unit=21))


def test_the_concentrator_and_the_meter_on_that_input_go_on_from_the_new_index(devices):
    before, after = (700).to_bytes(4, "big"), (5).to_bytes(4, "big")
    found = presets(devices, devices[0], "pulses_2", 5, before, after)
    told = [(each.device.spec.id, each.quantity, each.closing_n, each.opening_n) for each in found]
    assert told == [(1, "pulses_2", 700, 5), (2, "water_dm3", 7_000_000, 50_000)]


def test_pulses_that_came_before_it_was_read_back_are_counted(devices):
    found = presets(devices, devices[0], "pulses_2", 10, bytes(4), (12).to_bytes(4, "big"))
    assert [each.opening_n for each in found] == [10, 100_000]


def test_from_zero_on(devices):
    found = presets(devices, devices[0], "pulses_2", 0, bytes(4), (1).to_bytes(4, "big"))
    assert [each.opening_n for each in found] == [0, 0]


def test_the_registers_are_found_in_what_was_read(devices):
    payload = registers(1, 700, 3)
    register = register_of(devices[0], "pulses_2", (READ,), (payload,))
    assert register == (700).to_bytes(4, "big")
    assert count_in(devices[0], "pulses_2", register) == 700


@pytest.mark.parametrize("payloads", [(), (None,), (b"\0\0",)])
def test_without_an_answer_nothing_is_known(devices, payloads):
    assert register_of(devices[0], "pulses_2", (READ,), payloads) is None
