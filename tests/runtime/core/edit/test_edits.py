"""One edit at a time: what it makes of the newest tree, what it refuses and how."""

import pytest

from runtime.core.edit import edits
from runtime.core.site.defaults import complete
from runtime.core.site.grouping import BOARD, GROUP, LOAD
from runtime.core.site.hardware import DEVICE, GATEWAY
from runtime.core.site.installation import BoardSpec, DeviceSpec, GatewaySpec, GroupSpec, Installation, LoadSpec
from runtime.core.site.resources import RESOURCES
from runtime.errors import ConfigError

SITE = complete(
    Installation(
        version=3,
        gateways=(
            GatewaySpec(2, "Hall", "tcp://10.0.0.2:502", board=1, eq_device=1),
            GatewaySpec(3, "Roof", "tcp://r"),
        ),
        devices=(
            DeviceSpec(1, "Main", 2, 1, "m", load=9, groups=(1, 2)),
            DeviceSpec(2, "Oven", 2, 2, "m", load=9),
        ),
        loads=(LoadSpec(9, "Ovens"),),
        groups=(GroupSpec(1, "North"), GroupSpec(2, "South")),
        boards=(BoardSpec(1, "TGBT"),),
        used={"device": 7},
    )
)
LOCAL = next(gateway.id for gateway in SITE.gateways if gateway.local)


def refusal(make, site=SITE):
    with pytest.raises(ConfigError) as refused:
        make()(site)
    return [(fault.kind, fault.id, fault.field, fault.code) for fault in refused.value.faults]


def test_what_is_added_gets_a_number_that_was_never_given():
    site = edits.add(DEVICE, {"name": " New\u00a0meter ", "gateway": 3, "unit": 4, "model": "m"})(SITE)
    assert site.devices[-1] == DeviceSpec(8, "New meter", 3, 4, "m")
    site = edits.erase(DEVICE, 8)(site)
    assert edits.add(DEVICE, {"gateway": 3, "unit": 4, "model": "m"})(site).devices[-1].id == 9


def test_an_address_alone_is_one_of_modbus_tcp():
    site = edits.add(GATEWAY, {"url": "10.0.0.9"})(SITE)
    assert (site.gateways[-1].name, site.gateways[-1].url) == ("10.0.0.9", "tcp://10.0.0.9")


@pytest.mark.parametrize(
    ("kind", "values", "fault"),
    [
        ("device", {"gateway": 2, "model": "m"}, ("device", 0, "unit", "missing")),
        ("device", {"gateway": 2, "unit": 300, "model": "m"}, ("device", 0, "unit", "out_of_range")),
        ("device", {"gateway": 2, "unit": True, "model": "m"}, ("device", 0, "unit", "type_wrong")),
        ("device", {"gateway": "Hall", "unit": 1, "model": "m"}, ("device", 0, "gateway", "type_wrong")),
        ("device", {"gateway": 2, "unit": 1, "model": "m", "groups": [[]]}, ("device", 0, "groups", "type_wrong")),
        ("device", {"gateway": 2, "unit": 1, "model": "m", "colour": 1}, ("device", 0, "colour", "key_unknown")),
        ("device", {"gateway": 2, "unit": 1, "model": "m", "id": 7}, ("device", 0, "id", "key_fixed")),
        ("device", {"gateway": 2, "unit": 1, "model": "m", "parameters": {"a": []}},
         ("device", 0, "parameters", "type_wrong")),
        ("device", {"gateway": 2, "unit": 1, "model": "m", "parameters": {"a": float("nan")}},
         ("device", 0, "parameters", "out_of_range")),
        ("load", {"name": "  "}, ("load", 0, "name", "name_missing")),
        ("load", {"name": "a\u202eb"}, ("load", 0, "name", "name_unprintable")),
        ("board", {}, ("board", 0, "name", "name_missing")),
        ("group", {"name": "x" * 81}, ("group", 0, "name", "name_too_long")),
        ("load", {"name": "x", "predefined": "heating"}, ("load", 0, "predefined", "key_fixed")),
    ],
)  # fmt: skip
def test_values_that_no_tree_could_take_are_refused_with_their_field(kind, values, fault):
    assert refusal(lambda: edits.add(RESOURCES.named(kind), values)) == [fault]


