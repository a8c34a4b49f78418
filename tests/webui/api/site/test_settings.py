from dataclasses import replace

import pytest

from runtime.core.site.defaults import complete
from runtime.store.env import open_store
from tests.webui.api.described import checked
from tests.webui.edited import EditedSite, codes
from tests.webui.stage import installation as usual

PATH = "/api/v1/settings"


@pytest.fixture
def site(tmp_path):
    store = open_store(tmp_path)
    yield EditedSite(store)
    store.close()


def change(site, values, etag=""):
    return checked(site.patch(PATH, values, etag), PATH, "patch")


def test_settings_tell_the_site_and_its_own_port(site):
    told = checked(site.get(PATH), PATH).json
    assert (told["name"], told["zone"], told["interval_s"], told["edition"]) == (
        "Test works", "Europe/Paris", 600, "unlimited",
    )  # fmt: skip
    assert told["modbus"] == {
        "port": "/dev/ttyUSB0", "baudrate": 19_200, "parity": "E", "stopbits": 1, "timeout_ms": 300,
    }  # fmt: skip
    assert told["addresses"] == {"used": 3, "most": None}


def test_the_sample_rate_is_changed_and_the_rest_stays(site):
    after = change(site, {"interval_s": 900}, site.get(PATH).json["etag"]).json
    assert (after["interval_s"], after["name"]) == (900, "Test works")
    assert site.installation.interval_s == 900


def test_connections_to_one_host_are_changed_within_reason(site):
    assert site.get(PATH).json["connections_per_host"] == 32
    assert change(site, {"connections_per_host": 4}).json["connections_per_host"] == 4
    for wrong in (0, 1001):
        assert codes(change(site, {"connections_per_host": wrong})) == [("connections_per_host", "out_of_range")]
    assert site.installation.connections_per_host == 4


def test_site_and_port_change_in_one_edit(site):
    after = change(site, {"name": "Works", "modbus": {"parity": "N", "baudrate": 9600}}).json
    assert (after["name"], after["modbus"]["parity"], after["modbus"]["baudrate"]) == ("Works", "N", 9600)
    assert len(site.trail.entries(9)) == 1


def test_32_a_gas_factor_that_is_edited_holds_from_today_on(site):
    assert change(site, {"gas_wh_per_m3": 11_200}).json["gas_factors"] == {"": 11_200}
    after = change(site, {"gas_wh_per_m3": 11_350}).json
    assert (after["gas_wh_per_m3"], list(after["gas_factors"].values())) == (11_350, [11_200, 11_350])
    assert after["gas_factors"][""] == 11_200  # the other one is dated by the clock of who edits
    dated = {"": 11_100, "2026-02-01": 11_200, "2027-01-01": 11_500}
    after = change(site, {"gas_factors": dated}).json
    assert (after["gas_wh_per_m3"], after["gas_factors"]) == (11_200, dated)
    assert change(site, {"name": "Works"}).json["gas_factors"] == dated


def test_a_currency_that_an_old_site_kept_holds_up_no_other_change(tmp_path_factory):
    store = open_store(tmp_path_factory.mktemp("old"))
    site = EditedSite(store, replace(complete(usual()), currency="<B>"))
    assert site.installation.currency == "<B>"
    assert change(site, {"name": "Works"}).status == 200
    assert change(site, {"currency": "EUR"}).json["currency"] == "EUR"
    store.close()


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"interval_s": 7}, ("interval_s", "choice_unknown")),
        ({"zone": "Mars"}, ("zone", "zone_unknown")),
        ({"currency": "Euro"}, ("currency", "currency_unknown")),
        ({"currency": "ABC"}, ("currency", "currency_unknown")),
        ({"currency": "XAU"}, ("currency", "currency_unknown")),
        ({"name": ""}, ("name", "name_missing")),
        ({"edition": "7"}, ("edition", "choice_unknown")),
        ({"language": "<b>"}, ("language", "language_unknown")),
        ({"modbus": {"parity": "X"}}, ("modbus.parity", "choice_unknown")),
        ({"colour": 1}, ("colour", "key_unknown")),
        ({"gas_factors": {"2026-13-01": 1}}, ("gas_factors", "value_wrong")),
        ({"gas_factors": {"2026-12-01": 1.5}}, ("gas_factors", "out_of_range")),
    ],
)
def test_what_no_site_takes_is_refused_with_its_field(site, values, fault):
    refusal = change(site, values)
    assert refusal.status == 422
    assert codes(refusal) == [fault]


def test_an_edition_that_is_too_small_is_refused(site):
    for unit in range(50, 60):
        site.send("POST", "/api/v1/devices", {"gateway": 1, "unit": unit, "model": "eastron-sdm120"})
    refusal = change(site, {"edition": "10"})
    assert {code for _, code in codes(refusal)} == {"edition_full"}


def test_an_edition_without_a_port_has_no_modbus_settings(site):
    assert change(site, {"edition": "255"}).json["modbus"] is None
    assert codes(change(site, {"modbus": {"parity": "N"}})) == [("modbus", "local_missing")]


def test_somebody_who_was_faster_is_told(site):
    etag = site.get(PATH).json["etag"]
    change(site, {"name": "A"}, etag)
    assert change(site, {"name": "B"}, etag).json["error"]["code"] == "version_stale"
