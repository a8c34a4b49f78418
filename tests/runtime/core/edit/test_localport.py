import pytest

from runtime.core.edit.localport import LocalPort, local_gateway, local_port, set_local_port
from runtime.core.site.defaults import complete
from runtime.core.site.installation import Installation
from runtime.errors import ConfigError

SITE = complete(Installation())


def test_a_new_installation_has_the_settings_of_the_manual():
    assert local_port(SITE) == LocalPort("/dev/ttyUSB0", 19_200, "E", 1, 300)


def test_what_is_set_stands_in_the_address_of_the_local_gateway_and_the_rest_stays():
    site = set_local_port({"baudrate": 9600, "parity": "N", "port": "/dev/ttyS1", "timeout_ms": 500})(SITE)
    assert local_port(site) == LocalPort("/dev/ttyS1", 9600, "N", 1, 500)
    assert local_gateway(site).url == "rtu:///dev/ttyS1?baudrate=9600&parity=N&stopbits=1"
    assert local_port(set_local_port({"stopbits": 2})(site)) == LocalPort("/dev/ttyS1", 9600, "N", 2, 500)


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"baudrate": 12}, "modbus.baudrate", "choice_unknown"),
        ({"parity": "X"}, "modbus.parity", "choice_unknown"),
        ({"stopbits": 3}, "modbus.stopbits", "choice_unknown"),
        ({"timeout_ms": 1}, "modbus.timeout_ms", "out_of_range"),
        ({"port": "/etc/passwd"}, "modbus.port", "port_wrong"),
        ({"port": "/dev/ttyS1?exclusive=0"}, "modbus.port", "port_wrong"),
        ({"speed": 1}, "modbus.speed", "key_unknown"),
    ],
)
def test_what_no_port_takes_is_refused_with_its_field(values, field, code):
    with pytest.raises(ConfigError) as refusal:
        set_local_port(values)
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [(field, code)]


def test_an_edition_without_a_port_has_no_settings():
    site = Installation(edition="255")
    assert local_port(site) is None
    with pytest.raises(ConfigError) as refusal:
        set_local_port({"parity": "N"})(site)
    assert refusal.value.code == "local_missing"
