"""Every rule on the whole, each with the code that pages translate."""

from dataclasses import replace

import pytest

from drivers.gateways.modbus import BUILT_IN
from runtime.core.map.labels import CatalogueEntry
from runtime.core.site.defaults import complete
from runtime.core.site.installation import BoardSpec, DeviceSpec, GatewaySpec, GroupSpec, Installation, LoadSpec
from runtime.core.source.scheme import by_name
from runtime.core.validation.device import Known
from runtime.core.validation.installation import check

ENTRIES = {
    "0 590 44": CatalogueEntry(
        "0 590 44", "stations", "Premium", ("state",), "m", parameters=("unit", "side", "phase")
    ),
    "0 046 55": CatalogueEntry(
        "0 046 55", "pulse", "Meter", ("measure",), "m", parameters=("unit", "position"), most=7
    ),
}
KNOWN = Known({"m", "thd"}, by_name(BUILT_IN), ENTRIES, {"thd"})
HALL, ROOF = GatewaySpec(1, "Hall", "tcp://h"), GatewaySpec(2, "Roof", "tcp://r")
OVEN = DeviceSpec(1, "Oven", 1, 1, "m")


def faults_of(**parts):
    faults = []
    check(Installation(**{"gateways": (HALL, ROOF), **parts}), KNOWN, "test", {}, faults)
    return [(fault.kind, fault.id, fault.field, fault.code) for fault in faults]


def device(**changes):
    return replace(OVEN, **{"id": 2, "name": "Other", "unit": 2, **changes})


def test_a_sound_installation_has_no_fault():
    assert faults_of(devices=(OVEN, device(), device(id=3, name="c", gateway=2, unit=1))) == []
    assert faults_of(**{name: getattr(complete(Installation()), name) for name in ("gateways", "loads")}) == []


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"unit": 1}, "unit", "address_taken"),
        ({"name": "Oven"}, "name", "name_taken"),
        ({"name": ""}, "name", "name_missing"),
        ({"model": "nonsense"}, "model", "model_unknown"),
        ({"gateway": 7}, "gateway", "gateway_unknown"),
        ({"load": 7}, "load", "load_unknown"),
        ({"groups": (7,)}, "groups", "group_unknown"),
        ({"number": "9 999 99"}, "number", "number_unknown"),
        ({"number": "0 590 44", "phase": 1}, "side", "side_missing"),
        ({"number": "0 590 44", "side": "left"}, "phase", "phase_missing"),
        ({"number": "0 046 55"}, "position", "position_missing"),
        ({"number": "0 046 55", "position": 8}, "position", "position_missing"),
        ({"parameters": {"rated_current_a": 0}}, "parameters.rated_current_a", "rating_wrong"),
        ({"parameters": {"rated_current_a": "16"}}, "parameters.rated_current_a", "rating_wrong"),
        ({"parameters": {"rated_current_a": 10_001}}, "parameters.rated_current_a", "rating_wrong"),
    ],
)
def test_a_device_that_breaks_a_rule_is_named_with_its_field(changes, field, code):
    assert faults_of(devices=(OVEN, device(**changes))) == [("device", 2, field, code)]


@pytest.mark.parametrize(
    ("url", "units"), [("tcp://h", ()), ("rtutcp://h", (0, 248, 255)), ("rtu:///dev/ttyUSB0", (0, 248, 255))]
)
def test_only_what_is_itself_in_the_network_may_have_an_address_that_no_serial_bus_has(url, units):
    for unit in (0, 1, 247, 248, 255):
        faults = []
        site = Installation(gateways=(GatewaySpec(1, "Hall", url),), devices=(replace(OVEN, unit=unit),))
        check(site, KNOWN, "test", {}, faults)
        assert [(fault.field, fault.code) for fault in faults] == [("unit", "unit_range")] * (unit in units)


@pytest.mark.parametrize(
    "changes",
    [
        {"unit": 1, "position": 3},  # an input of the concentrator that is itself device 1
        {"unit": 1, "side": "right"},
        {"unit": 1, "interface": 2},  # behind an EMS interface
        {"unit": 1, "gateway": 2},
        {"model": ""},  # shown as "configuration error"
    ],
)
def test_an_address_may_stand_twice_where_something_tells_the_two_apart(changes):
    assert faults_of(devices=(OVEN, device(**changes))) == []


def test_positions_and_sides_are_unique_too():
    pulses = (device(id=3, name="a", position=2), device(id=4, name="b", position=2))
    assert faults_of(devices=pulses) == [("device", 4, "position", "address_taken")]
    sides = (device(id=3, name="a", side="left"), device(id=4, name="b", side="left"))
    assert faults_of(devices=sides) == [("device", 4, "side", "address_taken")]


def test_a_device_is_in_five_groups_at_most():
    groups = tuple(GroupSpec(id, f"g{id}") for id in range(1, 7))
    assert faults_of(groups=groups, devices=(replace(OVEN, groups=(1, 2, 3, 4, 5)),)) == []
    many = (replace(OVEN, groups=(1, 2, 3, 4, 5, 6)),)
    assert faults_of(groups=groups, devices=many) == [("device", 1, "groups", "groups_too_many")]


