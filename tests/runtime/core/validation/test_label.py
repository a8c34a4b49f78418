"""What a catalogue number asks for, and who may share an address."""

from dataclasses import replace

import pytest

from runtime.core.map.devicemap import DeviceMap
from runtime.core.map.labels import CatalogueEntry
from runtime.core.site.installation import DeviceSpec
from runtime.core.validation.label import Addressing, addressing_of, check_addresses, check_entry

ENTRIES = {
    number: CatalogueEntry(number, family, family, ("measure",), model, **told)
    for number, family, model, told in (
        ("1 000 53", "multifunction", "meter", {"phases": 3}),
        ("1 000 68", "counter", "meter", {"phases": 1, "parameters": ("unit", "phase")}),
        ("1 000 19", "ems-measure", "ems-m", {"parameters": ("unit", "interface", "supply"), "shares": ("measure",)}),
        ("1 000 87", "concentrator", "box", {"inputs": 7}),
        ("Water", "water", "pulse", {"parameters": ("unit", "concentrator", "position"), "most": 12}),
        ("1 000 32", "station-old", "old", {"parameters": ("unit", "side", "phase"), "phases": 1}),
        ("1 000 44", "station", "new", {"parameters": ("unit", "side"), "phases": 3}),
    )
}
KINDS = {
    **dict.fromkeys(("meter", "box", "pulse", "new"), Addressing()),
    "old": Addressing(side_stride=0x100),
    "ems-m": Addressing(30, 0, ("measure",)),
    "ems-s": Addressing(30, 0, ("state",)),
    "ems-sc": Addressing(30, 0, ("state", "command")),
    "ems-c": Addressing(30, 0, ("command",)),
    "inverter": Addressing(),
    "grid": Addressing(beside=("inverter",)),
    "chain": Addressing(beside=("inverter", "chain")),
}


def device(id=0, model="meter", **changes):
    return replace(DeviceSpec(id, f"d{id}", 1, 1, model), **changes)


def told(check, *arguments):
    faults = []
    check(*arguments, lambda kind, id, key, code, message, hint="", facts=(): faults.append((id, key, code)))
    return faults


def faults_of(number, model, **changes):
    return [fault[1:] for fault in told(check_entry, device(1, model, number=number, **changes), ENTRIES)]


@pytest.mark.parametrize(
    ("number", "model", "changes"),
    [
        ("1 000 53", "meter", {"unit": 247}),
        ("1 000 68", "meter", {"phase": 2}),
        ("1 000 19", "ems-m", {"supply": "downstream", "interface": 3}),
        ("Water", "pulse", {"position": 7, "parameters": {"concentrator": "1 000 87"}}),
        ("1 000 32", "old", {"side": "right", "phase": 1}),
    ],
)
def test_a_device_that_tells_what_its_number_asks_for_has_no_fault(number, model, changes):
    assert faults_of(number, model, **changes) == []


@pytest.mark.parametrize(
    ("number", "model", "changes", "field", "code"),
    [
        ("1 000 54", "meter", {}, "number", "number_unknown"),
        ("1 000 53", "box", {}, "model", "model_other"),
        ("1 000 53", "meter", {"position": 1}, "position", "position_unasked"),
        ("1 000 53", "meter", {"side": "left"}, "side", "side_unasked"),
        ("1 000 53", "meter", {"phase": 1}, "phase", "phase_unasked"),
        ("1 000 68", "meter", {}, "phase", "phase_missing"),
        ("Water", "pulse", {}, "position", "position_missing"),
        ("Water", "pulse", {"position": 13}, "position", "position_missing"),
        ("Water", "pulse", {"position": 8, "parameters": {"concentrator": "1 000 87"}}, "position", "position_missing"),
        ("1 000 44", "new", {}, "side", "side_missing"),
        ("1 000 44", "new", {"side": "middle"}, "side", "side_missing"),
    ],
)
def test_what_is_wrong_is_told_by_its_field(number, model, changes, field, code):
    assert faults_of(number, model, **changes) == [(field, code)]


def clashes(*devices):
    return told(check_addresses, devices, KINDS)


def test_modules_of_different_functions_share_an_address():
    assert clashes(device(1, "ems-m"), device(2, "ems-s"), device(3, "ems-c")) == []
    assert clashes(device(1, "ems-m"), device(2, "ems-sc")) == []


def test_two_modules_of_one_function_do_not():
    assert clashes(device(1, "ems-m"), device(2, "ems-m")) == [(2, "unit", "function_doubled")]
    assert clashes(device(1, "ems-s"), device(2, "ems-m"), device(3, "ems-sc")) == [(3, "unit", "function_doubled")]


def test_a_group_is_refused_at_the_address_of_something_else():
    assert clashes(device(1, "meter"), device(2, "ems-m")) == [(2, "unit", "address_taken")]


def test_inputs_of_a_concentrator_are_told_apart_by_their_position():
    behind = [device(n, "pulse", position=n) for n in (2, 3)]
    assert clashes(device(1, "box"), *behind) == []
    assert clashes(*behind, device(4, "pulse", position=3)) == [(4, "position", "address_taken")]


def test_sides_share_an_address_only_where_the_station_has_one_for_both():
    assert clashes(device(1, "old", side="left"), device(2, "old", side="right")) == []
    assert clashes(device(1, "old", side="left"), device(2, "old", side="left")) == [(2, "side", "address_taken")]
    assert clashes(device(1, "new", side="left"), device(2, "new", side="right")) == [(2, "unit", "address_taken")]


def test_behind_an_interface_the_address_on_the_wire_counts():
    assert clashes(device(1, "ems-m", unit=2, interface=1), device(2, "ems-m", unit=2, interface=2)) == []
    assert clashes(device(1, "ems-m", unit=2, interface=2), device(2, "meter", unit=32)) == [
        (2, "unit", "address_taken")
    ]


@pytest.mark.parametrize("changes", [{"model": "meter"}, {"unit": 31}, {"interface": 9}])
def test_an_interface_that_the_model_or_the_wire_does_not_know_is_refused(changes):
    wrong = device(1, **{"model": "ems-m", "unit": 9, "interface": 1, **changes})
    assert clashes(wrong) == [(1, "interface", "interface_range")]


def test_a_model_that_nobody_knows_stands_where_it_is_told():
    assert clashes(device(1, "lost", interface=3), device(2, "lost", interface=4)) == []


def test_what_a_model_shares_stands_in_the_catalogue():
    plain = DeviceMap("", "", "", "", "", ())
    maps = {
        "ems-m": replace(plain, interface_stride=30),
        "old": replace(plain, side_stride=0x100),
        "grid": replace(plain, beside=("inverter",)),
    }
    assert addressing_of(maps, ENTRIES) == {model: KINDS[model] for model in maps}


def test_a_meter_stands_at_the_address_of_the_inverter_that_it_is_read_through():
    assert clashes(device(1, "inverter"), device(2, "grid")) == clashes(device(1, "grid"), device(2, "inverter")) == []
    assert clashes(device(1, "inverter"), device(2, "inverter")) == [(2, "unit", "address_taken")]
    assert clashes(device(1, "meter"), device(2, "grid")) == [(2, "unit", "address_taken")]


def test_two_meters_of_one_chain_have_registers_of_their_own():
    first, second = device(1, "chain", parameters={"register": "9CF4"}), device(2, "chain")
    assert clashes(first, second) == []
    assert clashes(first, replace(second, parameters={"register": "9CF4"})) == [(2, "unit", "address_taken")]
