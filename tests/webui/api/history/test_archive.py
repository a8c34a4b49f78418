from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from actors.message.archive import BackUpNow, Optimise, SetMedium, Verify
from actors.message.job import CancelJob
from runtime.core.view import ArchivistView, JobState, JobsView, Outcome, Trouble
from runtime.store.upkeep.backupmedium import Medium
from tests.webui.api.described import checked
from tests.webui.api.recording import recorded_site
from tests.webui.stage import NOW_TS, Answer, Stage


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Stage]:
    with recorded_site(tmp_path / "store") as made:
        yield made


def sent(site: Stage, method: str, path: str, value: Any = None) -> Answer:
    return checked(site.send(method, path, value), path, method)


def test_the_archive_tells_of_backups_checks_and_room(site: Stage) -> None:
    bad = Outcome("verify", NOW_TS * 1000, "verify_complained", "1: ledger: device 1")
    view = ArchivistView(
        backup_ms=NOW_TS * 1000 - 5000, trouble=Trouble(bad.code, bad.detail, bad.at_ms), written=(50_000_000, 43_200),
        outcomes=(bad, Outcome("backup", NOW_TS * 1000 - 5000)),
    )  # fmt: skip
    site.views.publish("archivist", view)
    told = sent(site, "GET", "/api/v1/archive").json
    assert told["backup"] == {"last": "2026-11-20T14:29:55.000+01:00", "error": None}
    assert told["check"] == {"last": None, "error": {"code": bad.code, "message": bad.detail}}
    assert told["written_mb_per_day"] == 100.0 and told["database"]["bytes"] > 0 and told["database"]["room_bytes"] > 0


def test_what_was_written_in_a_few_minutes_says_nothing_of_a_day(site: Stage) -> None:
    site.views.publish("archivist", ArchivistView(written=(1_000_000, 60)))
    assert site.get("/api/v1/archive").json["written_mb_per_day"] is None


@pytest.mark.parametrize(("act", "message"), [("backup", BackUpNow()), ("verify", Verify()), ("optimise", Optimise())])
def test_acts_are_handed_to_the_archivist(site: Stage, act: str, message: object) -> None:
    assert sent(site, "POST", f"/api/v1/archive/{act}").status == 202
    assert site.posted[-1] == ("archivist", message)
    site.peers = lambda name, asked: False
    assert sent(site, "POST", f"/api/v1/archive/{act}").status == 503


def test_a_medium_is_asked_for_with_author_and_refused_beside_its_field(recorded: Stage) -> None:
    assert sent(recorded, "GET", "/api/v1/archive/medium").json == {"folder": None, "every_days": 7, "keep": 4}
    recorded.peers = None
    from actors.mailbox.reply import answer, refuse
    from runtime.errors import StoreError

    def says(does: Any) -> None:
        recorded.peers = lambda name, asked: does(asked) or True

    says(lambda asked: answer(asked.reply, True))
    assert sent(recorded, "PUT", "/api/v1/archive/medium", {"folder": "/media/stick", "keep": 2}).status == 200
    name, asked = recorded.posted[-1]
    assert name == "archivist" and isinstance(asked, SetMedium)
    assert (asked.medium, asked.author) == (Medium("/media/stick", 7, 2), "local")
    says(lambda asked: refuse(asked.reply, StoreError("medium_missing", "there is no folder /media/stick")))
    error = sent(recorded, "PUT", "/api/v1/archive/medium", {"folder": "/media/stick"})
    assert (error.status, error.json["error"]["field"]) == (400, "folder")
    assert sent(recorded, "PUT", "/api/v1/archive/medium", {"keep": 0}).json["error"]["field"] == "keep"


def test_how_long_samples_stay_is_a_setting_and_energy_stays(recorded: Stage) -> None:
    assert sent(recorded, "GET", "/api/v1/retention").json == {"months": 0, "asked_months": 0, "frees_bytes": 0}
    assert sent(recorded, "GET", "/api/v1/retention?months=12").json["asked_months"] == 12
    assert sent(recorded, "PUT", "/api/v1/retention", {"months": 24}).json == {"months": 24}
    assert recorded.get("/api/v1/retention").json["months"] == 24
    assert recorded.get("/api/v1/events?code=retention_set").json[0]["detail"] == "24 months by local"
    assert sent(recorded, "PUT", "/api/v1/retention", {"months": -1}).json["error"]["field"] == "months"


def test_the_work_that_is_being_done_can_be_cancelled(site: Stage) -> None:
    assert sent(site, "POST", "/api/v1/archive/cancel").status == 202 and site.posted == []
    site.views.publish("jobs", JobsView(JobState("verify", NOW_TS * 1000), (JobState("backup", NOW_TS * 1000),)))
    assert sent(site, "POST", "/api/v1/archive/cancel").json["job"] == "verify"
    assert site.posted == [("jobs", CancelJob("verify"))]
    assert "/api/v1/archive/cancel" in site.get("/server/archive").text
    site.peers = lambda name, asked: False
    assert sent(site, "POST", "/api/v1/archive/cancel").status == 503
