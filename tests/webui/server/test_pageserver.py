"""waitress behind the front takes requests over inside the process, and ends what it does not answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.webui.front.test_upstream import Listening, TurnedByHand
from webui.front.upstream import UpstreamExchange
from webui.server.pageserver import THREADS, PageServer


class Asked:
    def __init__(self, pages: PageServer) -> None:
        self.loop, self.asker = TurnedByHand(), Listening()
        head = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        self.exchange = UpstreamExchange(self.loop, pages.take, head, iter(()))  # type: ignore[arg-type]
        self.exchange.start(self.asker)


class Holding:
    """An application that answers when it is let go."""

    def __init__(self) -> None:
        self.entered, self.go_on = threading.Semaphore(0), threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        self.entered.release()
        self.go_on.wait(30)
        start_response("200 OK", [])
        return [b"x"]


@pytest.fixture
def holding() -> Iterator[Holding]:
    made = Holding()
    yield made
    made.go_on.set()


def test_before_the_start_and_after_the_end_a_request_ends_without_an_answer() -> None:
    pages = PageServer(lambda environ, start: [], 1000)
    for act in (lambda: None, pages.start, pages.stop, pages.stop):
        act()
    asked = Asked(pages)
    asked.loop.turn()
    assert asked.asker.ends == 1 and not asked.asker.heard


def test_what_waits_at_the_end_ends_without_an_answer(holding: Holding) -> None:
    pages = PageServer(holding, 1000)
    pages.start()
    running = [Asked(pages) for _ in range(THREADS)]
    for _ in running:
        assert holding.entered.acquire(timeout=30)
    waiting = Asked(pages)
    pages.stop()
    waiting.loop.turn()
    assert waiting.asker.ends == 1 and not waiting.asker.heard
    assert not any(asked.loop.called for asked in running)
