from __future__ import annotations

from dataclasses import replace

from runtime.core.clock.clocktrust import ClockView
from runtime.core.view import ArchivistView, ChildState, JobState, JobsView, LoopView, ServiceState, SupervisorView
from tests.webui.api.described import checked
from tests.webui.stage import NOW_TS, Stage, trouble


def test_health_counts_devices_and_gateways_by_state(site: Stage) -> None:
    answer = site.get("/api/v1/health")
    assert answer.status == 200
    assert answer.json["status"] == "ok"
    assert answer.json["devices"] == {"total": 3, "on": 3}


def test_health_is_503_until_the_recorder_is_there(site: Stage) -> None:
    site.views.withdraw("recorder")
    answer = site.get("/api/v1/health")
    assert (answer.status, answer.json["status"]) == (503, "starting")


def test_a_silent_device_degrades(site: Stage) -> None:
    site.publishes(2, state="communication_error", trouble=trouble())
    answer = site.get("/api/v1/health")
    assert (answer.status, answer.json["status"]) == (200, "degraded")


def test_a_slot_that_waits_too_long_for_its_commit_degrades(site: Stage) -> None:
    recorder = site.bridge.recorder()
    assert recorder is not None
    site.views.publish("recorder", replace(recorder, due_since_ms=site.clock.now_ms() - 61_000))
    assert site.get("/api/v1/health").json["status"] == "degraded"


def test_a_backup_that_complained_degrades(site: Stage) -> None:
    site.views.publish("archivist", ArchivistView(trouble=trouble()))
    assert site.get("/api/v1/health").json["status"] == "degraded"


def test_a_part_in_quarantine_degrades_and_is_listed(site: Stage) -> None:
    children = (
        ChildState("recorder", "running", True),
        ChildState("bus.1", "quarantined", False, restarts=5, error="boom"),
    )
    site.views.publish("supervisor", SupervisorView(0.0, children))
    assert site.get("/api/v1/health").json["status"] == "degraded"
    rows = site.get("/api/v1/system").json["children"]
    assert rows[1] == {"name": "bus.1", "state": "quarantined", "restarts": 5, "error": "boom"}
    assert "Crashed too often" in site.get("/system").text


def test_a_service_of_the_event_loop_is_listed_and_degrades_like_an_actor(site: Stage) -> None:
    site.views.publish("loop", LoopView(0.0, (ServiceState("modbus", "quarantined", False, 5, "boom"),)))
    assert site.get("/api/v1/health").json["status"] == "degraded"
    rows = site.get("/api/v1/system").json["children"]
    assert rows[-1] == {"name": "modbus", "state": "quarantined", "restarts": 5, "error": "boom"}


def test_a_clock_that_nobody_trusts_degrades_and_is_told_on_the_page(site: Stage) -> None:
    assert site.get("/api/v1/system").json["clock"] == {"trusted": True, "keeps": False}
    site.views.publish("clock", ClockView(trusted=False))
    assert site.get("/api/v1/health").json["status"] == "degraded"
    assert "does not know what time it is" in site.get("/system").text and "Samples wait" in site.get("/system").text
    site.views.publish("clock", ClockView(trusted=False, keeps=True))
    assert "Samples are kept" in site.get("/system").text


def test_heavy_work_is_listed_with_what_waits_for_it(site: Stage) -> None:
    assert site.get("/api/v1/system").json["jobs"] == {"at_work": None, "waiting": []}
    working, waiting = JobState("verify", NOW_TS * 1000, "ledgers"), JobState("backup", NOW_TS * 1000)
    site.views.publish("jobs", JobsView(working, (waiting,)))
    jobs = checked(site.get("/api/v1/system"), "/api/v1/system").json["jobs"]
    since = "2026-11-20T14:30:00.000+01:00"
    assert jobs["at_work"] == {"job": "verify", "since": since, "progress": "ledgers"}
    assert jobs["waiting"] == [{"job": "backup", "since": since}]
    assert "The data are being checked." in site.get("/system").text
    assert site.get("/api/v1/archive").json["job"] == "verify"
