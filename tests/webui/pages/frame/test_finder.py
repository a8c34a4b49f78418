from __future__ import annotations

import re

import pytest

from tests.webui.stage import Stage
from webui.http.caller import Caller

HOME = ("home", "see")


def _found(site: Stage, *rights: tuple[str, str]) -> dict[str, str]:
    """path -> name of all that is offered."""
    if rights:
        site.caller = Caller("somebody", rights=frozenset(rights))
    return {entry["path"]: entry["name"] for entry in site.get("/live/finder").json}


def test_pages_devices_gateways_loads_and_groups_are_found(site: Stage) -> None:
    found = _found(site)
    assert found["/consumptions"] == "Consumptions" and found["/setup/bill"] == "Bill of consumptions"
    assert (found["/devices/1"], found["/setup/gateways/1"]) == ("Meter 1", "Hall 1")
    assert found["/consumptions/partials?load=load:1"] == "Heating"
    assert found["/consumptions/partials?group=group:1"] == "North"


@pytest.mark.parametrize("path", ["/devices/1", "/setup/gateways/1", "/consumptions/partials?load=load:1", "/users"])
def test_nobody_finds_what_they_may_not_open(site: Stage, path: str) -> None:
    assert path in _found(site)
    assert path not in _found(site, HOME)


def test_a_device_is_found_by_its_catalogue_number_and_model(site: Stage) -> None:
    entry = next(each for each in site.get("/live/finder").json if each["path"] == "/devices/1")
    assert entry["text"].startswith("Hall 1") and "legrand-412045" in entry["more"]


def test_it_speaks_the_visitors_language(site: Stage) -> None:
    french = site.get("/live/finder", cookie="language=fr").json
    assert next(each["name"] for each in french if each["path"] == "/") == "Accueil"


def test_each_path_that_is_offered_is_answered(site: Stage) -> None:
    strange = [path for path in _found(site) if not re.match(r"/(setup|server|devices|consumptions|[a-z-]*$)", path)]
    assert not strange
    assert all(site.get(path).status == 200 for path in ("/consumptions/partials?load=load:1", "/devices/1"))
