"""Addresses of meters."""

import os
import pty
import tty

import pytest

from drivers.api import ConfigError
from drivers.teleinfo.feeds import network_tic, serial_tic
from runtime.clock import SystemClock
from tests.tic import HOURS, LINKY, sent, with_parity


@pytest.fixture
def port():
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    yield ours, os.ttyname(theirs)
    os.close(theirs)
    os.close(ours)


@pytest.mark.parametrize(("typed", "mode"), [(HOURS, "historique"), (LINKY, "standard")])
def test_telegrams_come_out_of_a_port_with_parity_in_the_eighth_bit(port, typed, mode):
    ours, path = port
    feed = serial_tic(f"tic://{path}?mode={mode}", SystemClock())
    feed.open()
    os.write(ours, with_parity(sent(typed)))
    frames = [feed.hear(5.0) for _ in range(2 if mode == "historique" else 1)]
    assert frames[-1].name == mode
    feed.hang_up()


@pytest.mark.parametrize(
    ("make", "url"),
    [
        (serial_tic, "tic:///dev/ttyUSB0?mode=both"),
        (serial_tic, "tic:///dev/ttyUSB0?baudrate=9600"),
        (serial_tic, "tic://host"),
        (network_tic, "tic+tcp://"),
        (network_tic, "tic+tcp://host:0"),
    ],
)
def test_an_address_that_is_wrong_is_refused(make, url):
    with pytest.raises(ConfigError):
        make(url, SystemClock())
