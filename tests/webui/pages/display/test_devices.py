"""My panel board: which devices stand together."""

import re
from dataclasses import replace

import pytest

from runtime.core.site.installation import BoardSpec
from tests.webui.stage import stage


@pytest.fixture
def site(store):
    made = stage(store, devices=3, gateways=2, boards=(BoardSpec(1, "TGBT"), BoardSpec(2, "Empty")))
    first, second = made.installation.gateways
    made.installation = replace(made.installation, gateways=(replace(first, board=1), second))
    return made


def sections(site, path):
    """Heading -> ids of its devices."""
    parts = site.get(path).text.split('<section class="gateway-group"')[1:]
    return {
        re.search(r"<h2[^>]*>(.*?)</h2>", part)[1]: [int(id) for id in re.findall(r'data-device="(\d+)"', part)]
        for part in parts
    }


@pytest.mark.parametrize("path", ["/devices", "/devices?by=gateway", "/devices?by=nonsense"])
def test_by_gateway_unless_something_else_is_chosen(site, path):
    assert sections(site, path) == {"Hall 1": [1, 3], "Hall 2": [2]}


def test_by_panel_board_those_without_one_come_last(site):
    assert sections(site, "/devices?by=board") == {"TGBT": [1, 3], "Without a panel board": [2]}


def test_all_together(site):
    assert sections(site, "/devices?by=all") == {"All devices": [1, 2, 3]}


def test_what_is_chosen_is_marked(site):
    assert re.search(r'href="/devices\?by=board" aria-current="true">Panel board<', site.get("/devices?by=board").text)


def test_a_storage_system_without_an_ac_side_shows_the_power_of_its_battery(site):
    site.publishes(1, quantities=("battery_power_w", "battery_soc_pct"), values_n=(-12_500, 3700))
    card = site.get("/devices?by=all").text.split('data-device="1"')[1].split('data-device="2"')[0]
    shown = re.search(r'<span class="power">(.*?)</span>', card, re.DOTALL)[1]
    assert re.sub(r"<.*?>|\s", "", shown) == "-1.25kW"
