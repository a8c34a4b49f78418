from __future__ import annotations

import faulthandler
import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from actors.supervision.sdnotify import SystemdNotifier
from actors.supervision.watchdog import Watchdog, what_is_wrong
from runtime.core.view import ChildState, LoopView, RecorderView, SupervisorView, Trouble
from runtime.viewboard import Views
from tests.actors.stage import ManualClock


class Site:
    """Views and systemd's end of the socket, with time told."""

    def __init__(self, folder: Path) -> None:
        self.clock = ManualClock()
        self.views = Views()
        self.systemd = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.systemd.bind(str(folder / "notify"))
        self.systemd.setblocking(False)
        self.health: list[float] = []
        self.watchdog = Watchdog(
            self.views,
            self.clock,
            SystemdNotifier({"NOTIFY_SOCKET": str(folder / "notify")}),
            dump_to=sys.__stderr__,
            on_healthy=lambda: self.health.append(self.clock.monotonic()),
        )
        self.all_well()

    def shows(self, *children: ChildState) -> None:
        self.views.publish("supervisor", SupervisorView(self.clock.monotonic(), children))

    def all_well(self) -> None:
        self.shows(ChildState("recorder", "running", True, answered_at=self.clock.monotonic()))

    def heard(self) -> list[str]:
        lines = []
        while True:
            try:
                lines.append(self.systemd.recv(300).decode())
            except BlockingIOError:
                return lines


@pytest.fixture
def site(tmp_path: Path, caplog) -> Iterator[Site]:
    caplog.set_level(logging.CRITICAL, "wattkeeper")
    site = Site(tmp_path)
    yield site
    faulthandler.cancel_dump_traceback_later()
    site.systemd.close()


def test_it_beats_while_the_core_gives_signs_of_life(site):
    assert site.watchdog.look()
    assert site.heard() == ["WATCHDOG=1"]


def test_a_silent_supervisor_stops_the_beats(site):
    site.clock.advance(10.1)
    assert not site.watchdog.look()
    assert site.heard() == ["STATUS=the supervisor is silent"]


@pytest.mark.parametrize("state", ["running", "stuck"])
def test_a_silent_core_child_stops_the_beats(site, state):
    child = ChildState("recorder", state, True, answered_at=site.clock.monotonic())
    site.clock.advance(10.1)
    site.shows(child)
    assert not site.watchdog.look()
    assert site.heard() == ["STATUS=recorder is silent"]


def test_a_core_child_that_is_gone_for_good_stops_the_beats(site):
    site.shows(ChildState("recorder", "ended", True, error="ValueError: wrong"))
    assert what_is_wrong(site.views, site.clock) == "recorder is gone"


def test_a_silent_leaf_does_not(site):
    site.shows(ChildState("bus.1", "stuck", False))
    assert site.watchdog.look()


def test_a_due_slot_that_is_not_committed_for_a_minute_stops_the_beats(site):
    site.views.publish("recorder", RecorderView(due_since_ms=site.clock.now_ms() - 61_000))
    assert not site.watchdog.look()


def test_a_full_disk_is_a_state_and_no_hang(site):
    view = RecorderView(due_since_ms=site.clock.now_ms() - 900_000, trouble=Trouble("store_full", "no space left", 1))
    site.views.publish("recorder", view)
    assert site.watchdog.look()


def test_it_beats_again_when_all_is_well_again(site):
    site.clock.advance(11)
    site.watchdog.look()
    site.all_well()
    site.watchdog.look()
    assert site.heard() == ["STATUS=the supervisor is silent", "STATUS=serving", "WATCHDOG=1"]


def test_ten_minutes_of_health_are_told_once(site):
    for _ in range(250):
        site.clock.advance(3)
        site.all_well()
        site.watchdog.look()
    assert site.health == [1600.0]


def test_health_must_be_unbroken(site):
    site.clock.advance(599)
    site.watchdog.look()  # by now the supervisor is silent
    site.clock.advance(2)
    site.all_well()
    site.watchdog.look()
    assert site.health == []


def test_the_start_and_the_end_are_told(site):
    site.watchdog.start()
    site.watchdog.stop()
    heard = site.heard()
    assert (heard[0], heard[-1]) == ("READY=1", "STOPPING=1")


DYING = """
import re, sys
from actors.supervision.sdnotify import SystemdNotifier
from actors.supervision.watchdog import Watchdog
from runtime.clock import SystemClock
from runtime.core.view import SupervisorView
from runtime.viewboard import Views

class Fresh(Views):
    def get(self, name, default=None):
        return SupervisorView(SystemClock().monotonic()) if name == "supervisor" and {healthy} else default

Watchdog(Fresh(), SystemClock(), SystemdNotifier({{}}), patience_s=1.0).start()
{action}
print("survived")
"""


@pytest.mark.parametrize(
    ("healthy", "action", "survives"),
    [
        (True, "re.match(r'(a+)+$', 'a' * 40 + 'b')", False),  # in C, and holding the interpreter for ever
        (False, "import threading; threading.Event().wait(30)", False),
        (True, "import threading; threading.Event().wait(2.5)", True),
    ],
)
def test_a_process_that_no_longer_works_dumps_its_stacks_and_ends(healthy, action, survives):
    script = DYING.format(healthy=healthy, action=action)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert ("survived" in done.stdout, done.returncode == 0) == (survives, survives)
    assert survives or "most recent call first" in done.stderr


def test_an_event_loop_that_hangs_is_seen(site: Site) -> None:
    site.views.publish("loop", LoopView(site.clock.monotonic()))
    assert what_is_wrong(site.views, site.clock) == ""
    site.clock.advance(11)
    site.all_well()
    assert what_is_wrong(site.views, site.clock) == "the event loop is silent"