def test_there_are_six_predefined_loads_and_eight_of_ones_own():
    loads = complete(Installation()).loads
    own = tuple(LoadSpec(id, f"own {id}") for id in range(10, 19))
    assert faults_of(loads=(*loads, *own[:8])) == []
    assert faults_of(loads=(*own, *loads)) == [("load", 18, "name", "loads_too_many")]
    assert faults_of(loads=(loads[0], replace(loads[0], id=7, name="x"))) == [
        ("load", 7, "predefined", "predefined_doubled")
    ]
    assert faults_of(loads=(LoadSpec(9999, "x"),)) == [("load", 9999, "id", "id_reserved")]


@pytest.mark.parametrize("kind", ["gateway", "load", "group", "board"])
def test_names_are_unique_within_their_kind(kind):
    twice = {
        "gateway": (HALL, replace(ROOF, name="Hall")),
        "load": (LoadSpec(1, "a"), LoadSpec(2, "a")),
        "group": (GroupSpec(1, "a"), GroupSpec(2, "a")),
        "board": (BoardSpec(1, "a"), BoardSpec(2, "a")),
    }[kind]
    assert faults_of(**{f"{kind}s": twice}) == [(kind, 2, "name", "name_taken")]


@pytest.mark.parametrize(
    ("edition", "eq_device", "code"),
    [
        ("unlimited", 2, ""),
        ("32", 2, ""),
        ("10", 2, "edition_without_eq"),
        ("unlimited", 1, "eq_device_without_thd"),
        ("unlimited", 3, "eq_device_elsewhere"),
        ("unlimited", 9, "eq_device_elsewhere"),
    ],
)
def test_an_eq_device_measures_thd_behind_its_own_gateway(edition, eq_device, code):
    devices = (OVEN, device(model="thd"), device(id=3, name="c", gateway=2, model="thd"))
    faults = faults_of(edition=edition, gateways=(replace(HALL, eq_device=eq_device), ROOF), devices=devices)
    assert faults == ([("gateway", 1, "eq_device", code)] if code else [])


@pytest.mark.parametrize(("edition", "most"), [("10", 10), ("32", 32), ("255", 255)])
def test_an_edition_takes_so_many_addresses_and_pulse_counters(edition, most):
    fits = tuple(DeviceSpec(id, f"d{id}", id % 2 + 1, id // 2, "m") for id in range(1, most + 1))
    assert faults_of(edition=edition, devices=fits) == []
    one_more = (*fits, DeviceSpec(999, "x", 1, 1, "m", position=1))
    assert faults_of(edition=edition, devices=one_more) == [("device", 999, "unit", "edition_full")]


def test_a_station_with_an_address_for_each_side_takes_two_and_one_with_a_common_address_takes_one():
    fits = tuple(DeviceSpec(id, f"d{id}", 1, id, "m") for id in range(1, 10))
    common = (device(id=20, name="l", unit=50, side="left"), device(id=21, name="r", unit=50, side="right"))
    assert faults_of(edition="10", devices=(*fits, *common)) == []
    premium = (common[0], replace(common[1], unit=51))
    assert faults_of(edition="10", devices=(*fits, *premium)) == [("device", 21, "unit", "edition_full")]


def test_the_local_gateway_is_one_serial_port_and_goes_with_its_edition():
    local = replace(HALL, id=3, name="Local", url="rtu:///dev/ttyS1", local=True)
    assert faults_of(gateways=(HALL, local)) == []
    assert faults_of(gateways=(replace(HALL, local=True),)) == [("gateway", 1, "url", "local_fixed")]
    twice = (local, replace(local, id=4, name="b", url="rtu:///dev/ttyS2"))
    assert faults_of(gateways=twice) == [("gateway", 4, "local", "local_doubled")]
    assert faults_of(gateways=(local,), edition="255") == [("site", 0, "edition", "edition_without_local")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tcp://10.0.0.1", "tcp://10.0.0.1:502"),
        ("tcp://meter.local", "tcp://METER.local"),
        ("tcp://10.0.0.1:4001", "rtutcp://10.0.0.1:4001"),
        ("rtu:///dev/ttyS1?baudrate=9600", "rtu:///dev/ttyS1"),
    ],
)
def test_no_two_lines_lead_to_one_gateway(one, other):
    both = (replace(HALL, url=one), replace(HALL, id=2, name="Other", url=other))
    assert faults_of(gateways=both) == [("gateway", 2, "url", "line_taken")]


def test_ports_of_one_host_are_gateways_of_their_own():
    both = (replace(HALL, url="tcp://10.0.0.1:502"), replace(HALL, id=2, name="Other", url="tcp://10.0.0.1:503"))
    assert faults_of(gateways=both) == []


def test_a_gateway_has_a_known_scheme_and_a_panel_board_that_is_there():
    assert faults_of(gateways=(replace(HALL, url="ftp://x"),)) == [("gateway", 1, "url", "scheme_unknown")]
    assert faults_of(gateways=(replace(HALL, board=3),)) == [("gateway", 1, "board", "board_unknown")]
