import pytest

from drivers.gateways.modbus import RTU, TCP
from runtime.core.decode.compiled import compile_map
from runtime.plugin.plugins import load_plugins
from runtime.settings import default_plugins

METER = compile_map(load_plugins(default_plugins()).map_of("legrand-412045"))


def test_a_pass_over_many_devices_takes_as_many_times_as_long():
    assert TCP.cycle_time_s("tcp://h", [METER] * 9) == pytest.approx(9 * TCP.cycle_time_s("tcp://h", [METER]))
    assert TCP.cycle_time_s("tcp://h", []) == 0.0


def test_a_slow_wire_takes_longer_and_a_network_adds_its_way():
    serial = RTU.cycle_time_s("rtu:///dev/ttyS1?baudrate=19200&parity=E", [METER])
    assert RTU.cycle_time_s("rtu:///dev/ttyS1?baudrate=9600", [METER]) > serial
    assert TCP.cycle_time_s("tcp://10.0.0.1:502", [METER]) > serial


def test_sixty_registers_at_19200_take_about_as_long_as_the_wire_needs():
    per_read_s = RTU.cycle_time_s("rtu:///dev/ttyS1", [METER]) / sum(b.kind in ("live", "energy") for b in METER.blocks)
    assert 0.03 < per_read_s < 0.2
