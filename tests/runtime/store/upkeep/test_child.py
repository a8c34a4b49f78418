"""A job in a child process, and what is heard of it while it is at work."""

import os

import pytest

from runtime.store.env import open_store
from runtime.store.upkeep.child import Job


@pytest.fixture
def verified(tmp_path):
    """A verification that is over."""
    open_store(tmp_path / "store").close()
    job = Job("verify", tmp_path / "store")
    job.wait(60)
    yield job
    job.close()


def test_the_newest_word_of_a_job_says_what_it_looks_at(verified):
    shown = verified.progress()
    code, out, _ = verified.outcome()
    assert code == 0 and shown in [line for line in out.splitlines() if '"progress"' in line][-1]


def test_looking_does_not_move_where_the_job_writes(verified):
    written = os.lseek(verified._out.fileno(), 0, os.SEEK_CUR)
    assert verified.progress() and os.lseek(verified._out.fileno(), 0, os.SEEK_CUR) == written > 0


def test_a_job_that_says_nothing_has_no_progress(tmp_path):
    job = Job("backup", tmp_path / "none", 0)
    job.wait(60)
    assert job.progress() == ""
    job.close()
