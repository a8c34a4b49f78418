"""The door: alternate paths and methods, where a change may come from, the way to the login and back."""

from __future__ import annotations

import pytest

from runtime.store.env import Store
from tests.webui.closed import Closed, Visitor, closed


@pytest.fixture
def house(store: Store) -> Closed:
    return closed(store)


@pytest.mark.parametrize(
    "path",
    [
        "//users", "/users/", "/users//", "/./users", "/users/.", "/static/../users", "/Users", "/users;x", "/users%2f",
        "/%75sers", "/api/v1//users", "/api//v1/users", "/api/v1/users/", "/api/v1/users;role=1", "/API/v1/users",
        "/api/v1/users%00", "/login/../users", "/api/v1/session/../users", "/api/v1/openapi.json/../users",
    ],
)  # fmt: skip
def test_no_other_way_of_writing_a_path_gets_in(house: Closed, path: str) -> None:
    for method in ("GET", "HEAD", "POST", "OPTIONS", "TRACE", "PROPFIND", "get", "G\xcbT"):
        answer = house.visitor().ask(method, path)
        assert answer.status in (303, 401, 404, 405) and b"administrator" not in answer.body, method


def test_no_header_makes_another_request_of_it(house: Closed) -> None:
    nobody = house.visitor()
    for headers in (
        {"x_http_method_override": "DELETE"}, {"x_original_url": "/login"}, {"x_rewrite_url": "/login"},
        {"x_forwarded_for": "127.0.0.1"}, {"x_real_ip": "127.0.0.1"}, {"referer": "http://server/users"},
    ):  # fmt: skip
        assert nobody.get("/api/v1/users", **headers).status == 401
        assert nobody.ask("DELETE", "/api/v1/users/1", **headers).status == 401


def test_head_tells_nobody_more_than_get(house: Closed) -> None:
    assert house.visitor().ask("HEAD", "/api/v1/users").status == 401
    assert house.visitor().ask("HEAD", "/users").status == 303


def test_the_login_leads_back_to_the_page_that_was_asked_for(house: Closed) -> None:
    assert (
        house.visitor().get("/devices/1?tab=energy").headers["Location"] == "/login?back=%2Fdevices%2F1%3Ftab%3Denergy"
    )
    assert house.visitor().get("/").headers["Location"] == "/login"


def test_who_may_not_see_a_page_is_told_so_and_shown_no_way_to_it(house: Closed) -> None:
    answer = house.logged_in("user").get("/devices")
    assert answer.status == 403 and "You may not do this." in answer.text
    assert 'href="/devices"' not in answer.text and 'href="/consumptions"' in answer.text
    assert house.logged_in("user").get("/api/v1/live").json["error"]["code"] == "not_allowed"


def test_a_change_needs_the_token_of_the_session_in_a_header_or_a_form(house: Closed) -> None:
    visitor = house.logged_in("administrator")
    csrf, visitor.csrf = visitor.csrf, ""
    assert visitor.form("/logout", {"how": "logout"}).status == 403
    assert visitor.form("/logout", {"how": "logout", "csrf": "wrong"}).status == 403
    assert visitor.form("/logout", {"how": "logout", "csrf": csrf[:-1]}).status == 403
    assert visitor.form("/logout", {"how": "logout", "csrf": csrf}).status == 303


def test_another_session_s_token_does_not_count(house: Closed) -> None:
    one, other = house.logged_in("administrator"), house.logged_in("administrator")
    one.csrf = other.csrf
    assert one.ask("DELETE", "/api/v1/session").json["error"]["code"] == "csrf_wrong"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://server"}, 200), ({"sec_fetch_site": "same-origin"}, 200), ({}, 200),
        ({"origin": "http://SERVER"}, 200), ({"origin": "http://server:8080"}, 403), ({"origin": "null"}, 403),
        ({"origin": "http://server.evil.example"}, 403), ({"origin": "http://evil.example/server"}, 403),
        ({"origin": "http://["}, 403), ({"sec_fetch_site": "same-site"}, 403), ({"sec_fetch_site": "cross-site"}, 403),
        ({"origin": "http://server", "sec_fetch_site": "cross-site"}, 403),
    ],
)  # fmt: skip
def test_where_a_change_comes_from(house: Closed, headers: dict[str, str], status: int) -> None:
    assert house.logged_in("administrator").ask("DELETE", "/api/v1/session", **headers).status == status


def test_nobody_can_be_logged_in_from_elsewhere(house: Closed) -> None:
    body = {"pin": "73058", "puk": "48201937560284"}
    assert house.visitor().post("/api/v1/session", body, origin="http://evil.example").status == 403
    assert house.visitor().post("/login", None, sec_fetch_site="cross-site").status == 403


def test_a_token_of_a_program_needs_no_proof_of_where_it_comes_from_but_no_page_can_use_it(house: Closed) -> None:
    made = house.logged_in("administrator").post(
        "/api/v1/tokens", {"name": "p", "rights": {"server_configuration": "act"}}
    )
    bearer = {"authorization": f"Bearer {made.json['token']}"}
    program = Visitor(house)
    assert program.post("/api/v1/tokens", {"name": "q"}, **bearer).status == 201
    assert program.post("/api/v1/tokens", {"name": "r"}, origin="http://evil.example", **bearer).status == 403


def test_nothing_behind_the_door_is_kept_by_browsers(house: Closed) -> None:
    visitor = house.logged_in("administrator")
    for path in ("/", "/users", "/api/v1/users", "/nowhere", "/login"):
        assert visitor.get(path).headers["Cache-Control"] == "no-store"


def test_asking_changes_nothing(house: Closed) -> None:
    visitor = house.logged_in("administrator")
    before = house.view
    for path in ("/logout", "/logout?how=lock", "/api/v1/session?lock=1", "/users/1?enabled=0", "/api/v1/users/1"):
        visitor.get(path)
    assert house.view == before


def test_an_open_door_is_for_tests_of_pages_only(store: Store) -> None:
    house = closed(store)
    assert house.site.get("/users").status == 200
    assert house.visitor().get("/users").status == 303
