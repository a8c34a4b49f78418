"""Meters behind the inputs of a pulse concentrator."""

from pathlib import Path

import pytest

from drivers.families.plugin import families
from runtime.core.decode.compiled import DeviceSettings, compile_map
from runtime.errors import ConfigError
from runtime.plugin.plugins import load_plugins

SHIPPED = Path(__file__).parents[3] / "plugins.toml"
PLUGINS = load_plugins(SHIPPED)
GOOD = {"concentrator": "0 046 87", "position": 3}


def made(model="pulse-water", **parameters):
    return PLUGINS.map_of(model, {**GOOD, **parameters})


def faults_of(model="pulse-water", **parameters):
    with pytest.raises(ConfigError) as caught:
        PLUGINS.map_of(model, {key: value for key, value in {**GOOD, **parameters}.items() if value is not None})
    return {fault.key for fault in caught.value.faults}


@pytest.mark.parametrize(("position", "at"), [(1, 0x9100), (3, 0x9200), (7, 0x9400)])
def test_each_input_has_its_register(position, at):
    assert [field.at for field in made(position=position).fields] == [at]


def test_a_pulse_is_worth_its_weight():
    compiled = compile_map(made("pulse-electricity", weight="0.1", weight_unit="kWh"))
    values = compiled.blank()
    compiled.apply(0, (25).to_bytes(4, "big"), values, DeviceSettings())
    assert (compiled.quantities, values) == (("active_energy_import_wh",), [2_500_000])


def test_the_legrand_and_the_bticino_number_of_a_concentrator_are_one():
    assert made(concentrator="F4CON") == made() == made(concentrator="legrand-004687")


def test_a_meter_with_a_pulse_input_of_its_own_is_a_concentrator_too():
    assert [field.quantity for field in made("pulse-gas", concentrator="4 120 91", position=1).fields] == ["gas_dm3"]


def test_it_is_as_trusted_as_what_it_hangs_on_and_nothing_is_written_through_it():
    assert made().trust == "provisional" and made().commands == ()


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"concentrator": None}, "concentrator"),
        ({"concentrator": "4 120 45"}, "concentrator"),
        ({"concentrator": "0 046 99"}, "concentrator"),
        ({"position": None}, "position"),
        ({"position": 8}, "position"),
        ({"position": 0}, "position"),
        ({"weight": 0}, "weight"),
        ({"weight": -1}, "weight"),
        ({"weight": "ten"}, "weight"),
        ({"weight": "0.0000001"}, "weight"),
        ({"weight_unit": "kWh"}, "weight_unit"),
        ({"index": 5}, "index"),
    ],
    ids=str,
)
def test_what_is_wrong_is_told_by_its_name(wrong, key):
    assert key in faults_of(**wrong)


def test_a_dropped_file_of_the_concentrator_changes_the_meters_behind_it(tmp_path):
    table = (
        'id = "legrand-004687"\ntitle = "0 046 87"\nsource = "the maker\'s table"\ntrust = "published"\n'
        'field = [{quantity = "pulses_{}", at = 0x40, type = "u64", series = [1, 7]}]\n'
    )
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "legrand-004687.toml").write_text(table, encoding="utf-8")
    (tmp_path / "plugins.toml").write_text('load = ["modbus", "meters"]\nmaps = "maps"\n', encoding="utf-8")
    found = load_plugins(tmp_path / "plugins.toml").map_of("pulse-water", GOOD)
    assert (found.fields[0].at, found.fields[0].type, found.trust) == (0x48, "u64", "published")


def test_every_family_makes_its_dependents_from_the_maps_of_all():
    (family,) = [family for family in families() if family.dependents]
    assert set(family.dependents) == {"pulse-electricity", "pulse-gas", "pulse-water"}
