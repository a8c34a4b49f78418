"""The page of stations that call in."""

from runtime.core.ocpp.image import StationFacts
from runtime.core.ocpp.view import OCPP_VIEW, CallerState, OcppView
from runtime.core.site.installation import GatewaySpec
from tests.webui.stage import stage
from webui.http.caller import Caller

STATION = GatewaySpec(8, "Wallbox", "ocpp://CP-1")


def shown(store, view=None):
    site = stage(store)
    gateways = (*site.installation.gateways, STATION)
    object.__setattr__(site.installation, "gateways", gateways)
    if view is not None:
        site.views.publish(OCPP_VIEW, view)
    return site


def test_without_a_station_it_says_how_to_add_one(store):
    page = stage(store).get("/setup/ocpp").text
    assert "No charging station yet" in page
    assert 'data-api="/api/v1/ocpp_servers" data-method="POST"' in page


def test_a_station_shows_what_is_typed_into_it_and_that_the_server_is_off(store):
    page = shown(store).get("/setup/ocpp").text
    assert "/ocpp/CP-1</code>" in page and "wss://" in page and 'data-password="CP-1"' in page
    assert "The OCPP server is switched off." in page


def test_one_that_is_connected_shows_its_version_and_what_is_wrong(store):
    facts = StationFacts("Alfen", "<b>NG910</b>")
    state = CallerState("CP-1", "2.0.1", "10.0.0.9", 1, 2, True, facts, ((1, "Ground & failure"),))
    page = shown(store, OcppView("0.0.0.0", 9000, True, (state,))).get("/setup/ocpp").text
    assert "OCPP 2.0.1" in page and "Alfen &lt;b&gt;NG910" in page and "1: Ground &amp; failure" in page
    assert "0.0.0.0:9000" in page


def test_who_may_only_look_can_change_nothing(store):
    site = shown(store)
    site.caller = Caller("visitor", 7, frozenset({("system_configuration", "see")}))
    page = site.get("/setup/ocpp").text
    assert "<fieldset disabled" in page and "data-password" not in page and 'id="made"' not in page
