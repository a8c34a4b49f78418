"""Users over the API: adding, changing, removing, and what nobody may."""

from __future__ import annotations

import pytest

from runtime.store.env import Store
from tests.webui.api.described import checked
from tests.webui.closed import CODES, Closed, Visitor, closed

NEW = {"name": "Marie", "rights": {"consumptions": "see", "alarms": "act"}, "pin": "60481", "puk": "29580 1746 30125"}


@pytest.fixture
def house(store: Store) -> Closed:
    return closed(store)


@pytest.fixture
def chief(house: Closed) -> Visitor:
    return house.logged_in("administrator")


def test_a_new_user_logs_in_and_sees_his_pages_only(house: Closed, chief: Visitor) -> None:
    made = checked(chief.post("/api/v1/users", NEW), "/api/v1/users", "POST")
    assert (made.status, made.json["rights"]) == (201, {"consumptions": "see", "alarms": "act"})
    marie = house.visitor()
    assert marie.log_in("60481", "29580174630125").json["pages"] == ["consumptions", "alarms"]
    assert marie.get("/api/v1/consumption").status == 200
    assert marie.get("/api/v1/gateways").status == 403
    assert [event.code for event in house.events if event.code == "user_added"] == ["user_added"]


def test_nothing_of_the_codes_is_ever_told(chief: Visitor) -> None:
    told = chief.get("/api/v1/users").text + chief.get("/api/v1/users/1").text
    assert "argon2" not in told and CODES["administrator"][0] not in told and '"code"' not in told


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"name": ""}, "user_name_form", "name"), ({"name": "GREENUP"}, "user_name_taken", "name"),
        ({"pin": "12345"}, "pin_easy", "pin"), ({"pin": "99999"}, "pin_factory", "pin"),
        ({"pin": "1"}, "pin_form", "pin"),
        ({"puk": "11111111111111"}, "puk_easy", "puk"), ({"puk": "1"}, "puk_form", "puk"),
        ({"pin": "", "puk": "29580174630125"}, "codes_incomplete", "pin"),
        ({"pin": CODES["user"][0]}, "pin_used", "pin"), ({"rights": {"kitchen": "see"}}, "rights_form", "rights"),
        ({"rights": {"alarms": "own"}}, "rights_form", "rights"), ({"rights": ["alarms"]}, "rights_form", "rights"),
        ({"id": 1}, "field_unknown", "id"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_field(chief: Visitor, change: dict[str, object], code: str, field: str) -> None:
    answer = checked(chief.post("/api/v1/users", NEW | change), "/api/v1/users", "POST")
    assert (answer.json["error"]["code"], answer.json["error"]["field"]) == (code, field)


def test_a_refusal_speaks_the_visitor_s_language(chief: Visitor) -> None:
    chief.cookies["language"] = "fr"
    error = chief.post("/api/v1/users", NEW | {"pin": "99999"}).json["error"]
    assert "imprimé dans le manuel" in error["message"]


def test_new_codes_are_taken_and_the_old_ones_are_dead(house: Closed, chief: Visitor) -> None:
    answer = chief.ask("PATCH", "/api/v1/users/4", {"pin": "60481", "puk": "29580174630125"})
    assert checked(answer, "/api/v1/users/4", "PATCH").status == 200
    assert house.visitor().log_in("60481", "29580174630125").status == 200
    assert house.visitor("10.0.0.1").log_in(*CODES["user"]).status == 401


def test_two_who_save_the_same_user_at_once_do_not_undo_each_other(chief: Visitor) -> None:
    etag = chief.get("/api/v1/users/3").json["etag"]
    assert chief.ask("PATCH", "/api/v1/users/3", {"name": "Ines"}, if_match=f'"{etag}"').status == 200
    late = chief.ask("PATCH", "/api/v1/users/3", {"enabled": False}, if_match=f'"{etag}"')
    assert (late.status, late.json["error"]["code"]) == (409, "version_stale")


def test_who_is_no_administrator_changes_nobody_least_of_all_himself(house: Closed) -> None:
    for name, id in (("installer", 3), ("user", 4)):
        visitor = house.logged_in(name)
        for method, path, body in (
            ("GET", "/api/v1/users", None), ("POST", "/api/v1/users", NEW),
            ("PATCH", f"/api/v1/users/{id}", {"rights": {"server_configuration": "act"}}),
            ("DELETE", "/api/v1/users/1", None), ("POST", "/api/v1/tokens", {"name": "mine"}),
        ):  # fmt: skip
            assert visitor.ask(method, path, body).status == 403


def test_nobody_raises_or_removes_himself(chief: Visitor) -> None:
    raised = chief.ask("PATCH", "/api/v1/users/1", {"rights": {"green_up": "act", "server_configuration": "act"}})
    assert (raised.status, raised.json["error"]["code"]) == (403, "own_rights")
    assert chief.ask("DELETE", "/api/v1/users/1").json["error"]["code"] == "own_rights"
    assert chief.ask("PATCH", "/api/v1/users/1", {"name": "Chief"}).json["name"] == "Chief"


def test_the_last_administrator_stays(house: Closed, chief: Visitor) -> None:
    green = house.logged_in("greenUp")
    assert green.ask("DELETE", "/api/v1/users/1").status == 200
    assert chief.get("/api/v1/session").status == 401
    program = green.post("/api/v1/tokens", {"name": "p", "rights": {"server_configuration": "act"}}).json["token"]
    bearer = {"authorization": f"Bearer {program}"}
    for change in ({"enabled": False}, {"rights": {"alarms": "see"}}):
        answer = house.visitor().ask("PATCH", "/api/v1/users/2", change, **bearer)
        assert answer.json["error"]["code"] == "last_administrator"
    assert house.visitor().ask("DELETE", "/api/v1/users/2", **bearer).json["error"]["code"] == "last_administrator"


def test_who_is_not_there_is_not_found(chief: Visitor) -> None:
    for method in ("GET", "PATCH", "DELETE"):
        assert checked(chief.ask(method, "/api/v1/users/77", {}), "/api/v1/users/77", method).status == 404
