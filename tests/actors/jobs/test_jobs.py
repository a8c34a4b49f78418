"""One heavy job at a time: those that people wait for first, killed at the deadline or with their owner."""

from __future__ import annotations

import pytest

from actors.jobs.jobs import LOOK_S, Jobs
from actors.mailbox.reply import new_reply, wait_for
from actors.message.job import ASKED, NIGHTLY, CancelJob, JobEnded, RunJob
from tests.actors.stage import ManualClock, Stage, heard


class PlayedChild:
    """A job that ends as the test tells."""

    def __init__(self, *arguments):
        self.arguments, self.ending, self.closed, self.at = arguments, None, False, ""

    def is_over(self):
        return self.ending is not None

    def outcome(self):
        return self.ending

    def progress(self):
        return self.at

    def close(self):
        self.closed = True


class Scene:
    def __init__(self):
        self.stage, self.children, self.fails = Stage(ManualClock()), [], None
        self.asker = self.stage.mailbox("archivist")
        self.begin(1)

    def begin(self, number):
        self.jobs = self.stage.add(Jobs(self.stage.incarnation("jobs", number), self.start))

    def crash(self):
        self.stage.actors.remove(self.jobs)
        self.jobs.on_end()
        self.begin(2)

    def start(self, *arguments):
        if self.fails:
            raise OSError(self.fails)
        self.children.append(PlayedChild(*arguments))
        return self.children[-1]

    def ask(self, *jobs, rank=NIGHTLY, deadline_s=60.0, reply=None):
        for job in jobs:
            self.stage.directory.post("jobs", RunJob(job, (job, "x"), rank, deadline_s, "archivist", reply))
        self.stage.play()

    def ends(self, *ending):
        self.children[-1].ending = ending or (0, "well", "")
        self.wait()

    def wait(self, seconds=LOOK_S):
        self.stage.clock.advance(seconds)
        self.stage.play()

    def told(self):
        return heard(self.asker)

    @property
    def view(self):
        return self.stage.views.get("jobs")

    @property
    def waiting(self):
        return [each.job for each in self.view.waiting]


@pytest.fixture
def scene():
    return Scene()


def test_jobs_run_one_at_a_time_in_order(scene):
    scene.ask("backup", "verify")
    assert [child.arguments for child in scene.children] == [("backup", "x")]
    assert (scene.view.at_work.job, scene.waiting) == ("backup", ["verify"])
    scene.ends(1, "out", "err")
    assert scene.told() == [JobEnded("backup", "done", 1, "out", "err")]
    assert (scene.view.at_work.job, scene.waiting) == ("verify", [])
    scene.ends()
    assert scene.view.at_work is None and scene.children[0].closed


def test_what_people_ask_for_comes_before_the_night(scene):
    scene.ask("backup", "verify")
    scene.ask("report", rank=ASKED)
    assert scene.waiting == ["report", "verify"]


def test_how_far_it_is_is_shown(scene):
    scene.ask("verify")
    began_ms = scene.stage.clock.now_ms()
    scene.children[0].at = "rows"
    scene.wait()
    assert (scene.view.at_work.since_ms, scene.view.at_work.progress) == (began_ms, "rows")


def test_a_job_that_takes_too_long_is_killed_and_the_next_begins(scene):
    scene.ask("backup", "verify", deadline_s=2.0)
    for _ in range(8):
        scene.wait()
    assert scene.told() == [JobEnded("backup", "late")] and scene.children[0].closed
    assert scene.view.at_work.job == "verify"


def test_a_job_can_be_cancelled_at_work_and_while_it_waits(scene):
    scene.ask("backup", "verify", "medium")
    for job in ("verify", "backup", "unknown"):
        scene.stage.directory.post("jobs", CancelJob(job))
    scene.stage.play()
    assert scene.told() == [JobEnded("verify", "cancelled"), JobEnded("backup", "cancelled")]
    assert scene.children[0].closed and scene.view.at_work.job == "medium"
    scene.wait()
    assert len(scene.children) == 2


def test_who_is_no_actor_is_answered_in_a_box(scene):
    reply = new_reply()
    scene.ask("report", reply=reply)
    scene.ends()
    assert wait_for(reply, 0) == JobEnded("report", "done", 0, "well")


def test_without_a_process_to_be_had_the_next_gets_its_turn(scene):
    scene.fails = "no memory"
    scene.ask("backup", "verify")
    assert [(ended.ending, ended.err) for ended in scene.told()] == [("unstartable", "no memory")] * 2


def test_a_crash_kills_the_child_and_the_queue_goes_on(scene):
    scene.ask("backup", "verify", "medium")
    scene.crash()
    assert scene.told() == [JobEnded("backup", "lost")] and scene.children[0].closed
    assert (scene.view.at_work.job, scene.waiting) == ("verify", ["medium"])


def test_who_asked_an_incarnation_that_hangs_is_told_by_the_next(scene):
    scene.ask("backup", "verify")
    scene.jobs.fence()
    scene.stage.actors.remove(scene.jobs)
    scene.begin(2)
    assert scene.told() == [JobEnded("backup", "lost")] and scene.view.at_work.job == "verify"


def test_the_supervisor_can_kill_the_child_of_one_that_hangs(scene):
    scene.ask("backup")
    scene.jobs.close_held()
    assert scene.children[0].closed
