"""Whatever becomes of the queue of heavy work, no child outlives its owner and what waits gets its turn."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from random import Random

import pytest

from actors.jobs.jobs import Jobs
from actors.mailbox.directory import Directory
from actors.mailbox.reply import new_reply, wait_for
from actors.message.job import ASKED, NIGHTLY, JobEnded, RunJob
from actors.supervision.supervisor import ChildSpec, Supervisor
from runtime.clock import SystemClock
from runtime.core.restarts import Policy
from runtime.store.env import open_store
from runtime.store.upkeep.child import Job
from runtime.viewboard import Views
from tests.actors.stage import eventually

pytestmark = pytest.mark.faults

SOON = Policy(crashes=5, window_s=300, first_s=0.001, longest_s=0.01)


class House:
    """A supervised queue; the first child that it starts is held still, the others work."""

    def __init__(self) -> None:
        self.directory, self.views, self.children = Directory(), Views(), []
        self.supervisor = Supervisor(
            self.directory, SystemClock(), self.views, lambda code, why: None, random=Random(1)
        )
        spec = ChildSpec("jobs", lambda incarnation: Jobs(incarnation, self.start), exclusive=True, policy=SOON)
        self.supervisor.start([spec])
        assert eventually(lambda: "jobs" in self.directory.names())

    def start(self, *arguments: str) -> Job:
        job = Job(*arguments)
        if not self.children:
            os.kill(job._process.pid, signal.SIGSTOP)
        self.children.append(job)
        return job

    def ask(self, job: str, folder: object, rank: int, deadline_s: float = 60.0) -> object:
        reply = new_reply()
        arguments = ("verify", str(folder), "--quick")
        assert self.directory.post("jobs", RunJob(job, arguments, rank, deadline_s, reply=reply))
        return reply


@pytest.fixture
def house(caplog: pytest.LogCaptureFixture) -> Iterator[House]:
    caplog.set_level(logging.CRITICAL + 1, "wattkeeper")
    made = House()
    yield made
    assert made.supervisor.stop(10)
    assert all(child.is_over() for child in made.children)


def test_a_crash_of_the_queue_kills_its_child_and_the_rest_gets_its_turn(house, tmp_path):
    open_store(tmp_path / "store").close()
    first = house.ask("hangs", tmp_path / "store", ASKED)
    second = house.ask("works", tmp_path / "store", NIGHTLY)
    assert eventually(lambda: house.children)
    house.directory.post("jobs", object())  # a message that nobody knows: a bug
    assert wait_for(first, 20) == JobEnded("hangs", "lost")
    assert house.children[0]._process.returncode == -signal.SIGKILL
    ended = wait_for(second, 60)
    assert (ended.job, ended.ending, ended.exit_code) == ("works", "done", 0)


def test_a_child_that_hangs_is_killed_at_its_deadline(house, tmp_path):
    open_store(tmp_path / "store").close()
    assert wait_for(house.ask("hangs", tmp_path / "store", ASKED, deadline_s=0.5), 20) == JobEnded("hangs", "late")
    assert house.children[0]._process.returncode == -signal.SIGKILL
    assert wait_for(house.ask("works", tmp_path / "store", ASKED), 60).exit_code == 0
