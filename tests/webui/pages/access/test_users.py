"""Pages of users, sessions and tokens: who sees which, and what may be changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runtime.store.env import Store
from tests.webui.closed import Closed, closed, furnished


@pytest.fixture
def house(store: Store) -> Closed:
    return closed(store)


def test_the_administrator_sees_who_there_is_and_may_add(house: Closed) -> None:
    text = house.logged_in("administrator").get("/users").text
    assert all(name in text for name in ("administrator", "greenUp", "installer", "/users/new"))


def test_one_s_own_rights_are_shown_and_cannot_be_changed(house: Closed) -> None:
    chief = house.logged_in("administrator")
    assert "<fieldset disabled>" in chief.get("/users/1").text and "data-removes" not in chief.get("/users/1").text
    assert "<fieldset disabled>" not in chief.get("/users/3").text and "data-removes" in chief.get("/users/3").text
    assert chief.get("/users/99").status == 404


def test_everybody_sees_his_own_sessions_and_only_those(house: Closed) -> None:
    house.logged_in("administrator")
    text = house.logged_in("user").get("/access").text
    assert "Your PIN" in text or "where your PIN" in text
    assert '<th scope="row">administrator' not in text


def test_who_logs_in_is_told_to_those_who_look_after_users_only(house: Closed) -> None:
    assert house.logged_in("user").get("/api/v1/events").status == 200


def test_a_name_with_markup_is_shown_and_not_obeyed(store: Store) -> None:
    access = furnished()
    evil = replace(access.users[3], name="<script>alert(1)</script>\"'")
    house = closed(store, access=replace(access, users={**access.users, 3: evil}))
    for path in ("/users", "/users/3"):
        text = house.logged_in("administrator").get(path).text
        assert "<script>alert" not in text and "&lt;script&gt;" in text


def test_each_page_leads_out_and_names_who_is_in(house: Closed) -> None:
    visitor = house.logged_in("user")
    for path in ("/", "/consumptions", "/access"):
        text = visitor.get(path).text
        assert 'href="/logout' in text and "Logged in as user" in text and f'data-csrf="{visitor.csrf}"' in text


def test_a_user_with_two_pages_is_led_to_them_and_no_further(house: Closed) -> None:
    text = house.logged_in("user").get("/").text
    assert 'href="/consumptions"' in text
    for hidden in ("/devices", "/gateways", "/setup", "/server"):
        assert f'href="{hidden}"' not in text
