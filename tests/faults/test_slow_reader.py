"""A peer that takes no bytes: its window is shut, nothing more goes out. It costs a bus seconds, never its life."""

from __future__ import annotations

import os
import pty
import socket
import threading
import time
import tty

import pytest

from drivers.adapters.connection import Connection
from drivers.adapters.rtu import RtuLine
from drivers.adapters.serialport import PortSettings, SerialPort
from drivers.adapters.tcp import TcpLine
from drivers.gateways import open_line
from runtime.clock import SystemClock
from runtime.core.modbus.request import Request
from runtime.errors import DriverError, LinkDown, NoAnswer
from simulator.fault.faults import Faults
from tests.actors.stage import eventually
from tests.faults.wires import faulty

pytestmark = pytest.mark.faults
TEN = Request(5, 3, 100, 10)
DEAF = Faults(rates={"slow_reader": 1.0})


def stuff(connection, struck):
    """Let the peer take its last request and fill all buffers on the way."""
    wire = connection._socket  # a line ends a connection that leaves one request unanswered: no other way fills it
    wire.send(b"\0\1\0\0\0\6\5\3\0\0\0\1")
    assert eventually(lambda: struck)
    time.sleep(0.1)  # struck, and a turn of its loop later it reads no more
    fill(lambda: wire.send(bytes(65536), socket.MSG_DONTWAIT))


def fill(write):
    """Until nothing has gone out for a while: what is under way still makes room."""
    full_since = time.monotonic()
    while time.monotonic() - full_since < 0.3:
        try:
            write()
            full_since = time.monotonic()
        except BlockingIOError:
            time.sleep(0.01)


@pytest.fixture
def shut():
    """A TCP line to a peer with a shut window."""
    with faulty("tcp", DEAF) as wires:
        connection = Connection("127.0.0.1", wires.port)
        line = TcpLine(connection, SystemClock())
        line.open()
        stuff(connection, wires.proxy.mishaps.struck)
        yield line
        line.close()


def test_a_request_into_a_shut_window_fails_within_the_time_out_of_the_connection(shut):
    with pytest.raises(LinkDown) as caught:  # TCP itself would try for a quarter of an hour
        shut.transact(TEN, 0.1)
    assert caught.value.code == "link_timeout" and not shut.is_open


def test_a_line_that_waits_for_a_shut_window_is_woken_by_closing_it(shut):
    caught = []

    def ask():
        try:
            shut.transact(TEN, 60.0)
        except DriverError as error:
            caught.append(error.code)

    waiting = threading.Thread(target=ask)
    waiting.start()
    time.sleep(0.2)
    shut.close()
    waiting.join()
    assert caught == ["link_closed"]


@pytest.mark.parametrize("kind", ["tcp", "rtutcp", "rtu"])
def test_one_request_that_is_not_read_costs_its_time_out_and_the_next_finds_a_way(kind):
    with faulty(kind, DEAF) as wires:
        line = open_line(wires.url(0.05), SystemClock())
        line.open()
        with pytest.raises(NoAnswer):
            line.transact(TEN, 0.1)
        wires.proxy.faults = Faults()
        time.sleep(max(0.0, line.ready_at(5) - time.monotonic()))
        if not line.is_open:
            line.open()
        assert wires.slave.judged(5, 3, 100, 10, line.transact(TEN, 60.0)) == "right"
        line.close()


def test_a_serial_port_that_takes_no_bytes_fails_within_its_time_out():
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    line = RtuLine(SerialPort(PortSettings(os.ttyname(theirs), 115_200, "N")), SystemClock())
    line.open()
    os.set_blocking(theirs, False)
    fill(lambda: os.write(theirs, bytes(4096)))
    with pytest.raises(LinkDown) as caught:
        line.transact(TEN, 0.1)
    assert caught.value.code == "link_timeout"
    line.close()
    os.close(theirs)
    os.close(ours)
