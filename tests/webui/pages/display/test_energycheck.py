"""The page "Is my energy right?" of a device and of the site."""

from __future__ import annotations

import pytest

from runtime.store.env import Store
from runtime.text.words.energycheck import REMARKS, RESULTS, STRETCHES
from tests.webui.stage import Stage, stage
from webui.api.history.energycheck import EnergyCheckApi
from webui.http.caller import Caller
from webui.model.recorded import ACT_CORRECTIONS


@pytest.fixture
def site(store: Store) -> Stage:
    return stage(store)


def test_a_device_leads_to_it_and_back(site: Stage) -> None:
    assert 'href="/devices/1/energy-check"' in site.get("/devices/1").text
    page = site.get("/devices/1/energy-check").text
    assert 'href="/devices/1"' in page and 'href="/energy-check"' in page and 'data-opens="check"' in page
    assert site.get("/devices/77/energy-check").status == 404


def test_the_site_lists_what_counts(site: Stage) -> None:
    site.publishes(2, quantities=("breaker_state",), values_n=(1,))
    page = site.get("/energy-check").text
    assert 'href="/devices/1/energy-check"' in page and 'href="/devices/2/energy-check"' not in page
    assert 'href="/energy-check"' in site.get("/consumptions").text


def test_a_device_that_counts_nothing_says_so(store: Store) -> None:
    site = stage(store, devices=9)
    site.publishes(9, quantities=("breaker_state",), values_n=(1,))
    page = site.get("/devices/9/energy-check").text
    assert "This device counts nothing" in page and "energycheck.js" not in page


def test_others_of_the_same_kind_can_be_chosen(site: Stage) -> None:
    site.publishes(3, quantities=("water_dm3",), values_n=(5,))
    page = site.get("/devices/1/energy-check").text
    assert 'value="device:2"' in page and 'value="device:3"' not in page and 'value="gateway:1"' in page
    water = site.get("/devices/3/energy-check").text
    assert '<option value="m3">m³</option>' in water and 'value="device:1"' not in water


def test_who_may_only_look_cannot_type_an_index(site: Stage) -> None:
    site.caller = Caller("ada", 2, frozenset({("panel_board", "see")}))
    assert 'data-opens="check"' not in site.get("/devices/1/energy-check").text
    posts = [route for route in EnergyCheckApi(site.bridge).routes() if route.method == "POST"]
    assert [route.permissions for route in posts] == [ACT_CORRECTIONS, ACT_CORRECTIONS]


def test_the_words_of_the_page_have_what_the_script_fills_in() -> None:
    assert all(advice.what.endswith((".", ")")) or "{" in advice.what for advice in REMARKS.values())
    assert "{other}" in RESULTS["other_meter"].what and "{factor}" in RESULTS["scale"].what
    assert all("{factor}" in STRETCHES[kind] for kind in ("scale", "phases", "ratio", "unnamed"))
