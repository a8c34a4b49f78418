"""Which pages a public screen can show, and what it may see for them."""

from __future__ import annotations

import pytest

from runtime.core.access.screen import Screen, screen_rights
from runtime.errors import WattkeeperError


def test_a_screen_may_see_what_its_pages_need_and_no_more() -> None:
    assert screen_rights(("/alarms", "/consumptions?at=2026-11-30&period=day")) == {
        ("alarms", "see"),
        ("consumptions", "see"),
    }
    assert screen_rights(("/devices/12",)) == {("panel_board", "see")}


@pytest.mark.parametrize(
    "page",
    [
        "", "devices", "//evil.example/devices", "https://evil.example/", "/users", "/tokens", "/api/v1/live",
        "/devices/x",
        "/devices/1/history", "/devices/../users", "/consumptions#x", "/consumptions?a=<b>", "/curves?" + "x" * 500,
        "javascript:alert(1)", "/setup", "/login", "/alarms\n",
    ],
)  # fmt: skip
def test_what_is_no_page_to_look_at_is_refused(page: str) -> None:
    with pytest.raises(WattkeeperError) as refused:
        screen_rights(("/alarms", page))
    assert refused.value.code == "screen_page_wrong"


def test_a_screen_opens_its_pages_whatever_their_query_and_what_they_ask_for() -> None:
    screen = Screen(("/", "/curves?of=1"))
    assert all(map(screen.opens, ("/", "/curves", "/live/home")))
    assert not any(map(screen.opens, ("/system", "/live/finder", "/devices")))
    assert not Screen(("/alarms",)).opens("/live/home")
