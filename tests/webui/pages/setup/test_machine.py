from dataclasses import replace

from runtime.core.machine import MachineView
from tests.webui.api.machine.test_machine import CARD, VIEW
from tests.webui.stage import stage


def test_clock_and_network_are_forms_where_the_machine_has_the_services(store):
    site = stage(store)
    site.views.publish("machine", VIEW)
    clock, network = site.get("/server/clock").text, site.get("/server/network").text
    assert 'data-api="/api/v1/machine/clock"' in clock and "In step (pool)" in clock
    assert 'data-api="/api/v1/machine/network/eth0"' in network
    assert 'value="10.0.0.7"' in network and 'value="255.255.255.0"' in network


def test_where_they_are_missing_the_pages_say_so(store):
    site = stage(store)
    site.views.publish("machine", MachineView())
    assert "set with the tools of the machine" in site.get("/server/clock").text
    assert "set with the tools of the machine" in site.get("/server/network").text


def test_new_network_settings_ask_to_be_confirmed_before_they_return(store):
    site = stage(store)
    site.views.publish("machine", replace(VIEW, unconfirmed="eth0", revert_at=site.clock.monotonic() + 70))
    page = site.get("/server/network").text
    assert "/api/v1/machine/network/confirm" in page and "70 seconds" in page


def test_a_card_without_a_connection_is_shown_without_a_form(store):
    site = stage(store)
    site.views.publish("machine", replace(VIEW, interfaces=(replace(CARD, profile=""),)))
    page = site.get("/server/network").text
    assert "4E:6D:2C" in page and "data-api" not in page.split("<main")[1]
