"""The event loop dies under the web front: both are back in a moment, and nobody else noticed."""

from __future__ import annotations

import ctypes
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from random import Random
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from actors.loop.loop import Loop
from actors.mailbox.directory import Directory
from actors.supervision.supervisor import ChildSpec, Supervisor
from runtime.clock import SystemClock
from runtime.core.restarts import Policy
from runtime.loop.loop import ProcessLoop
from runtime.settings import Address, WebSettings
from runtime.viewboard import Views
from tests.actors.stage import Doer, eventually
from webui.server.server import WebServer

# Whoever is killed closes nothing: Python says so when it collects what was left open.
pytestmark = [pytest.mark.faults, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]

SOON = Policy(crashes=9, window_s=300, first_s=0.001, longest_s=0.01)


def _application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"well"]


class House:
    """A web server on the loop of a supervised owner, beside another actor."""

    def __init__(self, folder: Path) -> None:
        clock, self.views, self.fatal = SystemClock(), Views(), []
        self.loop = ProcessLoop(self.views, clock.monotonic, self.fatal.append)
        web = WebSettings(Address("127.0.0.1", 0))
        self.web = WebServer(_application, web, clock=clock, loop=self.loop)
        self.web.start()
        self.supervisor = Supervisor(
            Directory(), clock, self.views, lambda code, why: self.fatal.append(code), random=Random(1)
        )
        owner = ChildSpec("loop", lambda incarnation: Loop(incarnation, self.loop), core=True, policy=SOON)
        self.supervisor.start([owner, ChildSpec("other", Doer)])

    def serves(self) -> bool:
        try:
            with urlopen(f"{self.web.url}/", timeout=10) as answer:
                return bool(answer.read() == b"well")
        except (URLError, OSError):
            return False

    def incarnation(self, name: str) -> int:
        return next(child.incarnation for child in self.supervisor.children() if child.name == name)

    def kill(self) -> None:
        """SystemExit out of nowhere in the loop's thread."""
        thread = next(each for each in threading.enumerate() if each.name == "event loop")
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))
        assert eventually(lambda: not thread.is_alive())


@pytest.fixture
def house(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> Iterator[House]:
    caplog.set_level(logging.CRITICAL + 1, "wattkeeper")
    made = House(tmp_path)
    assert eventually(made.serves)
    yield made
    made.web.stop()
    assert made.supervisor.stop(20)
    assert not [each for each in threading.enumerate() if each.name in ("event loop", "pages")]


def test_the_front_is_back_when_the_thread_of_its_loop_was_killed(house):
    for life in (2, 3):
        house.kill()
        assert eventually(house.serves)
        assert house.incarnation("loop") == life
    assert house.incarnation("other") == 1 and house.fatal == []


def test_a_service_that_keeps_failing_takes_the_front_along_in_nothing(house):
    class Broken:
        async def start(self, failed):
            raise RuntimeError("a bug")

        async def stop(self):
            pass

    house.loop.add("broken", lambda loop: Broken())
    assert eventually(lambda: {"broken"} & {each.name for each in house.views.get("loop").services if each.restarts})
    assert house.serves() and house.incarnation("loop") == 1
