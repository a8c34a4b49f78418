"""Crash after crash costs nothing that is not given back.

60 crashes in quick succession in ``make test``, 600 of them, one a second, with WATTKEEPER_SOAK=full.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest

from actors.supervision.supervisor import ChildSpec, Supervisor
from runtime.clock import SystemClock
from runtime.core.restarts import Policy
from runtime.viewboard import Views
from tests.actors.stage import Do, Doer, Stage, eventually
from tests.bench.table import Row, tell
from tests.faults.crasher import crash
from tests.soak import FULL

pytestmark = [pytest.mark.faults, pytest.mark.soak]


def test_a_different_one_of_600_leaves_crashes_each_time_and_nothing_grows():
    crashes, period_s = (600, 1.0) if FULL else (60, 0.02)
    command = [sys.executable, "-m", "tests.faults.crasher", str(crashes), str(period_s)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=True)
    result = json.loads(done.stdout)
    before, after = result["before"], result["after"]
    assert (after["threads"], after["fds"]) == (before["threads"], before["fds"])
    assert after["rss_anon_kb"] - before["rss_anon_kb"] < 1024
    assert (result["fatal"], result["left"]) == ([], 1)
    grown_kb = after["rss_anon_kb"] - before["rss_anon_kb"]
    what = f"grown after {crashes} crashes of 600 leaves"
    tell(Row(what, "nothing", f"0 threads, 0 files, {grown_kb} kB of RssAnon", grown_kb < 1024))


def test_the_same_leaf_crashing_again_and_again_comes_to_rest_while_599_serve(caplog):
    caplog.set_level(logging.CRITICAL + 1, "wattkeeper")
    stage, policy = Stage(), Policy(crashes=5, window_s=300, first_s=0.01)
    supervisor = Supervisor(stage.directory, SystemClock(), Views(), lambda *_why: None)
    supervisor.start([ChildSpec(f"leaf.{number}", Doer, policy=policy) for number in range(600)])

    def rests() -> bool:
        stage.directory.post("leaf.300", Do(crash))
        return any(child.state == "quarantined" for child in supervisor.children())

    assert eventually(rests)
    states = {child.name: child.state for child in supervisor.children()}
    assert [name for name, state in states.items() if state != "running"] == ["leaf.300"]
    assert supervisor.stop()
