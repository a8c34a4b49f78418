"""Links between EMS modules, as their interface tells them."""

from dataclasses import replace

import pytest

from runtime.core.site.defaults import complete
from runtime.core.site.installation import DeviceSpec
from runtime.store.env import open_store
from tests.webui.edited import EditedSite
from tests.webui.stage import installation as usual
from webui.model.links import linked_devices, links

INTERFACE, BREAKER, PUMP = 4, 5, 6
DEVICES = (
    DeviceSpec(INTERFACE, "Interface", 1, 100, "legrand-414940"),
    DeviceSpec(BREAKER, "Pump breaker", 1, 2, "legrand-414929"),
    DeviceSpec(PUMP, "Pump", 1, 2, "legrand-414932"),
)


@pytest.fixture
def site(tmp_path):
    store = open_store(tmp_path)
    made = EditedSite(store, complete(replace(usual(devices=0), devices=DEVICES)))
    told = {
        "link_1_state": 1, "link_1_event_unit": 2, "link_1_event_function": 2, "link_1_action_unit": 2,
        "link_1_action_function": 3, "link_1_action": 1,
        "link_2_state": 2, "link_2_event_unit": 9, "link_2_event_function": 2, "link_2_action_unit": 0,
        "link_2_action_function": 0, "link_2_action": 2, "link_3_state": 0,
    }  # fmt: skip
    made.publishes(INTERFACE, quantities=tuple(told), values_n=tuple(told.values()))
    yield made
    store.close()


def test_both_ends_are_found_by_address_and_function(site):
    first, _ = links(site.bridge)
    assert (first.event.device.id, first.end.device.id) == (BREAKER, PUMP)
    assert (first.action, first.is_broken, first.event.function, first.end.function) == (
        "open",
        False,
        "state",
        "command",
    )
    assert first.event.gateway.name == "Hall 1"


def test_a_broken_link_and_modules_that_nobody_configured_are_told(site):
    _, second = links(site.bridge)
    assert second.is_broken and second.event.device is None and second.end.device is None
    assert (second.event.unit, second.action) == (9, "close")


def test_what_takes_part_bears_the_symbol(site):
    assert linked_devices(site.bridge) == {BREAKER, PUMP}


def test_the_page_lists_them(site):
    page = site.get("/links").text
    assert "Pump breaker" in page and "opens" in page and "does not work" in page and "Not configured here" in page


def test_without_links_it_says_when_some_appear(site):
    site.publishes(INTERFACE, quantities=("link_1_state",), values_n=(0,))
    assert "No link yet" in site.get("/links").text
