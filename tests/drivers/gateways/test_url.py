import pytest

from drivers.gateways import open_line
from runtime.clock import SystemClock
from runtime.errors import ConfigError


@pytest.mark.parametrize(
    "url",
    [
        "tcp://192.168.1.20:502",
        "tcp://gateway.local",
        "tcp://[::1]:1502",
        "rtutcp://192.168.1.20:4001?late_max_ms=500&echo=1",
        "rtu:///dev/ttyUSB0",
        "rtu:///dev/serial/by-id/usb-FTDI-if00-port0?baudrate=9600&parity=N&stopbits=2",
    ],
)
def test_a_good_address_makes_a_line_and_touches_no_wire(url):
    assert not open_line(url, SystemClock()).is_open


@pytest.mark.parametrize(
    ("url", "faults"),
    [
        ("", ["expected tcp://"]),
        ("http://host", ["is no address of a gateway"]),
        ("tcp://", ["names no host"]),
        ("tcp://host:70000", ["port: is not a number from 1 to 65535"]),
        ("tcp://host:x", ["port: is not a number"]),
        ("tcp://[host", ["Invalid IPv6"]),
        ("tcp://a..b", ["'a..b' is neither a name nor an address of a machine"]),
        ("tcp://0177.0.0.1", ["is neither a name nor an address of a machine"]),
        ("tcp://-x:502", ["is neither a name nor an address of a machine"]),
        ("tcp://host#x", ["has a # in it"]),
        ("tcp://host:502/path", ["has a path"]),
        ("tcp://host?baudrate=9600", ["baudrate: is not an option of this address"]),
        ("rtu://ttyUSB0", ["names no serial port", "three slashes"]),
        ("rtu:///", ["names no serial port"]),
        ("rtu:///dev/x?baudrat=9600", ["did you mean baudrate?"]),
        (
            "rtu:///dev/x?baudrate=fast&parity=X",
            ["baudrate: is 'fast': expected a whole", "parity: is 'X': expected one of N"],
        ),
    ],
)
def test_all_that_is_wrong_with_an_address_is_said_at_once(url, faults):
    with pytest.raises(ConfigError) as caught:
        open_line(url, SystemClock())
    assert all(fault in caught.value.message for fault in faults)
