"""Display links: their screen reads its pages, nothing else, for ever and until the link is revoked."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from runtime.core.clock.timegrid import local
from runtime.store.env import Store
from tests.webui.api.described import checked
from tests.webui.closed import Closed, Visitor, closed
from webui.http.cookies import SCREEN

PAGES = ["/", "/consumptions?period=month", "/alarms"]
YEAR_S = 365 * 86_400


@pytest.fixture
def house(store: Store) -> Closed:
    return closed(store)


def _made(house: Closed, **more: object) -> Mapping[str, object]:
    body = {"name": "Hall", "pages": PAGES, **more}
    made = checked(house.logged_in("administrator").post("/api/v1/screens", body), "/api/v1/screens", "POST")
    assert made.status == 201, made.text
    return dict(made.json)


def _screen(house: Closed, key: object) -> Visitor:
    screen = house.visitor()
    assert checked(screen.post("/api/v1/screen", {"key": key}), "/api/v1/screen", "POST").status == 200
    return screen


def test_a_link_is_told_once_and_kept_as_a_hash(house: Closed) -> None:
    made = _made(house)
    listed = checked(house.logged_in("administrator").get("/api/v1/screens"), "/api/v1/screens")
    assert [each["pages"] for each in listed.json] == [PAGES] and str(made["key"]) not in listed.text
    assert str(made["key"]) not in str(house.view.tokens)
    assert house.logged_in("administrator").get("/api/v1/tokens").json == []


def test_a_screen_reads_its_pages_in_a_frame_of_ours(house: Closed) -> None:
    screen = _screen(house, _made(house)["key"])
    for page in ("/?screen=1", "/consumptions?period=month&screen=1", "/alarms?screen=1"):
        answer = screen.get(page)
        assert answer.status == 200 and b'class="on-screen"' in answer.body
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert screen.get("/live/home").status == 200 and screen.get("/api/v1/live").status == 200
    assert "frame-ancestors 'none'" in house.logged_in("user").get("/alarms").headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    ["/devices?screen=1", "/system?screen=1", "/access?screen=1", "/users?screen=1", "/api/v1/system",
     "/api/v1/session",
     "/api/v1/sessions", "/api/v1/users", "/live/finder", "/logout?screen=1", "/api/v1/charging"],
)  # fmt: skip
def test_a_screen_reads_nothing_else(house: Closed, path: str) -> None:
    assert _screen(house, _made(house)["key"]).get(path).status == 403


def test_a_screen_without_consumptions_reads_none_by_any_route(house: Closed) -> None:
    screen = _screen(house, _made(house, pages=["/alarms"])["key"])
    for path in ("/api/v1/consumption", "/api/v1/live", "/live/home", "/live/devices/1", "/api/v1/curves"):
        assert screen.get(path).status == 403, path


def test_a_screen_changes_nothing(house: Closed) -> None:
    screen = _screen(house, _made(house)["key"])
    for method, path in (("POST", "/api/v1/alarms/ack"), ("POST", "/api/v1/loads"), ("DELETE", "/api/v1/session")):
        assert screen.ask(method, path, {}).status in (401, 403), path
    assert screen.ask("POST", "/api/v1/alarms/ack?screen=1", {}).status == 403


def test_a_screen_is_never_logged_out_and_ends_at_once_when_its_link_is_revoked(house: Closed) -> None:
    made = _made(house)
    screen = _screen(house, made["key"])
    house.passes(3 * YEAR_S)
    assert checked(screen.get("/api/v1/screen"), "/api/v1/screen").status == 200
    assert screen.get("/alarms?screen=1").status == 200
    chief = house.logged_in("administrator")
    assert checked(chief.ask("DELETE", f"/api/v1/screens/{made['id']}"), "/api/v1/screens/1", "DELETE").status == 200
    assert screen.get("/api/v1/screen").json["error"]["code"] == "screen_unknown"
    assert screen.get("/alarms?screen=1").status == 303 and screen.get("/api/v1/alarms").status == 401
    codes = [event.code for event in house.events if event.code.startswith("screen")]
    assert codes == ["screen_added", "screen_removed"]


def test_the_cookie_is_given_anew_each_time_and_no_script_reads_it(house: Closed) -> None:
    screen = _screen(house, _made(house)["key"])
    told = screen.get("/api/v1/screen").headers["cookies"].lower()
    assert all(word in told for word in ("httponly", "samesite=strict", "max-age=34560000"))


def test_the_key_of_a_link_is_no_token_and_a_token_is_no_link(house: Closed) -> None:
    key = _made(house)["key"]
    assert house.visitor().get("/api/v1/alarms", authorization=f"Bearer {key}").status == 401
    token = house.logged_in("administrator").post("/api/v1/tokens", {"name": "Grafana"}).json
    assert house.visitor().post("/api/v1/screen", {"key": token["token"]}).status == 401
    assert house.logged_in("administrator").ask("DELETE", f"/api/v1/screens/{token['id']}").status == 404


def test_who_is_logged_in_at_the_same_browser_goes_on_as_themselves(house: Closed) -> None:
    made = _made(house)
    chief = house.logged_in("administrator")
    chief.cookies |= _screen(house, made["key"]).cookies
    assert SCREEN in chief.cookies
    assert chief.get("/users").status == 200 and b"on-screen" not in chief.get("/").body
    assert b'class="on-screen"' in chief.get("/?screen=1").body


@pytest.mark.parametrize(("at", "dark"), [("06:59", True), ("07:00", False), ("19:59", False), ("20:00", True)])
def test_it_is_dark_at_night_by_the_clock_of_the_site(house: Closed, at: str, dark: bool) -> None:
    screen = _screen(house, _made(house)["key"])
    now = house.site.bridge.clock.now_ts()
    wall = local(now, house.site.bridge.zone)
    hour, minute = map(int, at.split(":"))
    house.passes((hour * 60 + minute - wall.hour * 60 - wall.minute) % 1440 * 60)
    assert screen.get("/api/v1/screen").json["dark"] is dark


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"pages": []}, "pages"),
        ({"pages": ["/users"]}, "pages"),
        ({"pages": "/alarms"}, "pages"),
        ({"pages": ["/alarms"] * 21}, "pages"),
        ({"turn_s": 4}, "turn_s"),
        ({"turn_s": 3601}, "turn_s"),
        ({"theme": "blue"}, "theme"),
        ({"dark_from": "24:00"}, "dark_from"),
        ({"name": ""}, "name"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_makes_no_link_is_refused_beside_its_field(house: Closed, more: dict[str, object], field: str) -> None:
    body = {"name": "Hall", "pages": PAGES} | more
    answer = checked(house.logged_in("administrator").post("/api/v1/screens", body), "/api/v1/screens", "POST")
    assert (answer.status, answer.json["error"].get("field")) == (400, field)
