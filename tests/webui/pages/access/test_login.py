"""The pages before the pages: login, logout, the PIN again."""

from __future__ import annotations

import pytest

from runtime.store.env import Store
from runtime.text.language import LANGUAGES
from tests.webui.closed import CODES, Closed, closed

PIN, PUK = CODES["administrator"]
SIGN_IN = {"pin": PIN, "puk": PUK}


@pytest.fixture
def house(store: Store) -> Closed:
    return closed(store)


@pytest.mark.parametrize("language", ["en", "fr", "el", "zh"])
def test_the_login_shows_in_the_visitor_s_language_and_nothing_of_the_site_behind(house: Closed, language: str) -> None:
    visitor = house.visitor()
    visitor.cookies["language"] = language
    text = visitor.get("/login").text
    assert f'<html lang="{LANGUAGES[language].at("Europe/Paris").tag}"' in text and "/language/fr?back=" in text
    assert 'href="/devices"' not in text and "administrator" not in text


def test_the_form_logs_in_without_any_script_and_leads_back(house: Closed) -> None:
    answer = house.visitor().form("/login", SIGN_IN | {"back": "/devices/1"})
    assert (answer.status, answer.headers["Location"]) == (303, "/devices/1")


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nX-Evil: 1"])
def test_the_login_leads_nowhere_else(house: Closed, back: str) -> None:
    answer = house.visitor().form("/login", SIGN_IN | {"back": back})
    assert answer.headers["Location"] == "/" and "X-Evil" not in answer.headers


def test_wrong_codes_are_told_in_words_and_never_shown_again(house: Closed) -> None:
    answer = house.visitor().form("/login", {"pin": PIN, "puk": "48201937560280"})
    assert answer.status == 401 and "PIN or PUK is not right." in answer.text
    assert "48201937560280" not in answer.text and PIN not in answer.text


def test_a_pause_is_told_and_counted_down(house: Closed) -> None:
    visitor = house.visitor()
    for _ in range(5):
        answer = visitor.form("/login", {"pin": PIN, "puk": "48201937560280"})
    assert answer.status == 429 and 'data-wait="1"' in answer.text and answer.headers["Retry-After"] == "1"


def test_a_known_browser_is_asked_for_the_pin_alone_but_may_give_both(house: Closed) -> None:
    visitor = house.logged_in("administrator")
    assert visitor.form("/logout", {"how": "logout"}).headers["Location"] == "/login"
    assert 'name="puk"' not in visitor.get("/login").text
    assert 'name="puk"' in visitor.get("/login?full=1").text
    assert visitor.form("/login", {"pin": PIN}).status == 303


def test_after_lock_both_codes_are_asked_for(house: Closed) -> None:
    visitor = house.logged_in("administrator")
    visitor.form("/logout", {"how": "lock"})
    assert 'name="puk"' in visitor.get("/login").text
    assert visitor.form("/login", {"pin": PIN}).status == 401


def test_who_is_logged_in_is_not_asked_again(house: Closed) -> None:
    assert house.logged_in("administrator").get("/login?back=/devices").headers["Location"] == "/devices"


def test_the_confirmation_offers_both_ways_to_leave(house: Closed) -> None:
    text = house.logged_in("administrator").get("/logout?back=/devices").text
    assert 'value="logout"' in text and 'value="lock"' in text and 'href="/devices"' in text


def test_the_pin_again_leads_back(house: Closed) -> None:
    visitor = house.logged_in("administrator")
    wrong = visitor.form("/confirm", {"pin": "44444", "back": "/users"})
    assert wrong.status == 403 and "The PIN is not right." in wrong.text
    assert visitor.form("/confirm", {"pin": PIN, "back": "/users"}).headers["Location"] == "/users"


def test_the_demo_shows_its_codes_and_nothing_else_does(store: Store, house: Closed) -> None:
    assert "00000 9999 00000" not in house.visitor().get("/login").text
    assert "00000 9999 00000" not in closed(store, demo=True).visitor().get("/login").text
