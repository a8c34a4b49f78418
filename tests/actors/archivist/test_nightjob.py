from __future__ import annotations

from pathlib import Path

import pytest

from actors.archivist.nightjob import (
    RECHECKED_S,
    as_record,
    backup,
    copy_to_medium,
    from_record,
    merge_phantoms,
    outcome_of,
    verification,
    wrong_energies,
)
from actors.message.job import ASKED, JobEnded
from runtime.core.view import Outcome
from runtime.store.upkeep.backupmedium import Medium
from runtime.store.upkeep.verify import WrongEnergy

FOLDER, NOW_TS, NOW_MS = Path("/data"), 1_780_000_000, 1_780_000_005_000
REFUSED = '{"kind": "error", "code": "%s", "message": "why"}\n'


def test_each_job_is_told_its_folder_and_answered_to_the_archivist():
    for asked in (backup(FOLDER, NOW_TS, ASKED), verification(FOLDER, NOW_TS, ASKED)):
        assert asked.arguments[:2] == (asked.job, "/data") and (asked.rank, asked.asker) == (ASKED, "archivist")


def test_the_medium_gets_its_folder_and_how_many_to_keep():
    asked = copy_to_medium(FOLDER, Medium("/media/stick", 7, 2), NOW_TS, ASKED)
    assert asked.arguments == ("medium", "/data", "/media/stick", str(NOW_TS), "--keep", "2")


def test_a_job_that_is_done_went_well():
    assert outcome_of(JobEnded("backup", "done", 0, '{"kind": "done"}\n'), NOW_MS) == Outcome("backup", NOW_MS)


@pytest.mark.parametrize(
    ("ended", "code", "detail"),
    [
        (JobEnded("backup", "done", 1, REFUSED % "store_full"), "backup_failed", "why"),
        (JobEnded("medium", "done", 1, REFUSED % "medium_missing"), "medium_missing", "why"),
        (JobEnded("medium", "done", -6), "medium_failed", "SIGABRT"),
        (JobEnded("verify", "done", -6), "verify_complained", "SIGABRT"),
        (JobEnded("verify", "late"), "verify_failed", "too long"),
        (JobEnded("backup", "lost"), "backup_failed", "started anew"),
        (JobEnded("backup", "unstartable", err="no memory"), "backup_failed", "no memory"),
    ],
)
def test_a_job_that_goes_wrong_says_so(ended, code, detail):
    outcome = outcome_of(ended, NOW_MS)
    assert outcome.code == code and detail in outcome.detail


def test_one_that_was_cancelled_says_nothing():
    assert outcome_of(JobEnded("verify", "cancelled"), NOW_MS) is None


def test_outcomes_come_back_from_their_record():
    outcomes = (Outcome("verify", 5, "verify_complained", "1: x"), Outcome("backup", 4))
    assert from_record(as_record(outcomes)) == outcomes and from_record(None) == ()


def test_all_the_past_is_asked_for_energy_that_cannot_be_where_somebody_asks():
    asked, nightly = (verification(FOLDER, NOW_TS, ASKED, whole_energy=whole) for whole in (True, False))
    assert asked.arguments[-2:] == ("--energy-from", "0")
    assert nightly.arguments[-2:] == ("--energy-from", str(NOW_TS - RECHECKED_S))


def wrong(device, start_ts):
    return WrongEnergy(f"{device}.e.{start_ts}", device, "", "e", "reset", start_ts, start_ts + 600, 9, 1, 2)


def test_energy_that_cannot_be_is_no_damage():
    line = '{"kind": "wrongenergy", "id": "1.e.7", "device": 1, "name": "", "quantity": "e", "cause": "reset", '
    line += '"start_ts": 7, "end_ts": 607, "booked_n": 9, "right_n": 1, "most_n": 2}\n{"kind": "done"}\n'
    ended = JobEnded("verify", "done", 0, line)
    assert outcome_of(ended, NOW_MS) == Outcome("verify", NOW_MS) and wrong_energies(ended) == (wrong(1, 7),)
    assert wrong_energies(JobEnded("backup", "done", 0, line)) == ()


def test_what_is_new_of_it_is_reported_and_older_ones_stay():
    known, added = merge_phantoms([], [wrong(1, 100), wrong(2, 5000)], 0)
    assert [each["start_ts"] for each in known] == [100, 5000] and len(added) == 2
    later, added = merge_phantoms(known, [wrong(3, 6000)], 1000)
    assert [(each["device"], each["start_ts"]) for each in later] == [(1, 100), (3, 6000)]
    assert [each.device for each in added] == [3]
