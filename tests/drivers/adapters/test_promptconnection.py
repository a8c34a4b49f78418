"""Connections that never wait, with a poller that this thread waits for."""

import socket
import time
from contextlib import suppress

import pytest

from drivers.adapters.hostroom import HostRoom
from drivers.adapters.poller import Poller
from drivers.adapters.promptconnection import PromptConnection
from runtime.errors import LinkDown


class Scene:
    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.poller, self.called = Poller(), 0
        self.link = self.connection(self.listener.getsockname()[1])

    def connection(self, port, host="127.0.0.1", room=None):
        return PromptConnection(host, port, self.poller, self._call, room)

    def _call(self):
        self.called += 1

    def wait(self, condition):
        until = time.monotonic() + 10.0
        while not condition():
            assert time.monotonic() < until
            for who, events in self.poller.wait(0.05):
                who.happened(events)

    def connected(self):
        self.link.begin_open()
        self.wait(self.link.opened)
        return self.listener.accept()[0]

    def came(self, most=260):
        got = []
        self.wait(lambda: got.append(self.link.take(most)) or got[-1])
        return got[-1]


@pytest.fixture
def scene():
    scene = Scene()
    yield scene
    scene.link.hang_up()
    scene.listener.close()
    scene.poller.close()


def test_it_connects_sends_and_takes_what_comes(scene):
    with scene.connected() as peer:
        assert scene.link.is_open and scene.called
        scene.link.send(b"question", 1.0)
        assert peer.recv(100) == b"question"
        assert scene.link.take(260) == b""
        peer.sendall(b"answer")
        assert scene.came() == b"answer"


def test_it_sends_at_once_and_notices_a_peer_that_is_gone(scene):
    with scene.connected():
        assert scene.link._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert scene.link._socket.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)


def test_what_comes_in_one_piece_may_be_taken_in_several(scene):
    with scene.connected() as peer:
        peer.sendall(b"abcdef")
        assert [scene.came(4), scene.came(4)] == [b"abcd", b"ef"]


def test_a_peer_that_answers_and_hangs_up_is_heard_and_then_gone(scene):
    with scene.connected() as peer:
        peer.sendall(b"last words")
    assert scene.came() == b"last words"
    with pytest.raises(LinkDown) as caught:
        scene.wait(lambda: scene.link.take(260))
    assert caught.value.code == "link_lost" and not scene.link.is_open


def test_a_peer_that_takes_no_bytes_is_noticed(scene):
    with scene.connected() as peer:
        frame, sent = b"x" * 100_000, 0
        while not scene.link.is_stuck():
            scene.link.send(frame, 1.0)
            sent += len(frame)
        peer.setblocking(False)
        received = 0
        until = time.monotonic() + 10.0
        while received < sent and time.monotonic() < until:
            with suppress(BlockingIOError):
                received += len(peer.recv(1 << 20))
            for who, events in scene.poller.wait(0):
                who.happened(events)
        assert received == sent and not scene.link.is_stuck()


def test_a_closed_port_is_said_with_its_cause(scene):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    scene.link = scene.connection(port)
    with pytest.raises(LinkDown) as caught:
        scene.link.begin_open()
        scene.wait(scene.link.opened)
    assert caught.value.code == "link_refused"


def test_a_name_that_nobody_knows_is_said_and_nobody_waits_for_it(scene, monkeypatch):
    def unknown(*_arguments, **_options):
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    scene.link = scene.connection(502, "no-such-host.invalid")
    scene.link.begin_open()
    with pytest.raises(LinkDown) as caught:
        scene.wait(scene.link.opened)
    assert caught.value.code == "link_unknown"


def test_one_that_takes_too_long_is_given_up(scene):
    scene.link.begin_open()
    with pytest.raises(LinkDown) as caught:
        scene.link.give_up_opening()
    assert caught.value.code == "link_timeout" and not scene.link.is_open


def test_closing_from_outside_is_for_good(scene):
    with scene.connected():
        scene.link.wake()
        with pytest.raises(LinkDown) as caught:
            scene.wait(lambda: scene.link.take(260))
        assert caught.value.code == "link_closed"
        with pytest.raises(LinkDown):
            scene.link.begin_open()


def test_a_place_at_a_host_is_given_back_by_whoever_hangs_up_or_comes_to_nothing():
    scene, room = Scene(), HostRoom(1, is_own=lambda _: False)
    port = scene.listener.getsockname()[1]
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = closed.getsockname()[1]
    for _ in range(3):
        refused = scene.connection(nobody, room=room)
        refused.begin_open()
        with pytest.raises(LinkDown, match="refuses"):
            scene.wait(refused.opened)
    first, second = (scene.connection(port, room=room) for _ in range(2))
    first.begin_open()
    scene.wait(first.opened)
    second.begin_open()
    with pytest.raises(LinkDown) as caught:
        second.opened()
    assert caught.value.code == "host_full"
    first.hang_up()
    first.hang_up()
    second.begin_open()
    scene.wait(second.opened)
    second.hang_up()
    scene.poller.close()
    scene.listener.close()
