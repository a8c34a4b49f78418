from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec
from tests.webui.api.described import checked
from tests.webui.api.recording import recorded_site
from tests.webui.stage import Answer, Stage

ENERGY = "active_energy_import_wh"
TARIFFS = (TariffSpec(1, "Day", prices=(Price(1, 200_000),), unpriced=2),)
WHOLE_DAY = {"device": 1, "quantity": ENERGY, "start": "2026-11-19T00:00:00+01:00", "end": "2026-11-20T00:00:00+01:00"}
DAY = "/api/v1/consumption?of=device:1&period=day&date=2026-11-19"


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Stage]:
    with recorded_site(tmp_path / "store", tariffs=TARIFFS, rules=(RuleSpec(1, 1, default=True),)) as made:
        yield made


def sent(site: Stage, method: str, path: str, value: object = None) -> Answer:
    return checked(site.send(method, path, value), path, method)


def replaced(site: Stage, device: int = 1, **changes: object) -> Answer:
    asked = {"quantity": ENERGY, "last_index": 80_000, "first_index": 12.5, "confirmed": True, **changes}
    path = f"/api/v1/devices/{device}/replace-meter"
    return sent(site, "POST", path, asked)


def test_a_meter_is_replaced_with_its_last_and_first_index(recorded: Stage) -> None:
    answer = replaced(recorded)
    assert answer.json == {"device": 1, "quantity": ENERGY, "added": {"value": 0, "unit": "Wh"}}
    (event,) = recorded.get("/api/v1/events?code=meter_replaced&subject=device.1").json
    assert event["detail"].endswith("by local")


def test_a_last_index_that_the_meter_can_hardly_have_reached_is_asked_back(recorded: Stage) -> None:
    answer = replaced(recorded, confirmed=None)
    assert (answer.status, answer.json["error"]["code"], answer.json["error"]["field"]) == (
        409, "meter_index_high", "last_index",
    )  # fmt: skip
    assert recorded.get("/api/v1/events?code=meter_replaced").json == []
    assert replaced(recorded).status == 200


def test_the_only_counter_needs_no_name(recorded: Stage) -> None:
    recorded.publishes(2, quantities=(ENERGY, "active_power_w"))
    assert replaced(recorded, 2, quantity=None).json["quantity"] == ENERGY
    assert replaced(recorded, 1, quantity=None).json["error"]["field"] == "quantity"


def test_indexes_and_times_may_be_as_people_read_them(recorded: Stage) -> None:
    asked = {"last_index": 80, "first_index": 0.0125, "unit": "kWh", "at": "2026-11-20T14:20"}
    assert replaced(recorded, **asked).status == 200
    (event,) = recorded.get("/api/v1/events?code=meter_replaced").json
    assert event["ts"].startswith("2026-11-20T14:20:00") and event["detail"].startswith(f"{ENERGY} 80000000 12500")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("last_index", 5, "meter_index_wrong"),
        ("last_index", None, "missing_parameter"),
        ("last_index", "a lot", "number_wrong"),
        ("last_index", 1.0001, "number_wrong"),
        ("last_index", "80_000", "number_wrong"),
        ("last_index", "٨٠٠٠٠", "number_wrong"),
        ("first_index", -1, "index_negative"),
        ("quantity", "active_power_w", "meter_unknown"),
        ("quantity", "water_dm3", "meter_unknown"),
        ("unit", "m3", "bad_parameter"),
        ("at", "yesterday", "moment_wrong"),
        ("at", "2027-01-01T00:00:00+01:00", "moment_ahead"),
        ("tomato", 1, "field_unknown"),
    ],
)
def test_a_wrong_replacement_blames_the_field_and_changes_nothing(recorded: Stage, field, value, code) -> None:
    answer = replaced(recorded, **{field: value})
    assert (answer.status, answer.json["error"]["code"], answer.json["error"]["field"]) == (400, code, field)
    assert "000" not in answer.json["error"]["message"]
    assert recorded.get("/api/v1/events?code=meter_replaced").json == []


def test_there_has_to_be_such_a_device(recorded: Stage) -> None:
    assert replaced(recorded, 77).status == 404


