"""Charging sessions over HTTP: the list, its export, and the statement of a month for each badge."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.store.env import open_store
from tests.webui.api.described import checked
from tests.webui.carpark import car_park
from tests.webui.stage import NOW_TS, Stage


@pytest.fixture
def park(tmp_path: Path) -> Iterator[Stage]:
    store = open_store(tmp_path)
    yield car_park(store)
    store.close()


def listed(site: Stage, query: str = "") -> list[dict]:
    path = f"/api/v1/charging/sessions?{query}"
    return checked(site.get(path), path).json


def test_a_session_says_who_charged_what_and_what_it_costs(park: Stage) -> None:
    newest, before = listed(park)
    assert (newest["station"], newest["name"], newest["rfid"]) == (1, "Meter 2", "04A1")
    assert (newest["energy_wh"], newest["cost"], newest["currency"]) == (10_000, "2.00", "EUR")
    assert (newest["charged_ah"], newest["pauses"], newest["phases"]) == (10, 1, 3)
    assert newest["ended"] == "2026-11-19T14:30:00.000+01:00"
    assert (before["ended_by"], before["energy_wh"], before["cost"]) == ("lost", None, None)


@pytest.mark.parametrize(
    ("query", "stations"),
    [
        (f"from={NOW_TS - 70 * 86_400}", [1, 2, 1]),
        ("station=2", [2]),
        ("rfid=04A1", [1]),
        (f"to={NOW_TS - 86_400}", [2]),
        ("limit=1", [1]),
    ],
)
def test_the_list_is_what_was_asked_for(park: Stage, query: str, stations: list[int]) -> None:
    assert [each["station"] for each in listed(park, query)] == stations


@pytest.mark.parametrize("query", ["limit=0", "station=x", "from=x", f"to={NOW_TS}&from={NOW_TS}"])
def test_a_wrong_filter_is_blamed(park: Stage, query: str) -> None:
    answer = checked(park.get(f"/api/v1/charging/sessions?{query}"), "/api/v1/charging/sessions")
    assert answer.status == 400
    assert answer.json["error"]["field"] == query.partition("=")[0]


def test_the_export_has_the_same_and_no_formula(park: Stage) -> None:
    answer = park.get("/api/v1/charging/sessions.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["name"], row["energy_wh"], row["rfid"]) for row in rows] == [
        ("Meter 2", "10000", "04A1"), ("Meter 3", "", "'=04B2"),
    ]  # fmt: skip
    assert answer.headers["Content-Disposition"] == 'attachment; filename="charging-sessions.csv"'


def test_the_statement_of_a_month_has_a_line_for_each_badge(park: Stage) -> None:
    path = "/api/v1/charging/statement?date=2026-11-03"
    statement = checked(park.get(path), path).json
    assert statement["month"] == "2026-11"
    lines = {line["rfid"]: line for line in statement["lines"]}
    assert (lines["04A1"]["charges"], lines["04A1"]["energy_wh"], lines["04A1"]["cost"]) == (1, 10_000, "2.00")
    assert (lines["=04B2"]["uncounted"], lines["=04B2"]["cost"]) == (1, None)
    one = park.get(f"{path}&rfid=04A1").json
    assert [line["rfid"] for line in one["lines"]] == ["04A1"]
    assert park.get("/api/v1/charging/statement?date=2026-12-01").json["lines"] == []


def test_the_statement_is_exported_under_the_name_of_its_month(park: Stage) -> None:
    answer = park.get("/api/v1/charging/statement.csv?date=2026-11-03")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="charging-2026-11.csv"'
    assert next(csv.DictReader(io.StringIO(answer.text)))["month"] == "2026-11"
