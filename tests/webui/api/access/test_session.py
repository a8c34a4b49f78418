"""Logging in with PIN and PUK, at a known browser with the PIN; logging out, locking, the PIN again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runtime.core.access.access import FRESH_S, IDLE_S, LONGEST_S, WRONG_PINS
from runtime.store.env import Store
from tests.webui.api.described import checked
from tests.webui.closed import CODES, Closed, Visitor, closed

PIN, PUK = CODES["administrator"]
SESSION, BROWSER = "wattkeeper_session", "wattkeeper_browser"


@pytest.fixture
def house(store: Store) -> Closed:
    return closed(store)


def test_pin_and_puk_open_a_session_with_the_pages_of_the_user(house: Closed) -> None:
    visitor = house.visitor()
    answer = checked(visitor.log_in(PIN, PUK), "/api/v1/session", "POST").json
    assert answer["user"] == "administrator" and answer["csrf"] and answer["fresh"] is True
    assert answer["pages"][0] == "server_configuration" and "green_up" not in answer["pages"]
    assert checked(visitor.get("/api/v1/session"), "/api/v1/session").json == answer


def test_a_puk_may_be_written_in_groups(house: Closed) -> None:
    assert house.visitor().log_in(PIN, f"{PUK[:5]} {PUK[5:9]} {PUK[9:]}").status == 200


def test_wrong_pin_and_wrong_puk_get_the_same_answer(house: Closed) -> None:
    tries = ((PIN, PUK[:-1] + "0"), ("00000", PUK), ("7305", PUK), ("x" * 50, "y" * 50), (CODES["user"][0], PUK))
    answers = {house.visitor(f"10.0.0.{n}").log_in(*codes).body for n, codes in enumerate(tries)}
    assert len(answers) == 1 and b"login_failed" in answers.pop()


def test_cookies_cannot_be_read_by_scripts_nor_sent_by_other_sites(house: Closed) -> None:
    told = house.visitor().log_in(PIN, PUK).headers["cookies"].lower().splitlines()
    assert len(told) == 2
    for cookie in told:
        assert "httponly" in cookie and "samesite=" in cookie and "path=/" in cookie and "domain" not in cookie
        assert "secure" not in cookie
    secure = Visitor(house, https=True).log_in(PIN, PUK).headers["cookies"].lower().splitlines()
    assert all("secure" in cookie and cookie.startswith("__host-") for cookie in secure)


def test_the_id_of_a_session_changes_with_each_login_and_is_never_taken_from_the_browser(house: Closed) -> None:
    visitor = Visitor(house, cookies={SESSION: "planted", BROWSER: "planted too"})
    visitor.log_in(PIN, PUK)
    first = dict(visitor.cookies)
    assert "planted" not in first[SESSION] and "planted" not in first[BROWSER]
    visitor.log_in(PIN, PUK)
    assert visitor.cookies[SESSION] != first[SESSION] and visitor.cookies[BROWSER] != first[BROWSER]


@pytest.mark.parametrize("forged", ["", "x", "é" * 50, "0" * 43, "../../etc/passwd", "a" * 5000])
def test_a_forged_session_is_nobody(house: Closed, forged: str) -> None:
    house.logged_in("administrator")
    assert Visitor(house, cookies={SESSION: forged}).get("/api/v1/users").status == 401


def test_an_edited_session_is_nobody(house: Closed) -> None:
    visitor = house.logged_in("administrator")
    key = visitor.cookies[SESSION]
    for edited in (key[:-1] + ("A" if key[-1] != "A" else "B"), key + "A", key.swapcase()):
        assert Visitor(house, cookies={SESSION: edited}).get("/api/v1/users").status == 401


def test_a_role_that_the_client_claims_is_not_looked_at(house: Closed) -> None:
    visitor = house.logged_in("user")
    visitor.cookies |= {"role": "administrator", "user": "1"}
    assert visitor.get("/api/v1/users?role=administrator&user=1", x_user="administrator").status == 403


def test_the_pin_is_enough_where_the_browser_is_known(house: Closed) -> None:
    visitor = house.logged_in("administrator")
    visitor.ask("DELETE", "/api/v1/session")
    assert visitor.get("/api/v1/session").status == 401
    assert visitor.log_in(PIN).json["user"] == "administrator"
    assert house.visitor().log_in(PIN).json["error"]["code"] == "puk_needed"


def test_after_lock_both_codes_are_needed(house: Closed) -> None:
    visitor = house.logged_in("administrator")
    before = dict(visitor.cookies)
    assert visitor.ask("DELETE", "/api/v1/session?lock=1").status == 200
    assert visitor.log_in(PIN).json["error"]["code"] == "puk_needed"
    assert Visitor(house, cookies=before).get("/api/v1/session").status == 401


def test_five_wrong_pins_and_the_browser_is_known_no_more(house: Closed) -> None:
    visitor = house.logged_in("administrator")
    visitor.ask("DELETE", "/api/v1/session")
    for n in range(WRONG_PINS):
        assert visitor.log_in(f"4444{n}").json["error"]["code"] == "login_failed"
        house.passes(3)
    assert visitor.log_in(PIN).json["error"]["code"] == "puk_needed"


def test_a_known_browser_does_not_tell_whose_pin_another_one_is(house: Closed) -> None:
    visitor = house.logged_in("administrator")
    visitor.ask("DELETE", "/api/v1/session")
    others, nobodys = visitor.log_in(CODES["user"][0]), visitor.log_in("44444")
    assert others.body == nobodys.body and others.status == nobodys.status


def test_wrong_tries_are_slowed_down_and_told_how_long(house: Closed) -> None:
    visitor = house.visitor()
    for _ in range(4):
        assert visitor.log_in(PIN, "48201937560280").status == 401
    slowed = visitor.log_in(PIN, PUK)
    assert (slowed.status, slowed.headers["Retry-After"]) == (429, "1")
    house.passes(1)
    assert visitor.log_in(PIN, PUK).status == 200
    assert [event.code for event in house.events].count("login_failed") == 1


def test_a_session_ends_when_nobody_uses_it_whatever_its_page_asks_by_itself(house: Closed) -> None:
    visitor = house.logged_in("administrator")
    for _ in range(IDLE_S // 60):
        assert visitor.get("/api/v1/live").status == 200
        house.passes(60)
    assert visitor.get("/api/v1/live").status == 401


def test_somebody_who_moves_stays_logged_in_until_the_end_of_the_day(house: Closed) -> None:
    visitor = house.logged_in("administrator")
    for _ in range(LONGEST_S // 600 - 1):
        house.passes(600)
        assert visitor.get("/api/v1/session").status == 200
    house.passes(601)
    assert visitor.get("/api/v1/session").status == 401


def test_the_pin_again_makes_the_session_fresh_under_a_new_id(house: Closed) -> None:
    visitor = house.logged_in("administrator")
    house.passes(600)
    visitor.get("/")
    house.passes(600)
    key = visitor.cookies[SESSION]
    assert visitor.get("/api/v1/session").json["fresh"] is False
    assert visitor.post("/api/v1/session/confirm", {"pin": "44444"}).json["error"]["code"] == "pin_wrong"
    assert checked(visitor.post("/api/v1/session/confirm", {"pin": PIN}), "/api/v1/session/confirm", "POST").json == {}
    assert visitor.get("/api/v1/session").json["fresh"] is True and visitor.cookies[SESSION] != key
    stale = Visitor(house, cookies={SESSION: key}, csrf=visitor.csrf)
    assert stale.get("/api/v1/session").json["fresh"] is False
    house.passes(11)
    assert stale.get("/api/v1/session").status == 401


def test_five_wrong_pins_in_a_session_end_it(house: Closed) -> None:
    visitor = house.logged_in("administrator")
    for _ in range(WRONG_PINS - 1):
        visitor.post("/api/v1/session/confirm", {"pin": "44444"})
        house.passes(3)
    assert visitor.post("/api/v1/session/confirm", {"pin": "44444"}).json["error"]["code"] == "login_needed"
    assert visitor.log_in(PIN).json["error"]["code"] == "puk_needed"


def test_a_user_who_is_disabled_is_out_at_once(house: Closed) -> None:
    installer, administrator = house.logged_in("installer"), house.logged_in("administrator")
    assert installer.get("/api/v1/session").status == 200
    assert administrator.ask("PATCH", "/api/v1/users/3", {"enabled": False}).status == 200
    assert installer.get("/api/v1/session").status == 401
    assert house.visitor().log_in(*CODES["installer"]).status == 401


def test_factory_codes_open_nothing_outside_the_demo(store: Store) -> None:
    house = closed(store)
    users = {id: replace(user, factory=True) for id, user in house.view.users.items()}
    furnished = replace(house.view, users=users, set_up="demo")
    assert closed(store, access=furnished).visitor().log_in(PIN, PUK).json["error"]["code"] == "set_up_needed"
    done = replace(furnished, set_up="done")
    assert closed(store, access=done).visitor().log_in(PIN, PUK).json["error"]["code"] == "login_failed"
    assert closed(store, access=furnished, demo=True).visitor().log_in(PIN, PUK).status == 200


@pytest.mark.parametrize("body", [b"[" * 60_000, b"\xff\xfe", b"[1]", b'{"pin": 12345}', b'{"pin": "1", "x": 2}'])
def test_what_is_no_login_is_refused_in_order(house: Closed, body: bytes) -> None:
    assert house.visitor().ask("POST", "/api/v1/session", body).status == 400


def test_a_program_reads_with_a_token_and_needs_no_other_proof(house: Closed) -> None:
    made = house.logged_in("administrator").post("/api/v1/tokens", {"name": "Grafana", "rights": {"alarms": "see"}})
    program = Visitor(house, address="10.0.0.9")
    bearer = {"authorization": f"Bearer {made.json['token']}"}
    assert program.get("/api/v1/session", **bearer).json["user"] == "token Grafana"
    assert program.get("/api/v1/events", **bearer).status == 200
    assert program.get("/api/v1/devices", **bearer).status == 403
    assert program.get("/api/v1/events", authorization="Bearer x").status == 401
    assert program.get("/api/v1/events", authorization="Basic eDp5").status == 401


OWN = "/api/v1/session/codes"
NEW = {"pin": "26974", "puk": "18370429561837"}


def _user(house: Closed) -> Visitor:
    visitor = house.visitor()
    assert visitor.log_in(*CODES["user"]).status == 200
    return visitor


def test_everybody_changes_their_own_codes_and_is_logged_out_elsewhere(house: Closed) -> None:
    here, elsewhere = _user(house), house.visitor("10.0.0.9")
    elsewhere.log_in(*CODES["user"])
    assert checked(here.ask("PUT", OWN, NEW), OWN, "PUT").status == 200
    assert here.get("/api/v1/session").status == 200 and elsewhere.get("/api/v1/session").status == 401
    assert house.visitor("10.0.0.7").log_in(*CODES["user"]).status == 401
    assert house.visitor("10.0.0.8").log_in(NEW["pin"], NEW["puk"]).json["user"] == "user"


def test_own_codes_ask_the_pin_again(house: Closed) -> None:
    visitor = _user(house)
    for _ in range(4):
        house.passes(FRESH_S / 4 + 1)
        visitor.get("/")
    answer = checked(visitor.ask("PUT", OWN, NEW), OWN, "PUT")
    assert (answer.status, answer.json["error"]["code"]) == (403, "pin_again")


@pytest.mark.parametrize(
    ("codes", "field", "code"),
    [
        ({"pin": "12345", "puk": NEW["puk"]}, "pin", "pin_easy"), ({"pin": NEW["pin"]}, "puk", "codes_incomplete"),
        ({}, "pin", "codes_incomplete"), ({"pin": NEW["pin"], "puk": "1"}, "puk", "puk_form"),
    ],
)  # fmt: skip
def test_poor_codes_are_refused_beside_their_field(house: Closed, codes: dict[str, str], field: str, code: str) -> None:
    error = checked(_user(house).ask("PUT", OWN, codes), OWN, "PUT").json["error"]
    assert (error["field"], error["code"]) == (field, code)


def test_who_looks_for_the_pins_of_others_is_stopped(house: Closed) -> None:
    visitor = _user(house)
    taken = {"pin": PIN, "puk": NEW["puk"]}
    answers = [checked(visitor.ask("PUT", OWN, taken), OWN, "PUT") for _ in range(6)]
    assert [answer.json["error"]["code"] for answer in answers] == ["pin_used"] * 5 + ["login_slowed"]
    assert visitor.ask("PUT", OWN, NEW).status == 429


def test_a_page_of_live_values_keeps_its_session_open_as_long_as_the_setting_says(house: Closed) -> None:
    chief, visitor = house.logged_in("administrator"), house.logged_in("installer")
    body = {"watched_min": 60}
    assert checked(chief.ask("PUT", "/api/v1/sessions/idle", body), "/api/v1/sessions/idle", "PUT").json == body
    for _ in range(59):
        house.passes(60)
        assert visitor.get("/api/v1/live").status == 200
    house.passes(120)
    assert visitor.get("/api/v1/live").status == 401


def test_what_shows_no_live_values_keeps_no_session_open(house: Closed) -> None:
    chief, visitor = house.logged_in("administrator"), house.logged_in("installer")
    chief.ask("PUT", "/api/v1/sessions/idle", {"watched_min": 60})
    for _ in range(IDLE_S // 60):
        assert visitor.get("/api/v1/alarms/summary").status == 200
        house.passes(60)
    assert visitor.get("/api/v1/alarms/summary").status == 401


def test_no_setting_lengthens_a_session_beyond_its_longest(house: Closed) -> None:
    chief, visitor = house.logged_in("administrator"), house.logged_in("installer")
    chief.ask("PUT", "/api/v1/sessions/idle", {"watched_min": LONGEST_S // 60})
    for _ in range(LONGEST_S // 300 - 1):
        house.passes(300)
        assert visitor.get("/api/v1/live").status == 200
    house.passes(301)
    assert visitor.get("/api/v1/live").status == 401


@pytest.mark.parametrize("watched_min", [-1, LONGEST_S // 60 + 1, 1.5, "60", True])
def test_what_is_no_idle_time_is_refused(house: Closed, watched_min: object) -> None:
    answer = house.logged_in("administrator").ask("PUT", "/api/v1/sessions/idle", {"watched_min": watched_min})
    assert (answer.status, answer.json["error"]["field"]) == (400, "watched_min")
