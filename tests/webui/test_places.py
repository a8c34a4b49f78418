from __future__ import annotations

import re

from tests.webui.stage import Stage
from webui.caller import Caller
from webui.places import NAVIGATION, SERVER, SETUP


def _routes(site: Stage) -> dict[str, tuple[tuple[str, str], ...]]:
    return {route.rule: route.config["permissions"] for route in site.app.routes if route.method == "GET"}


def test_every_place_leads_to_a_page_whose_rights_it_names(site: Stage) -> None:
    routes = _routes(site)
    for place in (*NAVIGATION, *SETUP, *SERVER):
        assert set(place.rights) == set(routes[place.path]), place.path


def test_every_place_has_its_picture(site: Stage) -> None:
    icons = site.get("/static/x/img/icons.svg").text
    for place in (*NAVIGATION, *SETUP, *SERVER):
        assert f'<symbol id="{place.icon}"' in icons


def test_a_visitor_sees_the_places_that_he_has_a_right_to(site: Stage) -> None:
    site.caller = Caller("guest", 3, frozenset({("home", "see"), ("consumptions", "see")}))
    text = site.get("/").text
    navigation = text[text.index('class="navigation"') : text.index("</nav>", text.index('class="navigation"'))]
    assert re.findall(r'<a href="([^"]+)"', navigation) == ["/", "/consumptions", "/system"]


def test_whoever_may_act_may_see(site: Stage) -> None:
    site.caller = Caller("installer", 2, frozenset({("system_configuration", "act")}))
    assert 'href="/setup"' in site.get("/").text
