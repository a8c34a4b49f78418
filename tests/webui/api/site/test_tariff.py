from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec
from runtime.store.env import Store, open_store
from tests.webui.api.described import checked
from tests.webui.edited import EditedSite, codes
from tests.webui.stage import Answer, Stage, installation, stage

TARIFFS = (
    TariffSpec(1, "Peak", colour="#d9480f", prices=(Price(1, 187_300), Price(2, 201_000, "2026-11-20")), unpriced=4),
    TariffSpec(2, "Off-peak", prices=(Price(3, 120_000),), unpriced=5),
    TariffSpec(3, "City water", "water", prices=(Price(6, 3_500_000),), unpriced=7),
)
RULES = (
    RuleSpec(1, 1, first="2024-11-01", last="2025-03-31", repeat=True, start="06:00", end="14:59", days=("fri", "sat")),
    RuleSpec(2, 2, start="15:00", end="05:59"),
    RuleSpec(3, 3, start="22:00", end="05:59"),
)


@pytest.fixture
def billed(store: Store) -> Stage:
    """It is half past two in the afternoon of a Friday in November."""
    return stage(store, tariffs=TARIFFS, rules=RULES)


def test_tariffs_tell_their_prices_and_which_one_holds(billed: Stage) -> None:
    peak, night, water = billed.get("/api/v1/tariffs").json
    assert (peak["name"], peak["fluid"], peak["colour"], night["colour"]) == ("Peak", "electricity", "#d9480f", None)
    assert peak["prices"] == [
        {"price": "0.1873", "from": None, "in_force": False},
        {"price": "0.201", "from": "2026-11-20", "in_force": True},
    ]
    assert [tariff["in_force"] for tariff in (peak, night, water)] == [True, False, False]


def test_rules_come_in_their_order_and_the_one_in_force_is_flagged(billed: Stage) -> None:
    first, *others = billed.get("/api/v1/rules").json
    assert first.pop("etag")
    assert first == {
        "id": 1, "tariff": 1, "fluid": "electricity", "from": "2024-11-01", "to": "2025-03-31", "repeat": True,
        "start": "06:00", "end": "14:59", "days": ["fri", "sat"], "default": False, "in_force": True, "warning": None,
    }  # fmt: skip
    assert [(rule["id"], rule["fluid"], rule["in_force"]) for rule in others] == [
        (2, "electricity", False), (3, "water", False)
    ]  # fmt: skip


def test_another_rule_is_in_force_when_the_first_ends(billed: Stage) -> None:
    billed.clock.goes_on(30 * 60)
    assert [rule["id"] for rule in billed.get("/api/v1/rules").json if rule["in_force"]] == [2]


def test_without_tariffs_the_lists_are_empty(site: Stage) -> None:
    assert site.get("/api/v1/tariffs").json == site.get("/api/v1/rules").json == []


SIX_PRICES = [{"price": month, "from": f"2026-0{month}-01"} for month in range(1, 7)]


@pytest.fixture
def edited(tmp_path: Path) -> Iterator[EditedSite]:
    store = open_store(tmp_path / "store")
    site = installation(tariffs=TARIFFS, rules=RULES, used={"price": 7})
    yield EditedSite(store, replace(site, loads=()))
    store.close()


def sent(site: Stage, method: str, path: str, value: Any = None, **headers: str) -> Answer:
    return checked(site.send(method, path, value, **headers), path, method)


def test_a_tariff_is_added_edited_and_deleted(edited: EditedSite) -> None:
    made = sent(
        edited, "POST", "/api/v1/tariffs", {"name": "Weekend", "colour": "#1971c2", "prices": [{"price": 0.11}]}
    )
    assert (made.status, made.json["id"], made.json["prices"]) == (
        201, 4, [{"price": "0.11", "from": None, "in_force": True}]
    )  # fmt: skip
    dearer = {"prices": [{"price": "0.11"}, {"price": "0.12", "from": "2027-01-01"}]}
    changed = sent(edited, "PATCH", "/api/v1/tariffs/4", dearer, if_match=made.json["etag"])
    assert [price["from"] for price in changed.json["prices"]] == [None, "2027-01-01"]
    assert sent(edited, "GET", "/api/v1/tariffs/4").json == changed.json
    assert sent(edited, "DELETE", "/api/v1/tariffs/4").status == 200
    assert sent(edited, "GET", "/api/v1/tariffs/4").status == 404


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(edited: EditedSite) -> None:
    etag = edited.get("/api/v1/tariffs/1").json["etag"]
    assert edited.patch("/api/v1/tariffs/1", {"name": "Day"}, etag).status == 200
    stale = edited.patch("/api/v1/tariffs/1", {"name": "Dear"}, etag)
    assert (stale.status, stale.json["error"]["code"]) == (409, "version_stale")


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("tariffs", {"name": "Peak", "price": 1}, ("name", "name_taken")),
        ("tariffs", {"name": "A", "prices": [{"price": 1}, {"price": 2}]}, ("prices", "price_undated")),
        ("tariffs", {"name": "A", "prices": SIX_PRICES}, ("prices", "prices_too_many")),
        ("tariffs", {"name": "A", "price": "dear"}, ("price", "value_invalid")),
        ("rules", {"tariff": 77}, ("tariff", "tariff_unknown")),
        ("rules", {"tariff": 1, "repeat": True}, ("repeat", "repeat_undated")),
        ("rules", {"tariff": 1, "from": "2026-05-01", "to": "2026-04-01"}, ("to", "rule_ends_early")),
    ],
)  # fmt: skip
def test_faults_stand_beside_their_field(edited: EditedSite, path: str, value: Any, told: tuple[str, str]) -> None:
    answer = sent(edited, "POST", f"/api/v1/{path}", value)
    assert answer.status == 422
    assert codes(answer)[0][0] == told[0]
    assert told[1] in ("value_invalid", codes(answer)[0][1])


