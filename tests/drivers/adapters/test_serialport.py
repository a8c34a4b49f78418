import os
import pty
import tty

import pytest

from drivers.adapters.serialport import PortSettings, SerialPort
from runtime.errors import LinkDown


def test_a_character_with_parity_has_eleven_bits():
    assert PortSettings("/dev/x", 19200, "E", 1).character_s == 11 / 19200


def test_frames_are_apart_by_three_and_a_half_characters():
    assert PortSettings("/dev/x", 19200, "E", 1).silence_s == 3.5 * 11 / 19200


def test_above_19200_baud_the_silence_is_fixed():
    assert PortSettings("/dev/x", 115200, "N", 1).silence_s == 0.00175


@pytest.fixture
def port():
    master, slave = pty.openpty()
    tty.setraw(slave)
    port = SerialPort(PortSettings(os.ttyname(slave), parity="N"))
    port.open()
    yield port
    port.hang_up()
    os.close(master)
    os.close(slave)


def test_a_port_that_takes_no_bytes_is_closed_when_the_time_is_over(port):
    with pytest.raises(LinkDown, match="takes no bytes") as error:
        port.send(bytes(1_000_000), 0.05)
    assert error.value.code == "link_timeout"
    assert not port.is_open
