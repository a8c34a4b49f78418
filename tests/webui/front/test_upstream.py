from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.webui.front.stage import GET, front
from webui.front import upstream
from webui.front.upstream import Left, UpstreamExchange

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


class TurnedByHand:
    """What an exchange needs of a loop; ``turn`` does what was called for."""

    def __init__(self) -> None:
        self.called: list[Callable[[], None]] = []
        self.is_over = False

    def call_soon(self, act: Callable[[], None]) -> None:
        self.called.append(act)

    def call_soon_threadsafe(self, act: Callable[[], None]) -> None:
        if self.is_over:
            raise RuntimeError("Event loop is closed")
        self.called.append(act)

    def turn(self) -> None:
        called, self.called = self.called, []
        for act in called:
            act()


class Listening:
    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.ends = 0

    def answer_comes(self, data: bytes) -> None:
        self.heard.append(data)

    def answer_ends(self) -> None:
        self.ends += 1


class Scene:
    def __init__(self) -> None:
        self.loop, self.asker = TurnedByHand(), Listening()
        self.exchange = UpstreamExchange(self.loop, lambda exchange: None, b"", iter(()))  # type: ignore[arg-type]
        self.exchange.start(self.asker)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_small_answer_comes_in_one_piece_and_wakes_the_loop_once(scene: Scene) -> None:
    scene.exchange.write(HEAD)
    assert not scene.loop.called
    scene.exchange.write(b"body")
    scene.exchange.end()
    assert len(scene.loop.called) == 1
    scene.loop.turn()
    assert scene.asker.heard == [HEAD + b"body"] and scene.asker.ends == 1


def test_a_head_alone_comes_with_the_end(scene: Scene) -> None:
    scene.exchange.write(HEAD)
    scene.exchange.end()
    scene.exchange.end()
    scene.loop.turn()
    assert scene.asker.heard == [HEAD] and scene.asker.ends == 1 and not scene.loop.called


def test_a_large_answer_lets_others_have_their_turn_between_pieces(scene: Scene) -> None:
    scene.exchange.write(HEAD)
    scene.exchange.write(bytes(150_000))
    scene.exchange.end()
    turns = 0
    while scene.loop.called:
        scene.loop.turn()
        turns += 1
    assert turns == 3 and sum(map(len, scene.asker.heard)) == len(HEAD) + 150_000 and scene.asker.ends == 1


def test_nothing_is_taken_while_the_client_is_slow(scene: Scene) -> None:
    scene.exchange.wait()
    scene.exchange.write(HEAD)
    scene.exchange.write(b"body")
    scene.exchange.end()
    scene.loop.turn()
    assert not scene.asker.heard and not scene.asker.ends
    scene.exchange.hear()
    scene.loop.turn()
    assert scene.asker.heard == [HEAD + b"body"] and scene.asker.ends == 1


def test_an_answer_that_nobody_wants_ends_where_it_is_made(scene: Scene) -> None:
    scene.exchange.write(HEAD)
    scene.exchange.write(b"body")
    scene.exchange.close()
    with pytest.raises(Left):
        scene.exchange.write(b"more")
    scene.exchange.end()
    scene.loop.turn()
    assert not scene.asker.heard and not scene.asker.ends


def test_a_thread_with_too_much_waits_until_the_client_left(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstream, "MOST_BYTES", 10)
    scene.exchange.write(bytes(11))
    left = threading.Event()

    def write() -> None:
        with pytest.raises(Left):
            scene.exchange.write(b"more")
        left.set()

    writing = threading.Thread(target=write)
    writing.start()
    assert not left.is_set()
    scene.exchange.close()
    writing.join(30)
    assert left.is_set()


def test_nobody_waits_for_ever_for_a_client_that_takes_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstream, "MOST_BYTES", 10)
    monkeypatch.setattr(upstream, "PATIENCE_S", 0.0)
    scene.exchange.write(bytes(11))
    with pytest.raises(Left):
        scene.exchange.write(b"more")


def test_a_loop_that_is_over_wants_no_answer(scene: Scene) -> None:
    scene.loop.is_over = True
    scene.exchange.write(HEAD)
    scene.exchange.end()
    assert scene.exchange.is_closed


def test_requests_one_after_the_other_have_their_answers_in_order(tmp_path: Path) -> None:
    with front(tmp_path) as door, door.connect() as client:
        client.sendall(GET * 3)
        assert client.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_pages_that_do_not_serve_are_said_to_be_busy(tmp_path: Path) -> None:
    with front(tmp_path) as door:
        door.server._pages.stop()
        answer = door.ask(GET)
        assert (answer.status, answer.headers["connection"]) == (503, "close")


def test_files_beyond_1024_are_no_obstacle(tmp_path: Path) -> None:
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    try:
        with front(tmp_path) as door, door.connect() as client:
            assert client.fileno() > 1024
            assert door.ask(GET).status == 200
    finally:
        for handle in held:
            os.close(handle)
