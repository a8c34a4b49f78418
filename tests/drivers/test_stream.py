import pytest

from drivers.adapters.serialport import PortSettings
from drivers.feed import Frame
from drivers.gateways import make_source, open_line
from drivers.lineframer import LineFramer
from drivers.stream import network_feed, serial_feed
from runtime.clock import SystemClock
from runtime.core.source.scheme import Scheme
from runtime.errors import ConfigError

CLOCK = SystemClock()
TELEINFO = {"baudrate": 1200, "parity": "E"}


def framer():
    return LineFramer(lambda line: Frame(1, "", line))


def test_a_feed_of_the_network_has_the_usual_port_unless_told():
    assert network_feed("s0://h", CLOCK, framer, port=4300)._stream.name == "h:4300"
    assert network_feed("s0://h:1", CLOCK, framer, port=4300)._stream.name == "h:1"


def test_a_serial_feed_has_the_usual_settings_unless_told():
    told = serial_feed("tic:///dev/x?baudrate=9600", CLOCK, framer, **TELEINFO)._stream.settings
    assert told == PortSettings("/dev/x", 9600, "E", 1)


@pytest.mark.parametrize("url", ["tic:///dev/x?speed=1", "tic:///dev/x?baudrate=quick", "tic://"])
def test_what_is_wrong_with_a_serial_address_is_told_before_anything_is_opened(url):
    with pytest.raises(ConfigError):
        serial_feed(url, CLOCK, framer, **TELEINFO)


@pytest.mark.parametrize("url", ["s0://", "s0://h/path", "s0://h:0", "s0://h?echo=1"])
def test_what_is_wrong_with_an_address_of_the_network_is_told_too(url):
    with pytest.raises(ConfigError):
        network_feed(url, CLOCK, framer, port=4300)


def test_who_wants_to_ask_gets_no_feed():
    scheme = Scheme("s0", "S0", "s0://h", lambda url, clock: network_feed(url, clock, framer, port=1), "s0", True)
    assert not make_source("s0://h", CLOCK, [scheme]).is_open
    with pytest.raises(ConfigError, match="heard, not asked"):
        open_line("s0://h", CLOCK, [scheme])
    with pytest.raises(ConfigError, match="expected s0://h"):
        make_source("tcp://h", CLOCK, [scheme])