def test_a_correction_is_added_listed_and_taken_back(recorded: Stage) -> None:
    before = recorded.get(DAY).json["total"]
    made = sent(recorded, "POST", "/api/v1/corrections", {**WHOLE_DAY, "energy": -2400.5, "reason": "Test of the pump"})
    assert made.status == 201 and made.json["author"] == "local" and made.json["taken_back"] is None
    assert recorded.get("/api/v1/corrections?device=1").json == [made.json]
    assert recorded.get("/api/v1/corrections?device=2").json == []
    corrected = recorded.get(DAY).json
    assert corrected["total"] == pytest.approx(before - 2400.5) and corrected["bins"][3]["quality"] == "substituted"
    back = sent(recorded, "DELETE", f"/api/v1/corrections/{made.json['id']}").json
    assert back["taken_back"]["by"] == "local"
    assert recorded.get("/api/v1/corrections").json == [back]
    assert recorded.get(DAY).json["total"] == before
    again = sent(recorded, "DELETE", f"/api/v1/corrections/{made.json['id']}")
    assert (again.status, again.json["error"]["code"]) == (409, "correction_taken_back")
    assert sent(recorded, "DELETE", "/api/v1/corrections/99").status == 404


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"energy": 0}, "energy", "correction_empty"),
        ({"energy": -99_999_999}, "energy", "correction_negative"),
        ({"reason": ""}, "reason", "missing_parameter"),
        ({"end": WHOLE_DAY["start"]}, "end", "span_empty"),
        ({"end": "2026-12-01T00:00:00+01:00"}, "end", "moment_ahead"),
        ({"device": 0}, "device", "out_of_range"),
    ],
)
def test_a_wrong_correction_blames_the_field(recorded: Stage, changes, field, code) -> None:
    asked = {**WHOLE_DAY, "energy": 5, "reason": "why not"} | changes
    error = sent(recorded, "POST", "/api/v1/corrections", asked).json["error"]
    assert (error["field"], error["code"]) == (field, code)
    assert recorded.get("/api/v1/corrections").json == []


def test_19_a_correction_of_the_first_ten_minutes_costs_the_same_when_recomputed(tmp_path: Path) -> None:
    tariffs = (*TARIFFS, TariffSpec(2, "Night", prices=(Price(3, 100_000),), unpriced=4))
    rules = (RuleSpec(1, 1, start="06:10", end="21:59"), RuleSpec(2, 2, start="22:00", end="06:09"))
    with recorded_site(tmp_path / "store", tariffs=tariffs, rules=rules) as site:
        before = site.get(DAY).json["cost"]
        times = {"start": "2026-11-19T06:00:00+01:00", "end": "2026-11-19T06:10:00+01:00"}
        asked = {"device": 1, "quantity": ENERGY, **times, "energy": 6_000, "reason": "loose clamp"}
        assert sent(site, "POST", "/api/v1/corrections", asked).status == 201
        corrected = site.get(DAY).json
        assert float(corrected["cost"]) - float(before) == pytest.approx(0.6, abs=0.011)
        assert sent(site, "POST", "/api/v1/recompute", {"from": "2026-11-19", "to": "2026-11-19"}).status == 202
        assert site.get(DAY).json == corrected


def test_20_a_correction_that_takes_more_than_its_stretch_held_is_refused(recorded: Stage) -> None:
    times = {"start": "2026-11-19T06:00:00+01:00", "end": "2026-11-19T06:10:00+01:00"}
    hour = recorded.get(DAY).json["bins"][6]["value"]
    asked = {"device": 1, "quantity": ENERGY, **times, "energy": round(-hour / 3, 3), "reason": "loose clamp"}
    error = sent(recorded, "POST", "/api/v1/corrections", asked).json["error"]
    assert (error["code"], error["field"]) == ("correction_negative", "energy")
    assert recorded.get("/api/v1/corrections").json == []
    assert sent(recorded, "POST", "/api/v1/corrections", {**asked, "energy": round(-hour / 6, 3) + 0.002}).status == 201


def test_costs_are_recomputed_day_by_day_and_both_bills_can_be_seen(tmp_path: Path) -> None:
    with recorded_site(tmp_path / "store") as site:
        assert site.get("/api/v1/recompute").json["state"] == "none"
        site.installation = type(site.installation)(
            **{name: getattr(site.installation, name) for name in site.installation.__slots__}
            | {"tariffs": TARIFFS, "rules": (RuleSpec(1, 1, default=True),)}
        )
        site.views.publish("installation", site.installation)
        begun = sent(site, "POST", "/api/v1/recompute", {"from": "2026-11-18", "to": "2026-11-19"})
        assert begun.status == 202
        done = site.get("/api/v1/recompute").json
        assert done == {"state": "done", "from": "2026-11-18", "to": "2026-11-19", "days": 2, "done": 2}
        assert site.get(f"{DAY}&basis=billed").json["cost"] is None
        assert site.get(DAY).json["cost"] == "4.80"


def test_a_recomputation_can_be_cancelled_and_is_refused_when_it_makes_no_sense(recorded: Stage) -> None:
    refused = sent(recorded, "POST", "/api/v1/recompute", {"from": "2026-11-19", "to": "2026-11-18"}).json["error"]
    assert (refused["code"], refused["field"]) == ("recompute_empty", "to")
    assert sent(recorded, "POST", "/api/v1/recompute", {"from": "now", "to": "then"}).json["error"]["field"] == "from"
    assert sent(recorded, "DELETE", "/api/v1/recompute").status == 202


def test_while_the_recorder_starts_it_is_told(recorded: Stage) -> None:
    recorded.peers = lambda name, message: False
    answer = sent(recorded, "DELETE", "/api/v1/corrections/1")
    assert (answer.status, answer.json["error"]["code"]) == (503, "owner_restarted")
