from __future__ import annotations

from pathlib import Path

import pytest

from actors.archivist.jobs import LONGEST_JOB_S, Jobs, as_record, from_record
from runtime.core.view import Outcome
from runtime.store.upkeep.backupmedium import Medium
from tests.actors.stage import ManualClock

DONE = '{"kind": "done"}\n'


class PlayedChild:
    """A job that ends as the test tells."""

    def __init__(self, ending=None):
        self.ending, self.closed = ending, False

    def is_over(self):
        return self.ending is not None

    def outcome(self):
        return self.ending

    def close(self):
        self.closed = True


@pytest.fixture
def scene():
    started = []

    def start(*arguments):
        started.append((arguments, PlayedChild()))
        return started[-1][1]

    clock = ManualClock()
    return Jobs(Path("/data"), clock, start), started, clock


def test_jobs_run_one_at_a_time_and_each_once(scene):
    chores, started, _ = scene
    chores.want(("backup", "verify", "backup"))
    assert chores.begin(Medium()) and not chores.begin(Medium()) and chores.look() is None
    started[0][1].ending = (0, DONE, "")
    outcome = chores.look()
    assert (outcome.job, outcome.code) == ("backup", "")
    assert chores.begin(Medium()) and chores.job == "verify" and not chores.begin(Medium())
    assert [arguments[0] for arguments, _ in started] == ["backup", "verify"]


def test_the_medium_gets_its_folder_and_how_many_to_keep(scene):
    chores, started, _ = scene
    chores.want(("medium",))
    chores.begin(Medium("/media/stick", 7, 2))
    assert started[0][0][:3] == ("medium", "/data", "/media/stick") and started[0][0][-2:] == ("--keep", "2")
    started[0][1].ending = (1, '{"kind": "error", "code": "medium_missing", "message": "not there"}\n', "")
    assert chores.look().code == "medium_missing"


@pytest.mark.parametrize(
    ("job", "ending", "code"),
    [
        ("backup", (1, '{"kind": "error", "code": "store_full", "message": "no room"}\n', ""), "backup_failed"),
        ("medium", (-6, "", ""), "medium_failed"),
        ("verify", (-6, "", ""), "verify_complained"),
    ],
)
def test_a_job_that_goes_wrong_says_so(scene, job, ending, code):
    chores, started, _ = scene
    chores.want((job,))
    chores.begin(Medium("/media/stick"))
    started[0][1].ending = ending
    assert chores.look().code == code


def test_a_job_that_takes_too_long_is_stopped(scene):
    chores, started, clock = scene
    chores.want(("verify",))
    chores.begin(Medium())
    clock.advance(LONGEST_JOB_S + 1)
    assert chores.look().code == "verify_failed" and started[0][1].closed and chores.job == ""


def test_outcomes_come_back_from_their_record():
    outcomes = (Outcome("verify", 5, "verify_complained", "1: x"), Outcome("backup", 4))
    assert from_record(as_record(outcomes)) == outcomes and from_record(None) == ()
