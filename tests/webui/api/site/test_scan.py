"""The search for devices over HTTP; what it does on a bus tells tests/spec/test_live_editing.py."""

from dataclasses import replace

import pytest

from actors.mailbox.reply import answer, refuse
from actors.message.scan import CancelScan, ScannedUnit, ScanView, StartScan
from runtime.core.site.defaults import complete
from runtime.core.site.installation import DeviceSpec
from runtime.errors import WattkeeperError
from runtime.store.env import open_store
from tests.webui.api.described import checked
from tests.webui.edited import EditedSite
from tests.webui.stage import installation

PATH = "/api/v1/gateways/1/scan"


@pytest.fixture
def site(tmp_path):
    store = open_store(tmp_path)
    made = EditedSite(store)
    made.asked = []
    made.busy = False

    def scanner(name, message):
        made.asked.append(message)
        if isinstance(message, StartScan):
            if made.busy:
                refuse(message.reply, WattkeeperError("scan_busy", "busy"))
            else:
                answer(message.reply, True)
        return True

    made.peers = scanner
    yield made
    store.close()


def post(site, value=None):
    return checked(site.send("POST", PATH, value), PATH, "post")


def test_before_the_first_search_there_is_none(site):
    assert checked(site.get(PATH), PATH).json["state"] == "none"


def test_all_addresses_are_asked_but_those_of_devices_that_answer_anyway(site):
    site.publishes(1)
    assert post(site).status == 202
    assert len(site.asked[0].units) == 246
    assert site.installation.device(1).unit not in site.asked[0].units


def test_what_was_found_is_told_with_its_models_and_the_device_that_is_there(site):
    site.publishes(1)
    found = (ScannedUnit(9, 0.0421, True, ("eastron-sdm630",)), ScannedUnit(77, 0.05, False, ()))
    site.views.publish("scan.1", ScanView(1, (9, 77), site.clock.now_ms(), "done", 2, found))
    told = checked(site.get(PATH), PATH).json
    assert [(each["unit"], each["device"]) for each in told["found"]] == [(2, 1), (9, None), (77, None)]
    assert (told["found"][1]["models"][0]["id"], told["found"][1]["took_ms"]) == ("eastron-sdm630", 42.1)


def test_a_search_that_failed_says_why(site):
    site.views.publish("scan.1", ScanView(1, (9,), 0, "failed", 0, (), "link_refused", "refused"))
    assert checked(site.get(PATH), PATH).json["error"] == {"code": "link_refused", "message": "refused"}


@pytest.mark.parametrize("units", ["0", "1-300", "x", 7, "1," * 300])
def test_what_are_no_addresses_is_refused(site, units):
    refusal = post(site, {"units": units})
    assert (refusal.status, refusal.json["error"]["code"]) == (400, "units_wrong")


def test_one_search_at_a_time(site):
    site.busy = True
    refusal = post(site, {"units": "1-9"})
    assert (refusal.status, refusal.json["error"]["code"]) == (409, "scan_busy")


def test_it_is_ended_by_its_gateway(site):
    assert checked(site.get(PATH, "DELETE"), PATH, "delete").status == 202
    assert site.asked == [CancelScan(1)]


def test_a_gateway_that_is_not_there_is_not_searched(site):
    path = "/api/v1/gateways/77/scan"
    assert checked(site.get(path), path).status == 404


def test_a_module_behind_an_ems_interface_is_the_one_at_its_address_on_the_wire(tmp_path):
    module = DeviceSpec(1, "Module", 1, 2, "legrand-414920", interface=2)
    store = open_store(tmp_path)
    made = EditedSite(store, complete(replace(installation(devices=0), devices=(module,))))
    made.publishes(1)
    made.asked = []
    made.peers = lambda name, message: made.asked.append(message) or answer(message.reply, True) or True
    assert post(made).status == 202
    assert 32 not in made.asked[0].units and 2 in made.asked[0].units
    found = (ScannedUnit(2, 0.04, False, ()),)
    made.views.publish("scan.1", ScanView(1, (2,), made.clock.now_ms(), "done", 1, found))
    told = checked(made.get(PATH), PATH).json["found"]
    assert [(each["unit"], each["device"]) for each in told] == [(2, None), (32, 1)]
    store.close()