def test_a_change_leaves_the_rest_as_it_is_and_null_means_untold():
    site = edits.patch(DEVICE, 1, {"load": None, "name": "Incomer"})(SITE)
    assert (site.device(1).load, site.device(1).name, site.device(1).groups) == (0, "Incomer", (1, 2))
    assert site.devices[1] is SITE.devices[1]


def test_a_change_of_what_is_not_there_is_refused():
    assert refusal(lambda: edits.patch(DEVICE, 77, {"name": "x"})) == [("device", 77, "", "not_found")]


def test_a_device_that_moves_is_not_the_eq_device_of_its_old_gateway():
    assert edits.patch(DEVICE, 1, {"gateway": 3})(SITE).gateway(2).eq_device == 0
    assert edits.patch(DEVICE, 1, {"name": "x"})(SITE).gateway(2).eq_device == 1
    assert edits.erase(DEVICE, 1)(SITE).gateway(2).eq_device == 0


def test_what_is_erased_is_referred_to_by_nobody():
    assert [device.load for device in edits.erase(LOAD, 9)(SITE).devices] == [0, 0]
    assert edits.erase(GROUP, 1)(SITE).device(1).groups == (2,)
    assert edits.erase(BOARD, 1)(SITE).gateway(2).board == 0


@pytest.mark.parametrize(
    ("kind", "id", "code"),
    [
        ("gateway", 2, "gateway_has_devices"),
        ("gateway", LOCAL, "local_kept"),
        ("load", 10, "load_predefined"),
        ("device", 9, "not_found"),
    ],
)
def test_what_must_stay_is_not_erased(kind, id, code):
    assert [fault[3] for fault in refusal(lambda: edits.erase(RESOURCES.named(kind), id))] == [code]


def test_the_local_gateway_can_be_renamed_and_switched_off_but_not_moved():
    site = edits.patch(GATEWAY, LOCAL, {"name": "RS485", "on": False})(SITE)
    assert (site.gateway(LOCAL).name, site.gateway(LOCAL).on) == ("RS485", False)
    assert refusal(lambda: edits.patch(GATEWAY, LOCAL, {"url": "tcp://x"})) == [
        ("gateway", LOCAL, "url", "local_fixed")
    ]


def test_settings_are_those_of_the_site_table():
    site = edits.settings({"name": "Works", "interval_s": 900, "language": "fr"})(SITE)
    assert (site.site, site.interval_s, site.language) == ("Works", 900, "fr")
    assert refusal(lambda: edits.settings({"interval_s": 7, "zone": "Mars/Olympus", "name": ""})) == [
        ("site", 0, "interval_s", "choice_unknown"),
        ("site", 0, "zone", "zone_unknown"),
        ("site", 0, "name", "name_missing"),
    ]


def test_the_local_gateway_goes_with_the_edition_that_has_none_and_comes_back():
    without = edits.settings({"edition": "255"})(SITE)
    assert [gateway.id for gateway in without.gateways] == [2, 3]
    again = edits.settings({"edition": "32"})(without)
    assert again.gateways[-1].local and again.gateways[-1].id > LOCAL


def test_predefined_loads_follow_the_language_unless_somebody_named_them():
    named = edits.patch(LOAD, SITE.loads[1].id, {"name": "Radiators"})(SITE)
    french = edits.settings({"language": "fr_BE"})(named)
    assert [load.name for load in french.loads[:4]] == ["Ovens", "Radiators", "Refroidissement", "Eau chaude sanitaire"]
    assert edits.settings({"language": "en"})(french).loads == named.loads
