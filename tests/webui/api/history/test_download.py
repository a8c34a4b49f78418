from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actors.message.job import ASKED, JOBS, CancelJob, RunJob
from runtime.core.view import JobState, JobsView
from runtime.store.export.downloads import Downloads
from tests.webui.api.described import checked
from tests.webui.stage import Answer, Stage
from webui.model.bridge import Bridge

WANTED = {"list": "devices", "ids": [1], "from": "2026-11-01", "to": "2026-11-19", "step": "1h", "costs": True}


@pytest.fixture
def exporting(site: Stage, tmp_path: Path) -> Stage:
    site.bridge = replace(site.bridge, downloads=Downloads(tmp_path))
    return site


def sent(site: Stage, method: str, path: str, value: Any = None) -> Answer:
    return checked(site.send(method, path, value), path, method)


def asked(site: Stage, **changes: Any) -> Answer:
    return sent(site, "POST", "/api/v1/downloads", WANTED | changes)


def test_a_download_becomes_a_job_and_waits_for_its_turn(exporting: Stage, tmp_path: Path) -> None:
    answer = asked(exporting)
    assert (answer.status, answer.json["state"], answer.json["ids"]) == (202, "waiting", [1])
    id = answer.json["id"]
    arguments = ("download", str(tmp_path), id)
    assert exporting.posted[-1] == (JOBS, RunJob(f"download {id}", arguments, ASKED, 3600.0))
    assert sent(exporting, "GET", f"/api/v1/downloads/{id}/reportdata.zip").json["error"]["code"] == "export_unready"


def test_all_of_a_list_are_chosen_with_one_word(exporting: Stage) -> None:
    known = [device.id for device in exporting.installation.devices]
    assert asked(exporting, ids="all").json["ids"] == known


def test_it_says_how_far_it_is_and_what_became_of_it(exporting: Stage, tmp_path: Path) -> None:
    id = asked(exporting).json["id"]
    path = f"/api/v1/downloads/{id}"
    exporting.views.publish("jobs", JobsView(JobState(f"download {id}", 0, "42")))
    told = sent(exporting, "GET", path).json
    assert (told["state"], told["percent"]) == ("at_work", 42)
    exporting.views.publish("jobs", JobsView(None, (JobState(f"download {id}", 0),)))
    assert sent(exporting, "GET", path).json["state"] == "waiting"
    exporting.views.publish("jobs", JobsView())
    assert sent(exporting, "GET", path).json["state"] == "waiting", "the queue may not have it yet"
    exporting.clock.goes_on(6)
    assert sent(exporting, "GET", path).json["state"] == "lost"
    Downloads(tmp_path).note_error(id, "the disk is full")
    told = sent(exporting, "GET", path).json
    assert (told["state"], told["error"]) == ("failed", "the disk is full")
    Downloads(tmp_path).zip_of(id).write_bytes(b"PK")
    assert sent(exporting, "GET", path).json | {"asked": ""} == told | {
        "state": "done", "percent": 100, "bytes": 2, "asked": "",
    }  # fmt: skip


def test_one_that_ends_while_it_is_looked_up_is_not_lost(
    exporting: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = asked(exporting).json["id"]
    exporting.clock.goes_on(6)

    def end(_bridge: Bridge) -> JobsView:
        """The queue has it no more, and its file was there a moment before."""
        Downloads(tmp_path).zip_of(id).write_bytes(b"PK")
        return JobsView()

    monkeypatch.setattr(Bridge, "jobs", end)
    assert sent(exporting, "GET", f"/api/v1/downloads/{id}").json["state"] == "done"
    assert [each["state"] for each in sent(exporting, "GET", "/api/v1/downloads").json] == ["done"]


def test_the_file_comes_under_the_manual_s_name(exporting: Stage, tmp_path: Path) -> None:
    id = asked(exporting).json["id"]
    Downloads(tmp_path).zip_of(id).write_bytes(b"PK-whole")
    answer = exporting.get(f"/api/v1/downloads/{id}/reportdata.zip")
    assert (answer.status, answer.body) == (200, b"PK-whole")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="reportdata.zip"'


def test_taking_one_away_cancels_it(exporting: Stage) -> None:
    id = asked(exporting).json["id"]
    assert sent(exporting, "DELETE", f"/api/v1/downloads/{id}").json == {"removed": id}
    assert exporting.posted[-1] == (JOBS, CancelJob(f"download {id}"))
    assert sent(exporting, "GET", "/api/v1/downloads").json == []
    assert sent(exporting, "GET", f"/api/v1/downloads/{id}").json["error"]["code"] == "export_missing"


def test_where_nobody_takes_jobs_nothing_is_left_waiting(exporting: Stage) -> None:
    exporting.peers = lambda name, message: False
    assert asked(exporting).status == 503
    assert sent(exporting, "GET", "/api/v1/downloads").json == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"list": "boards"}, "list"),
        ({"ids": []}, "ids"),
        ({"ids": [4711]}, "ids"),
        ({"ids": ["1"]}, "ids"),
        ({"ids": [True]}, "ids"),
        ({"from": "2026-02-30"}, "from"),
        ({"to": "2026-10-31"}, "to"),
        ({"from": "1999-01-01", "to": "2020-01-01"}, "to"),
        ({"step": "2h"}, "step"),
        ({"costs": "yes"}, "costs"),
        ({"decimal": ";"}, "decimal"),
        ({"more": 1}, "more"),
    ],
)
def test_what_cannot_be_made_is_refused_beside_its_field(exporting: Stage, changes: Any, field: str) -> None:
    answer = asked(exporting, **changes)
    assert (answer.status, answer.json["error"]["field"]) == (400, field)
    assert exporting.posted == []
