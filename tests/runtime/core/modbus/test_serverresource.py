import pytest

from runtime.core.edit import edits
from runtime.core.modbus.serverresource import (
    MODBUS_SERVER,
    ModbusServerSpec,
    is_allowed,
    passed_units,
    permitted_units,
    server_of,
)
from runtime.core.site.installation import Installation
from runtime.errors import ConfigError


def spec(**given):
    return ModbusServerSpec(1, **given)


def test_it_is_off_and_passes_nothing_through_until_somebody_says_otherwise():
    server = server_of(Installation())
    assert not server.on and not passed_units(server) and server.port == 502


@pytest.mark.parametrize(
    ("address", "clients", "allowed"),
    [
        ("127.0.0.1", "", True),
        ("::1", "", True),
        ("192.168.1.7", "", True),
        ("fe80::1%eth0", "", True),
        ("8.8.8.8", "", False),
        ("2001:4860:4860::8888", "", False),
        ("::ffff:192.168.1.7", "", True),
        ("8.8.8.8", "8.8.8.8", True),
        ("127.0.0.1", "10.0.0.0/24, 192.168.1.20", False),
        ("10.0.0.200", "10.0.0.0/24 192.168.1.20", True),
        ("::ffff:10.0.0.200", "10.0.0.0/24", True),
        ("10.0.1.1", "10.0.0.7/24", False),
        ("", "", False),
        ("nonsense", "10.0.0.0/8", False),
    ],
)
def test_who_may_read(address, clients, allowed):
    assert is_allowed(address, spec(clients=clients)) is allowed


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"clients": "10.0.0.0/33"}, "network_wrong"),
        ({"clients": "office"}, "network_wrong"),
        ({"clients": ",".join(f"10.0.0.{n}" for n in range(65))}, "out_of_range"),
        ({"units": "1-250"}, "bus_units_wrong"),
        ({"units": "246"}, "bus_units_wrong"),
        ({"units": "a"}, "bus_units_wrong"),
        ({"write_units": "0-3"}, "bus_units_wrong"),
        ({"write_units": "247"}, "bus_units_wrong"),
        ({"host": "localhost"}, "ip_address_wrong"),
        ({"port": 0}, "out_of_range"),
        ({"idle_s": 1}, "out_of_range"),
    ],
)
def test_what_no_server_can_take_is_refused_with_its_code(values, code):
    with pytest.raises(ConfigError) as refused:
        edits.add(MODBUS_SERVER, values)
    assert refused.value.faults[0].code == code


def test_there_is_one_and_it_is_switched_off_instead_of_erased():
    site = edits.add(MODBUS_SERVER, {"on": True, "units": " 1-3, 7 "})(Installation())
    assert server_of(site).units == "1-3,7"
    with pytest.raises(ConfigError, match="numbers were given"):
        edits.add(MODBUS_SERVER, {})(site)
    with pytest.raises(ConfigError, match="switched off"):
        edits.erase(MODBUS_SERVER, 1)(site)


def test_units_are_passed_through_to_a_gateway_only():
    assert passed_units(spec(units="1-3,7")) == frozenset()
    assert passed_units(spec(units="1-3,7", gateway=2)) == {1, 2, 3, 7}


def test_only_what_is_passed_through_may_be_written_to_and_nothing_unless_it_is_said():
    assert permitted_units(spec(units="1-3", gateway=2)) == frozenset()
    assert permitted_units(spec(units="1-3", gateway=2, write_units="3,9")) == {3}
    assert permitted_units(spec(units="1-3", write_units="3")) == frozenset()
