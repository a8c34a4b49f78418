from dataclasses import replace

from runtime.core.source.scheme import Scheme
from runtime.core.view import BUS_VIEWS
from tests.webui.stage import SCHEMES, stage

HEARD = Scheme("tic", "Téléinfo", "tic:///dev/ttyS1", print, "teleinfo", is_heard=True, form="serial")


def test_the_form_asks_for_what_the_schemes_want(store):
    page = stage(store).get("/setup/gateways/new").text
    assert 'data-kinds="tcp rtutcp slave" data-ports="502 502 502"' in page and 'data-kinds="rtu"' in page
    assert [title in page for title in ("Modbus TCP", "Serial over network", "Serial port")] == [True] * 3


def test_another_scheme_has_its_title_and_the_fields_of_its_form(store):
    site = stage(store)
    site.bridge = replace(site.bridge, schemes=lambda: {**SCHEMES, "tic": HEARD})
    page = site.get("/setup/gateways/new").text
    assert 'value="tic"' in page and "Téléinfo" in page
    assert 'data-form="serial" data-kinds="rtu tic"' in page


def test_only_what_can_be_asked_is_searched(store):
    site = stage(store)
    first, *others = site.installation.gateways
    object.__setattr__(site.installation, "gateways", (replace(first, url="tic:///dev/ttyS1"), *others))
    site.bridge = replace(site.bridge, schemes=lambda: {**SCHEMES, "tic": HEARD})
    page = site.get("/setup/gateways").text
    assert f'/setup/scan?gateway={first.id}"' not in page
    assert all(f'/setup/scan?gateway={each.id}"' in page for each in others)
    refusal = site.send("POST", f"/api/v1/gateways/{first.id}/scan", {})
    assert (refusal.status, refusal.json["error"]["code"]) == (409, "scan_unfit")


def test_the_form_asks_how_often_a_gateway_may_be_polled_and_its_page_shows_what_it_could(store):
    site = stage(store)
    first, *others = site.installation.gateways
    object.__setattr__(site.installation, "gateways", (replace(first, most_polls_per_s=7), *others))
    page = site.get(f"/setup/gateways/{first.id}").text
    assert 'name="most_polls_per_s"' in page and 'value="7"' in page
    bus = site.bridge.bus(first.id)
    site.views.publish(BUS_VIEWS.of(first.id), replace(bus, polls_per_s=3.5, budget_per_s=7.0, possible_per_s=24.0))
    page = site.get("/gateways").text
    assert "3.5 of at most 7, the line could do 24.0" in page
