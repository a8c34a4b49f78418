"""Alarms over HTTP: the list, its filters and its export, acknowledgement, maintenance."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from actors.alarm.alarms import AlarmsActor
from runtime.core.alarm.alarm import Alarm
from runtime.core.alarm.condition import Cause
from runtime.core.alarm.kind import KINDS
from runtime.core.alert.outbox import Outbox
from runtime.store.object.alarms import alarm_records, load_alarms
from tests.actors.stage import ManualClock
from tests.actors.stage import Stage as ActorStage
from tests.webui.api.described import checked, operation
from tests.webui.api.recording import recorded_site
from tests.webui.stage import NOW_TS, Stage

DAY_MS = 86_400_000
NOW_MS = NOW_TS * 1000
KEPT = (
    Alarm(1, Cause("disk", "server"), NOW_MS - 9 * DAY_MS, NOW_MS - 9 * DAY_MS, "7 MB are free", 1, 5, 6, "Ada", "ok"),
    Alarm(2, Cause("tripped", "device.2"), NOW_MS - DAY_MS, NOW_MS - DAY_MS, cleared_ms=NOW_MS - DAY_MS + 9),
    Alarm(3, Cause("gateway_silent", "gateway.1"), NOW_MS - 5000, NOW_MS - 4000, "no_answer: it is silent", 4),
    Alarm(4, Cause("device_silent", "device.99"), NOW_MS - 3000, NOW_MS - 3000, "=cmd|' /C calc'!A0"),
)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Stage]:
    """A site whose owner of alarms really runs, and looks at nothing while requests are made."""
    with recorded_site(tmp_path / "store") as made:
        store = made.history._store
        with store.writing() as txn:
            for kind, key, record in alarm_records(KEPT):
                store.records.put(txn, kind, key, record)
        actors = ActorStage(ManualClock(NOW_TS))
        actors.views = made.views
        owner = AlarmsActor(
            actors.incarnation("alarms"), lambda: (*load_alarms(store, NOW_MS), Outbox()), lambda outlet: None
        )
        recorder = made.peers
        assert recorder is not None
        owner.post = recorder  # type: ignore[method-assign]
        owner.post_self = lambda message: None  # type: ignore[method-assign]
        actors.add(owner)

        def post(name: str, message: object) -> bool:
            if name != "alarms":
                return recorder(name, message)
            owner.on_receive(message)  # type: ignore[arg-type]
            return True

        made.peers = post
        yield made


def got(site: Stage, path: str) -> list[int]:
    return [each["id"] for each in checked(site.get(path), path).json]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [4, 3, 2]),
        ("state=active", [4, 3]),
        ("state=all", [4, 3, 2, 1]),
        ("state=all&class=server", [1]),
        ("state=all&kind=tripped", [2]),
        ("state=all&device=2", [2]),
        ("state=all&gateway=1", [3, 2]),
        (f"state=all&from={NOW_TS - 60}", [4, 3]),
        (f"state=all&to={NOW_TS - 60}", [2, 1]),
        ("state=all&before=3", [2, 1]),
        ("state=all&limit=1", [4]),
    ],
)
def test_the_list_is_what_was_asked_for_active_ones_first(watched: Stage, query: str, ids: list[int]) -> None:
    assert got(watched, f"/api/v1/alarms?{query}") == ids


@pytest.mark.parametrize("query", ["state=gone", "class=x", "kind=x", "device=a", "limit=0", "limit=1001", "from=x"])
def test_a_wrong_filter_is_blamed(watched: Stage, query: str) -> None:
    answer = checked(watched.get(f"/api/v1/alarms?{query}"), "/api/v1/alarms")
    assert answer.status == 400
    assert answer.json["error"]["field"] == query.partition("=")[0]


def test_an_alarm_says_whom_it_is_about(watched: Stage) -> None:
    listed = {each["id"]: each for each in watched.get("/api/v1/alarms?state=all").json}
    assert (listed[3]["name"], listed[3]["gateway"], listed[3]["times"]) == ("Hall 1", 1, 4)
    assert (listed[2]["name"], listed[2]["address"], listed[2]["severity"]) == ("Meter 2", "3", "critical")
    assert listed[2]["cleared"] and listed[3]["cleared"] is None
    assert (listed[1]["name"], listed[1]["acknowledged"]["by"], listed[1]["acknowledged"]["word"]) == ("", "Ada", "ok")
    assert (listed[4]["name"], listed[4]["gateway"]) == ("", None), "its device was deleted"


def test_the_summary_counts_and_shows_the_newest(watched: Stage) -> None:
    summary = checked(watched.get("/api/v1/alarms/summary"), "/api/v1/alarms/summary").json
    assert (summary["active"], summary["waiting"], summary["newest"]["id"]) == (2, 3, 4)


def test_the_export_has_the_same_and_no_formula(watched: Stage) -> None:
    answer = watched.get("/api/v1/alarms.csv?gateway=1")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["id"], row["name"], row["gateway"]) for row in rows] == [
        ("3", "Hall 1", "Hall 1"), ("2", "Meter 2", "Hall 1"),
    ]  # fmt: skip
    whole = list(csv.DictReader(io.StringIO(watched.get("/api/v1/alarms.csv").text)))
    assert whole[0]["detail"].startswith("'=")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="alarms.csv"'


def test_whoever_acknowledges_is_named_and_a_second_one_changes_nothing(watched: Stage) -> None:
    path = "/api/v1/alarms/3/ack"
    answer = checked(watched.send("POST", path, {"word": " on my way "}), path, "post")
    assert answer.json["acknowledged"] | {"at": ""} == {"at": "", "by": "local", "word": "on my way"}
    again = checked(watched.send("POST", path, {"word": "me too"}), path, "post")
    assert again.json["acknowledged"] == answer.json["acknowledged"]


def test_several_are_acknowledged_at_once_or_none(watched: Stage) -> None:
    path = "/api/v1/alarms/ack"
    assert checked(watched.send("POST", path, {"ids": [2, 77]}), path, "post").status == 404
    assert got(watched, "/api/v1/alarms") == [4, 3, 2]
    assert checked(watched.send("POST", path, {"ids": [2, 3]}), path, "post").status == 200
    assert got(watched, "/api/v1/alarms") == [4, 3], "what is over and seen is not open any more"


@pytest.mark.parametrize("ids", [[], "3", [True], ["3"], list(range(1001)), None])
def test_ids_that_are_none_are_blamed(watched: Stage, ids: object) -> None:
    answer = watched.send("POST", "/api/v1/alarms/ack", {"ids": ids})
    assert (answer.status, answer.json["error"]["field"]) == (400, "ids")


def test_one_that_there_is_not_is_told(watched: Stage) -> None:
    assert checked(watched.send("POST", "/api/v1/alarms/77/ack", {}), "/api/v1/alarms/77/ack", "post").status == 404


def test_maintenance_begins_is_listed_and_ends(watched: Stage) -> None:
    path = "/api/v1/maintenance/gateway.1"
    until = "2026-11-20T18:00:00+01:00"
    answer = watched.send("PUT", path, {"until": until})
    assert (answer.status, answer.json) == (200, {"subject": "gateway.1", "until": until})
    assert checked(watched.get("/api/v1/maintenance"), "/api/v1/maintenance").json == [answer.json]
    assert watched.send("PUT", path, {"until": None}).json["until"] is None
    assert watched.get("/api/v1/maintenance").json == []


@pytest.mark.parametrize("until", [NOW_TS, NOW_TS - 5, NOW_TS + 31 * 86_400])
def test_maintenance_lies_ahead_and_is_not_for_ever(watched: Stage, until: int) -> None:
    answer = watched.send("PUT", "/api/v1/maintenance/device.1", {"until": until})
    assert (answer.status, answer.json["error"]["code"]) == (422, "maintenance_too_long")


@pytest.mark.parametrize("subject", ["device.99", "gateway.7", "board.9", "server", "device.", "device.x", "load.1"])
def test_only_what_there_is_can_be_in_maintenance(watched: Stage, subject: str) -> None:
    assert watched.send("PUT", f"/api/v1/maintenance/{subject}", {"until": NOW_TS + 60}).status == 404


def test_the_page_lists_them_and_offers_what_is_older(watched: Stage) -> None:
    text = watched.get("/alarms?state=all").text
    for words in ("Hall 1", "Meter 2", "The gateway does not answer", "4 times", "Seen by Ada", "Server", "deleted"):
        assert words in text
    assert "No alarm" in watched.get("/alarms?class=configuration").text


def test_the_page_shows_what_began_between_two_days_and_exports_the_same(watched: Stage) -> None:
    yesterday = datetime.datetime.fromtimestamp(NOW_TS, ZoneInfo("Europe/Paris")).date() - datetime.timedelta(days=1)
    text = watched.get(f"/alarms?state=all&from={yesterday}&to={yesterday}").text
    assert re.findall(r'data-alarm="([0-9]+)"', text) == ["2"]
    (export,) = re.findall(r'href="(/api/v1/alarms.csv[^"]*)"', text)
    rows = list(csv.reader(io.StringIO(watched.get(export.replace("&amp;", "&")).text)))
    assert [row[0] for row in rows[1:]] == ["2"]
    assert 'data-alarm="4"' in watched.get("/alarms?state=all&from=nonsense&to=2026-13-99").text


def test_the_description_knows_each_kind() -> None:
    described = operation("/api/v1/alarms")["parameters"]
    (kinds,) = [each["schema"]["enum"] for each in described if each["name"] == "kind"]
    assert set(kinds) == set(KINDS)


def test_the_page_offers_what_can_be_in_maintenance_and_says_what_is(watched: Stage) -> None:
    assert watched.send("PUT", "/api/v1/maintenance/device.2", {"until": NOW_TS + 60}).status == 200
    text = watched.get("/alarms").text
    assert "Maintenance: Meter 2" in text and 'data-maintained="device.2"' in text
    assert '["gateway.1", "Hall 1"]' in text
