"""The first set-up: once, from nearby, with good codes."""

from __future__ import annotations

import pytest

from runtime.core.access.access import Access
from runtime.store.env import Store
from tests.webui.api.described import checked
from tests.webui.closed import Closed, Visitor, closed
from webui.access.login import is_near

ASKED = {
    "pin": "60481", "puk": "29580 1746 30125", "name": "Mill", "zone": "Europe/Warsaw", "currency": "PLN",
    "language": "pl",
}  # fmt: skip


@pytest.fixture
def new(store: Store) -> Closed:
    return closed(store, access=Access())


def test_whoever_sets_up_is_logged_in_and_the_site_has_its_name(new: Closed) -> None:
    visitor = new.visitor()
    made = checked(visitor.post("/api/v1/setup", ASKED), "/api/v1/setup", "POST")
    assert (made.status, made.json) == (201, {"site_saved": True})
    assert visitor.get("/api/v1/session").json["user"] == "administrator"
    site = new.site.installation
    assert (site.site, site.zone, site.currency, site.language) == ("Mill", "Europe/Warsaw", "PLN", "pl")
    assert [user.name for user in new.view.users.values()] == ["administrator", "greenUp", "installer", "user"]


def test_the_second_of_two_set_ups_is_told_and_changes_nothing(new: Closed) -> None:
    new.visitor().post("/api/v1/setup", ASKED)
    late = new.visitor().post("/api/v1/setup", ASKED | {"pin": "71392", "name": "Late"})
    assert (late.status, late.json["error"]["code"]) == (409, "set_up_already")
    assert new.site.installation.site == "Mill"
    assert new.visitor("10.0.0.1").log_in("60481", "29580174630125").status == 200


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"pin": "99999"}, "pin_factory"), ({"puk": "00000999900000"}, "puk_factory"), ({"pin": "12345"}, "pin_easy"),
        ({"puk": ""}, "puk_form"), ({"pin": ""}, "pin_form"), ({"x": 1}, "field_unknown"),
    ],
)  # fmt: skip
def test_codes_that_are_too_easy_are_refused_and_nothing_is_set_up(
    new: Closed, change: dict[str, object], code: str
) -> None:
    answer = checked(new.visitor().post("/api/v1/setup", ASKED | change), "/api/v1/setup", "POST")
    assert answer.json["error"]["code"] == code and not new.view.users


@pytest.mark.parametrize("change", [{"zone": "Mars/Base"}, {"currency": "euro"}])
def test_a_wrong_zone_or_currency_is_told_before_anything_holds(new: Closed, change: dict[str, str]) -> None:
    answer = new.visitor().post("/api/v1/setup", ASKED | change)
    assert answer.status == 400 and answer.json["error"]["field"] in change
    assert not new.view.users


def test_until_then_every_page_leads_to_the_set_up_and_the_api_says_so(new: Closed) -> None:
    visitor = new.visitor()
    for path in ("/", "/devices", "/login"):
        assert visitor.get(path).headers["Location"] == "/welcome"
    assert visitor.get("/api/v1/devices").json["error"]["code"] == "set_up_needed"
    assert "Time zone" in visitor.get("/welcome").text


def test_afterwards_the_set_up_page_is_gone(new: Closed) -> None:
    new.visitor().post("/api/v1/setup", ASKED)
    assert new.visitor().get("/welcome").headers["Location"] == "/login"


def test_a_server_is_not_set_up_from_the_internet(new: Closed) -> None:
    stranger = Visitor(new, address="8.8.8.8")
    assert stranger.post("/api/v1/setup", ASKED).json["error"]["code"] == "set_up_from_afar"
    assert stranger.get("/welcome").status == 403


def test_near_is_the_machine_and_networks_that_are_not_the_internet() -> None:
    assert all(map(is_near, ("127.0.0.1", "::1", "192.168.1.9", "10.1.2.3", "fe80::1%eth0", "fd00::1", "172.16.0.1")))
    assert not any(map(is_near, ("8.8.8.8", "2001:4860::1", "", "nonsense")))
