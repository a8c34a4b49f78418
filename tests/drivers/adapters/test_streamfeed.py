"""Frames out of streams, over a real socket and a real pty."""

import os
import pty
import socket
import threading
import tty

import pytest

from drivers.adapters.connection import Connection
from drivers.adapters.serialport import PortSettings, SerialPort
from drivers.adapters.streamfeed import StreamFeed
from drivers.feed import Frame
from drivers.lineframer import LineFramer
from runtime.clock import SystemClock
from runtime.errors import BadAnswer, LinkDown


def read(line):
    if line.startswith(b"!"):
        raise ValueError("marked as damaged")
    return Frame(1, "", line)


def framer():
    return LineFramer(read, longest=20)


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.fixture
def pair(listener):
    feed = StreamFeed(Connection(*listener.getsockname()), framer, SystemClock())
    feed.open()
    peer, _ = listener.accept()
    with peer:
        yield feed, peer
    feed.hang_up()


def test_the_frames_of_a_connection_come_one_by_one_and_the_first_broken_line_never(pair):
    feed, peer = pair
    peer.sendall(b"half a line\nfirst\r\nsec")
    assert feed.hear(5.0).payload == b"first"
    assert feed.hear(0.01) is None
    peer.sendall(b"ond\nthird\n")
    assert [feed.hear(5.0).payload, feed.hear(5.0).payload] == [b"second", b"third"]


def test_a_damaged_frame_is_an_error_and_the_next_one_counts(pair):
    feed, peer = pair
    peer.sendall(b"\n!broken\nwhole\n")
    with pytest.raises(BadAnswer, match="marked as damaged"):
        feed.hear(5.0)
    assert feed.hear(5.0).payload == b"whole"


def test_who_hangs_up_is_a_lost_link_and_a_new_one_begins_with_nothing_of_the_old(pair, listener):
    feed, peer = pair
    peer.sendall(b"\nhalf ")
    assert feed.hear(0.05) is None
    peer.close()
    with pytest.raises(LinkDown):
        feed.hear(5.0)
    assert not feed.is_open
    feed.open()
    again, _ = listener.accept()
    with again:
        again.sendall(b"rest\nwhole\n")
        assert feed.hear(5.0).payload == b"whole"


def test_closing_from_another_thread_wakes_who_hears(pair):
    feed, _ = pair
    waker = threading.Timer(0.02, feed.close)
    waker.start()
    with pytest.raises(LinkDown) as ended:
        feed.hear(60.0)
    waker.join()
    assert ended.value.code == "link_closed"
    with pytest.raises(LinkDown):
        feed.open()


def test_a_serial_port_is_heard_alike():
    master, slave = pty.openpty()
    tty.setraw(slave)
    feed = StreamFeed(SerialPort(PortSettings(os.ttyname(slave), parity="N")), framer, SystemClock())
    feed.open()
    os.write(master, b"\n3;12\n")
    assert feed.hear(5.0) == Frame(1, "", b"3;12")
    feed.hang_up()
    os.close(master)
    os.close(slave)
