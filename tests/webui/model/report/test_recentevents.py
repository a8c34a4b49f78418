from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.store.env import open_store
from runtime.store.object.events import add_event
from tests.webui.stage import NOW_TS, Stage, stage
from webui.model.report.recentevents import recent_events


@pytest.fixture
def eventful(tmp_path: Path) -> Iterator[Stage]:
    store = open_store(tmp_path)
    with store.writing() as txn:
        for ago_s, subject, code in (
            (40 * 86_400, "server", "backup_failed"), (90, "device.1", "communication_error"),
            (60, "bus.1", "child_stuck"), (40, "recorder", "child_woke"),
            (30, "device.77", "counter_reset"), (10, "server", "costs_recomputed"),
        ):  # fmt: skip
            add_event(store, txn, (NOW_TS - ago_s) * 1000, subject, code, "<b>detail</b>")
    yield stage(store)
    store.close()


def test_the_last_month_is_told_newest_first_with_names(eventful: Stage) -> None:
    told = recent_events(eventful.bridge)
    assert [(each.name, each.path, each.code) for each in told] == [
        ("Server", "", "costs_recomputed"), ("device.77", "", "counter_reset"), ("recorder", "", "child_woke"),
        ("Hall 1", "/gateways", "child_stuck"), ("Meter 1", "/devices/1", "communication_error"),
    ]  # fmt: skip
    assert told[0].at.strftime("%H:%M:%S") == "14:29:50"


def test_of_what_happened_to_many_counters_at_once_one_is_shown(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.writing() as txn:
        for code in ("counter_gap", "backup_failed"):
            add_event(store, txn, NOW_TS * 1000 - 5000, "device.1", code, "a 1 2 since 3; b 1 2 since 3; c 1 2 since 3")
    details = {each.code: each.detail for each in recent_events(stage(store).bridge)}
    assert details["counter_gap"] == "a 1 2 since 3 (+ 2)" and details["backup_failed"].endswith("c 1 2 since 3")
    store.close()


def test_the_system_page_lists_all_and_a_device_page_its_own(eventful: Stage) -> None:
    system = eventful.get("/system").text
    device = eventful.get("/devices/1", cookie="language=fr").text
    assert "Costs are computed anew" in system and "Communication lost" in system
    assert "&lt;b&gt;detail" in system and "<b>detail" not in system
    assert "Communication perdue" in device and "Les coûts" not in device


def test_a_quiet_month_is_said(site: Stage) -> None:
    assert "Nothing happened in the last 30 days." in site.get("/devices/2").text