def test_rules_are_added_moved_and_deleted(edited: EditedSite) -> None:
    rule = sent(edited, "POST", "/api/v1/rules", {"tariff": 2, "date": "2026-12-25", "repeat": True})
    assert rule.status == 201 and (rule.json["from"], rule.json["to"]) == ("2026-12-25", "2026-12-25")

    def order() -> list[int]:
        return [each["id"] for each in edited.get("/api/v1/rules").json if each["fluid"] == "electricity"]

    assert order() == [1, 2, 4]
    for _ in range(3):
        sent(edited, "POST", "/api/v1/rules/4/move", {"to": "up"})
    assert order() == [4, 1, 2]
    assert sent(edited, "POST", "/api/v1/rules/4/move", {"to": "left"}).json["error"]["field"] == "to"
    changed = sent(edited, "PATCH", "/api/v1/rules/4", {"days": ["mon"]})
    assert changed.json["days"] == ["mon"] and sent(edited, "GET", "/api/v1/rules/4").json == changed.json
    assert sent(edited, "DELETE", "/api/v1/rules/4").status == 200 and order() == [1, 2]


def test_rules_that_never_hold_and_hours_without_a_tariff_are_told(edited: EditedSite) -> None:
    gaps = sent(edited, "GET", "/api/v1/rules/gaps").json
    assert gaps["electricity"][0] == {"day": "mon", "start": "06:00", "end": "14:59"} and "gas" not in gaps
    edited.send("POST", "/api/v1/rules", {"tariff": 1})
    for _ in range(2):
        edited.send("POST", "/api/v1/rules/4/move", {"to": "up"})
    warned = {rule["id"]: rule["warning"] for rule in sent(edited, "GET", "/api/v1/rules").json}
    assert warned == {4: None, 1: "never_reached", 2: "never_reached", 3: None}
    assert sent(edited, "GET", "/api/v1/rules/gaps").json["electricity"] == []


def test_a_tariff_in_use_is_kept(edited: EditedSite) -> None:
    answer = sent(edited, "DELETE", "/api/v1/tariffs/1")
    assert (answer.status, answer.json["error"]["code"]) == (422, "tariff_in_use")


@pytest.mark.parametrize("price", ["1_000", "٠.٢", "0,2", "0x10", "1 000", "", " "])
def test_26_a_price_that_is_not_digits_and_a_dot_is_refused(edited: EditedSite, price: str) -> None:
    answer = sent(edited, "POST", "/api/v1/tariffs", {"name": "Odd", "prices": [{"price": price}]})
    assert answer.status == 422 and codes(answer)[0][0] == "prices"


def test_26_blanks_around_a_price_are_left_out_and_what_is_kept_is_shown(edited: EditedSite) -> None:
    answer = sent(edited, "POST", "/api/v1/tariffs", {"name": "Odd", "prices": [{"price": " 0.20 "}]})
    assert answer.status == 201 and answer.json["prices"][0]["price"] == "0.20"


def test_a_price_that_is_none_is_named_by_its_number(edited: EditedSite) -> None:
    prices = [{"price": "0.11"}, {"price": "0.12", "from": "2027-01-01"}, {"price": "x", "from": "2028-01-01"}]
    answer = sent(edited, "POST", "/api/v1/tariffs", {"name": "Weekend", "prices": prices})
    fault = answer.json["error"]["faults"][0]
    assert (fault["field"], fault["code"], fault["facts"]) == ("prices", "price_wrong", {"number": 3})
    assert fault["message"].startswith("price 3: ")
