"""Sessions and known browsers: one's own, and everybody's for who administers."""

from __future__ import annotations

import pytest

from runtime.store.env import Store
from tests.webui.api.described import checked
from tests.webui.closed import CODES, Closed, closed


@pytest.fixture
def house(store: Store) -> Closed:
    return closed(store)


def test_each_sees_his_own_and_the_administrator_all(house: Closed) -> None:
    user, chief = house.logged_in("user"), house.logged_in("administrator")
    own = checked(user.get("/api/v1/sessions"), "/api/v1/sessions").json
    assert [(each["user"], each["own"], each["address"]) for each in own] == [("user", True, "192.168.1.50")]
    assert {each["user"] for each in chief.get("/api/v1/sessions").json} == {"user", "administrator"}
    browsers = checked(chief.get("/api/v1/browsers"), "/api/v1/browsers").json
    assert {each["user"] for each in browsers} == {"user", "administrator"}


def test_the_administrator_ends_a_session_and_the_browser_stays_known(house: Closed) -> None:
    user, chief = house.logged_in("user"), house.logged_in("administrator")
    (id,) = (each["id"] for each in chief.get("/api/v1/sessions").json if each["user"] == "user")
    assert checked(chief.ask("DELETE", f"/api/v1/sessions/{id}"), f"/api/v1/sessions/{id}", "DELETE").status == 200
    assert user.get("/api/v1/session").status == 401
    assert user.log_in(CODES["user"][0]).status == 200


def test_a_forgotten_browser_is_out_and_needs_both_codes(house: Closed) -> None:
    user, chief = house.logged_in("user"), house.logged_in("administrator")
    (id,) = (each["id"] for each in chief.get("/api/v1/browsers").json if each["user"] == "user")
    assert checked(chief.ask("DELETE", f"/api/v1/browsers/{id}"), f"/api/v1/browsers/{id}", "DELETE").status == 200
    assert user.get("/api/v1/session").status == 401
    assert user.log_in(CODES["user"][0]).json["error"]["code"] == "puk_needed"


def test_nobody_ends_what_is_somebody_else_s(house: Closed) -> None:
    user, chief = house.logged_in("user"), house.logged_in("administrator")
    for kind in ("sessions", "browsers"):
        (id,) = (each["id"] for each in chief.get(f"/api/v1/{kind}").json if each["user"] == "administrator")
        assert user.ask("DELETE", f"/api/v1/{kind}/{id}").status == 404
    assert chief.get("/api/v1/session").status == 200
