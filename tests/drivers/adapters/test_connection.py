import socket
import struct
import threading

import pytest

from drivers.adapters.connection import Connection
from runtime.errors import LinkDown


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.fixture
def pair(listener):
    connection = Connection(*listener.getsockname())
    connection.open()
    peer, _ = listener.accept()
    with peer:
        yield connection, peer
        connection.hang_up()


def test_bytes_come_as_soon_as_there_are_any(pair):
    connection, peer = pair
    peer.sendall(b"abc")
    assert connection.receive(2, 1.0) == b"ab"
    assert connection.receive(100, 1.0) == b"c"


@pytest.mark.parametrize("wait_s", [0.0, 0.02, -1.0])
def test_without_any_in_time_there_are_none(pair, wait_s):
    assert pair[0].receive(10, wait_s) == b""


def test_the_other_side_hanging_up_is_a_lost_link(pair):
    connection, peer = pair
    peer.close()
    with pytest.raises(LinkDown, match="closed the connection") as caught:
        connection.receive(10, 1.0)
    assert caught.value.code == "link_lost"
    assert not connection.is_open


def test_waking_ends_a_wait_at_once(pair):
    connection, _ = pair
    threading.Timer(0.05, connection.wake).start()
    with pytest.raises(LinkDown) as caught:
        connection.receive(10, 30.0)
    assert caught.value.code == "link_closed"


def test_after_waking_it_never_opens_again(pair):
    connection, _ = pair
    connection.wake()
    with pytest.raises(LinkDown) as caught:
        connection.open()
    assert caught.value.code == "link_closed"


def test_without_a_connection_nothing_can_be_sent():
    with pytest.raises(LinkDown, match="no connection"):
        Connection("127.0.0.1", 1).send(b"x", 1.0)


def test_an_address_of_version_6_is_named_with_brackets():
    assert Connection("::1", 502).name == "[::1]:502"


def test_a_side_that_takes_no_bytes_is_waited_for_as_long_as_asked_and_hung_up(pair):
    connection, _ = pair
    connection.send(b"x", 0.6)
    seconds, micros = struct.unpack("ll", connection._socket.getsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, 16))
    assert seconds == 0 and 750_000 <= micros < 770_000  # the kernel counts in its own ticks
    with pytest.raises(LinkDown, match="takes no") as error:
        connection.send(bytes(50_000_000), 0.05)
    assert error.value.code == "link_timeout"
    assert not connection.is_open
