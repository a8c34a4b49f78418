"""Posting, starting, restarting: what supervision costs."""

from __future__ import annotations

import logging
import statistics
import threading
import time
from typing import Any

import pykka
import pytest

from actors.mailbox.base import Actor, Incarnation
from actors.mailbox.directory import Directory
from actors.message.device import Begin, Minute
from actors.supervision.supervisor import ChildSpec, Supervisor
from runtime.clock import SystemClock
from runtime.core.restarts import Policy
from runtime.viewboard import Views
from tests.actors.stage import Do, Doer
from tests.bench.table import Row, tell

pytestmark = pytest.mark.bench

POSTS = 300_000
AT_ONCE = Policy(crashes=10**9, window_s=1.0, first_s=0.0, longest_s=0.0)


@pytest.fixture(autouse=True)
def _quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


class Counting(Actor):
    def __init__(self, incarnation: Incarnation, done: threading.Event) -> None:
        super().__init__(incarnation)
        self.count, self.done = 0, done

    def on_receive(self, message: Any) -> None:
        self.count += 1
        if self.count == POSTS:
            self.done.set()


class PlainCounting(pykka.ThreadingActor):
    def __init__(self, done: threading.Event) -> None:
        super().__init__()
        self.count, self.done = 0, done

    def on_receive(self, message: Any) -> None:
        self.count += 1
        if self.count == POSTS:
            self.done.set()


def test_posts_a_second_until_they_are_handled():
    def ours() -> float:
        directory, done = Directory(), threading.Event()
        actor = Counting(Incarnation("a", 1, directory, SystemClock(), Views()), done)
        actor._start_actor_loop()
        start = time.perf_counter()
        for _ in range(POSTS):
            directory.post("a", MESSAGE)
        done.wait()
        actor.ask_stop()
        return POSTS / (time.perf_counter() - start)

    def plain() -> float:
        done = threading.Event()
        reference = PlainCounting.start(done)
        start = time.perf_counter()
        for _ in range(POSTS):
            reference.tell(MESSAGE)
        done.wait()
        took = time.perf_counter() - start
        reference.stop()
        return POSTS / took

    rate, beside = max(ours() for _ in range(3)), max(plain() for _ in range(3))
    tell(Row("posts until handled", "≥ 300,000/s", f"{rate:,.0f}/s", rate >= 300_000, f"Pykka's tell {beside:,.0f}/s"))


MESSAGE = Minute(0)


class Beginning(Doer):
    def __init__(self, incarnation: Incarnation, begun: list[float]) -> None:
        super().__init__(incarnation)
        self.begun = begun

    def on_receive(self, message: Any) -> None:
        if isinstance(message, Begin):
            self.begun.append(time.perf_counter())
        super().on_receive(message)


def wait_for(begun: list[float], count: int) -> None:
    while len(begun) < count:
        time.sleep(0.0001)


def test_starting_and_stopping_600_actors():
    begun: list[float] = []
    supervisor = Supervisor(Directory(), SystemClock(), Views(), lambda *_why: None)
    specs = [
        ChildSpec(f"bus.{number}", lambda incarnation: Beginning(incarnation, begun), kind="bus")
        for number in range(600)
    ]
    start = time.perf_counter()
    supervisor.start(specs)
    wait_for(begun, 600)
    took_s = max(begun) - start
    stop = time.perf_counter()
    assert supervisor.stop()
    stopped_s = time.perf_counter() - stop
    tell(Row("600 actors started, until the last begins", "≤ 0.3 s", f"{took_s:.3f} s", took_s <= 0.3))
    tell(Row("600 actors stopped, threads ended", "≤ 3 s", f"{stopped_s:.3f} s", stopped_s <= 3))


def test_restart_of_a_crashed_actor_among_600():
    begun: list[float] = []
    crashed: list[float] = []

    def crash(_actor: Actor) -> None:
        crashed.append(time.perf_counter())
        raise RuntimeError

    directory = Directory()
    supervisor = Supervisor(directory, SystemClock(), Views(), lambda *_why: None)
    supervisor.start([ChildSpec(f"leaf.{number}", Doer) for number in range(599)])
    supervisor.add(ChildSpec("a", lambda incarnation: Beginning(incarnation, begun), policy=AT_ONCE))
    wait_for(begun, 1)
    for count in range(200):
        while not directory.post("a", Do(crash)):
            time.sleep(0.0001)
        wait_for(begun, count + 2)
    delays_ms = sorted((after - before) * 1000 for before, after in zip(crashed, begun[1:], strict=True))
    supervisor.stop()
    middle, worst = statistics.median(delays_ms), delays_ms[int(len(delays_ms) * 0.99)]
    measured = f"{middle:.2f} ms in the middle, {worst:.2f} ms at 99 %"
    tell(Row("crash to the next Begin, less the back-off", "≤ 5 ms", measured, worst <= 5))
