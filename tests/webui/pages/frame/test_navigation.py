from __future__ import annotations

import re

import pytest

from tests.webui.stage import Stage
from webui.http.caller import Caller
from webui.pages.frame.navigation import NAVIGATION, SERVER, SETUP


def _routes(site: Stage) -> dict[str, tuple[tuple[str, str], ...]]:
    return {route.rule: route.config["permissions"] for route in site.app.routes if route.method == "GET"}


def test_every_place_leads_to_a_page_that_its_visitors_may_see(site: Stage) -> None:
    routes = _routes(site)
    for place in (*NAVIGATION, *SETUP, *SERVER):
        opened_by = set(routes[place.path])
        assert set(place.rights) <= opened_by or ("home", "see") in opened_by, place.path


def test_every_place_has_its_picture(site: Stage) -> None:
    icons = site.get("/static/x/img/icons.svg").text
    for place in (*NAVIGATION, *SETUP, *SERVER):
        assert f'<symbol id="{place.icon}"' in icons


def _navigation(site: Stage, monkeypatch: pytest.MonkeyPatch, *rights: tuple[str, str]) -> list[str]:
    """Paths that a visitor with these rights is shown."""
    monkeypatch.setattr("webui.pages.frame.navigation.caller", lambda: Caller("guest", 3, frozenset(rights)))
    text = site.get("/").text
    start = text.index('class="navigation"')
    return re.findall(r'<a href="([^"]+)"', text[start : text.index("</nav>", start)])


def test_a_visitor_sees_the_places_that_he_has_a_right_to(site: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = _navigation(site, monkeypatch, ("home", "see"), ("consumptions", "see"))
    assert paths == ["/", "/consumptions", "/system"]


def test_whoever_may_act_may_see(site: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "/setup" in _navigation(site, monkeypatch, ("system_configuration", "act"))


@pytest.mark.parametrize(
    ("path", "lacks", "has"),
    [
        ("/devices/1/energy-check", ("/devices", "/devices/1"), "/"),
        ("/devices/1/history", ("/devices", "/devices/1"), "/"),
        ("/setup/bill", ("/setup",), "/"),
    ],
)
def test_no_breadcrumb_leads_where_the_visitor_may_not_go(
    site: Stage, path: str, lacks: tuple[str, ...], has: str
) -> None:
    def crumbs() -> set[str]:
        return set(
            re.findall(r'<a href="([^"]*)"', site.get(path).text.partition('class="crumbs"')[2].partition("</ol>")[0])
        )

    assert crumbs() >= set(lacks)
    site.caller = Caller("user", rights=frozenset({("home", "see"), ("consumptions", "see")}))
    assert crumbs() == {has}
