"""Rows of the catalogue, and what they ask an installer for."""

import pytest

from runtime.core.map.labels import CatalogueEntry, by_number, concentrators, parameters_of, read_entries
from runtime.errors import ConfigError

ROW = {
    "numbers": ["1 000 01", "1 000 02"], "bticino": ["B1"], "family": "ems-measure", "designation": "Measure",
    "functions": ["measure"], "map": "acme", "range": "EMS CX³", "bticino_range": "EMS BT DIN", "phases": 1,
    "parameters": ["unit", "interface", "supply"], "supply_required": True, "shares": ["measure"], "via": "1 000 40",
}  # fmt: skip


def read(*rows):
    return read_entries({"entry": list(rows)}, "acme.toml")


def faults_of(**changes):
    with pytest.raises(ConfigError) as caught:
        read({**ROW, **changes})
    return {fault.key for fault in caught.value.faults}


def test_what_a_row_can_measure_is_known_for_each_of_its_numbers():
    assert [entry.rated_a for entry in read({**ROW, "rated_a": 63})] == [63, 63, 63]
    assert {entry.rated_a for entry in read(ROW)} == {0}
    assert faults_of(rated_a="63 A") == {"entry[1].rated_a"}


def test_a_row_stands_for_the_numbers_of_both_brands():
    found = read(ROW)
    assert [(entry.number, entry.brand, entry.range) for entry in found] == [
        ("1 000 01", "Legrand", "EMS CX³"), ("1 000 02", "Legrand", "EMS CX³"), ("B1", "BTicino", "EMS BT DIN"),
    ]  # fmt: skip
    assert {entry.map for entry in found} == {"acme"}


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"family": "meters"}, "entry[1].family"),
        ({"functions": ["measures"]}, "entry[1].functions"),
        ({"parameters": ["address"]}, "entry[1].parameters"),
        ({"shares": ["link", "all"]}, "entry[1].shares"),
        ({"phase": 1}, "entry[1].phase"),
        ({"phases": "1"}, "entry[1].phases"),
        ({"supply_required": 1}, "entry[1].supply_required"),
        ({"numbers": "1 000 01"}, "entry[1].numbers"),
    ],
    ids=str,
)
def test_a_wrong_row_is_told_by_its_key(wrong, key):
    assert key in faults_of(**wrong)


def test_a_number_stands_once():
    with pytest.raises(ConfigError, match="twice"):
        by_number(read(ROW, ROW))


def test_what_an_entry_asks_for_has_ranges_choices_and_defaults():
    first = read(ROW)[0]
    told = {each.name: each for each in parameters_of(first, {})}
    assert list(told) == ["unit", "interface", "supply"]
    assert (told["unit"].least, told["unit"].most, told["unit"].required) == (0, 255, True)
    assert not told["interface"].required
    assert (told["supply"].choices, told["supply"].default) == (("upstream", "downstream"), "upstream")
    assert told["supply"].required


def test_a_pulse_meter_asks_what_it_hangs_on():
    box = CatalogueEntry("1 000 87", "concentrator", "Box", ("measure",), "box", inputs=7)
    gas = CatalogueEntry(
        "Gas", "gas", "Gas", ("measure",), "pulse-gas", parameters=("concentrator", "position", "weight_unit"),
        fluid="gas", most=12,
    )  # fmt: skip
    entries = by_number([box, gas])
    assert concentrators(entries) == ("1 000 87",)
    one, position, unit = parameters_of(gas, entries)
    assert (one.choices, position.most, unit.choices, unit.default) == (("1 000 87",), 12, ("dm3", "m3"), "dm3")
