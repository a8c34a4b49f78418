"""Which drivers are loaded, and what becomes of bad ones."""

import sys
from pathlib import Path
from textwrap import dedent

import pytest

from runtime.errors import ConfigError
from runtime.plugin.plugins import Problem, load_plugins, read_choice

SHIPPED = Path(__file__).parents[3] / "plugins.toml"
MAP = """
id = "acme-m3"
title = "ACME M3"
source = "ACME list"
trust = "published"
field = [{quantity = "voltage_l1_v", at = 0, type = "u16"}]
"""
FAMILY = """
    from drivers.api import Family, hookimpl, parse_map
    ROWS = [{"quantity": "voltage_l1_v", "at": 0, "type": "u16"}]
    def made(id):
        return parse_map({"id": id, "title": id, "source": "list", "trust": "field", "field": ROWS}, file=id)
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Installs a package with one entry point each: package("acme", code)."""
    monkeypatch.syspath_prepend(tmp_path)

    def install(name, code):
        module = f"{name}_of_a_test"
        (tmp_path / f"{module}.py").write_text(dedent(code), encoding="utf-8")
        meta = tmp_path / f"{name}-1.0.dist-info"
        meta.mkdir()
        (meta / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
        (meta / "entry_points.txt").write_text(f"[wattkeeper.drivers]\n{name} = {module}\n", encoding="utf-8")
        monkeypatch.delitem(sys.modules, module, raising=False)

    return install


@pytest.fixture
def written(tmp_path):
    def write(text):
        file = tmp_path / "plugins.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def faults_of(file, known=("modbus", "meters")):
    with pytest.raises(ConfigError) as caught:
        read_choice(file, known)
    return {fault.key: f"{fault.message} ({fault.hint})" for fault in caught.value.faults}


def test_the_shipped_plugins_load_without_a_problem():
    plugins = load_plugins(SHIPPED)
    assert plugins.problems == []
    assert set(plugins.schemes) == {"tcp", "rtutcp", "rtu", "slave", "tic", "tic+tcp", "ocpp"}
    assert {"legrand-412045", "socomec-c550", "eastron-sdm630", "abb-b23", "generic-modbus-meter"} <= set(plugins.maps)


def test_what_is_not_named_is_not_loaded(written):
    assert load_plugins(written('load = ["modbus"]')).maps == {}


def test_each_loading_has_a_manager_of_its_own():
    assert load_plugins(SHIPPED).manager is not load_plugins(SHIPPED).manager


def test_an_installed_package_brings_its_devices(written, package):
    package(
        "acme",
        FAMILY + '    @hookimpl\n    def families():\n        return [Family("acme", "ACME", (made("acme-m3"),))]\n',
    )
    plugins = load_plugins(written('load = ["meters", "acme"]'))
    assert plugins.problems == []
    assert plugins.map_of("acme-m3").title == "acme-m3"


def test_a_plugin_gets_its_own_settings(written, package):
    code = '    @hookimpl\n    def families(settings):\n        return [Family("a", "A", (made(settings["id"]),))]\n'
    package("acme", FAMILY + code)
    plugins = load_plugins(written('load = ["acme"]\n[settings.acme]\nid = "acme-m9"'))
    assert list(plugins.maps) == ["acme-m9"]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("raise RuntimeError('out of order')", "cannot be imported: RuntimeError: out of order"),
        ("import sys; sys.exit(3)", "cannot be imported: SystemExit: 3"),
        ("import there_is_no_such_module", "cannot be imported: ModuleNotFoundError"),
        ("x = = 1", "cannot be imported: SyntaxError"),
        (FAMILY + "    @hookimpl\n    def familys(): pass", "does not fit the hooks"),
        (FAMILY + "    @hookimpl\n    def families(colour): pass", "does not fit the hooks"),
        (
            FAMILY + "    @hookimpl\n    def families(): return 1 / 0",
            "fails when asked for what it offers: ZeroDivisionError",
        ),
        (FAMILY + "    @hookimpl\n    def families(): return ['meter']", "'meter': no Family"),
        (FAMILY + "    @hookimpl\n    def gateways(): return [1]", "no Scheme"),
        (FAMILY + "    @hookimpl\n    def families(): return 7", "TypeError"),
        (FAMILY + "    @hookimpl\n    def families(): return [made('A b')]", "is no id"),
    ],
)
def test_a_plugin_that_fails_is_named_once_and_left_out(written, package, code, told):
    package("acme", code)
    plugins = load_plugins(written('load = ["acme", "modbus", "meters"]'))
    assert [problem.plugin for problem in plugins.problems] == ["acme"]
    assert told in plugins.problems[0].message
    assert "abb-b23" in plugins.maps and len(plugins.schemes) == 4
    assert not plugins.manager.has_plugin("acme")


def test_a_plugin_cannot_take_the_map_of_another(written, package):
    package(
        "acme",
        FAMILY + '    @hookimpl\n    def families():\n        return [Family("acme", "ACME", (made("abb-b23"),))]\n',
    )
    plugins = load_plugins(written('load = ["meters", "acme"]'))
    assert plugins.map_of("abb-b23").title != "abb-b23"
    assert "the map 'abb-b23' is that of another plugin" in str(plugins.problems[0])


ENTRY = 'CatalogueEntry("{}", "other", "Meter", ("measure",), "{}")'


def family_with(*entries):
    listed = ", ".join(ENTRY.format(*entry) for entry in entries)
    returned = f'return [Family("acme", "ACME", (made("acme-m3"),), entries=({listed},))]'
    return (
        FAMILY + f"    from drivers.api import CatalogueEntry\n    @hookimpl\n    def families():\n        {returned}\n"
    )


def test_a_package_brings_catalogue_numbers(written, package):
    package("acme", family_with(("A 1", "acme-m3"), ("A 2", "abb-b23")))
    plugins = load_plugins(written('load = ["meters", "acme"]'))
    assert plugins.problems == []
    assert [entry.number for entry in plugins.families[-1].entries] == ["A 1", "A 2"]


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([("A 1", "acme-m4")], "'A 1' leads to no map: 'acme-m4'"),
        ([("A 1", "acme-m3"), ("A 1", "acme-m3")], "'A 1' stands twice"),
        ([("4 120 53", "acme-m3")], "'4 120 53' stands twice"),
    ],
)
def test_catalogue_numbers_that_lead_nowhere_or_stand_twice_are_left_out(written, package, entries, told):
    package("acme", family_with(*entries))
    plugins = load_plugins(written('load = ["meters", "acme"]'))
    assert told in str(plugins.problems[0]) and "acme-m3" not in plugins.maps


def test_a_plugin_cannot_take_the_scheme_of_another(written, package):
    code = """
        from drivers.api import Scheme, hookimpl
        @hookimpl
        def gateways():
            return [Scheme("tcp", "Mine", "tcp://x:1", print, "mine")]
    """
    package("acme", code)
    plugins = load_plugins(written('load = ["modbus", "acme"]'))
    assert len(plugins.schemes) == 4 and "'tcp' is taken" in plugins.problems[0].message


def test_a_folder_of_maps_adds_and_replaces(written, tmp_path):
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "m3.toml").write_text(MAP, encoding="utf-8")
    (tmp_path / "maps" / "b23.toml").write_text(MAP.replace("acme-m3", "abb-b23"), encoding="utf-8")
    plugins = load_plugins(written('load = ["meters"]\nmaps = "maps"'))
    assert plugins.problems == []
    assert plugins.map_of("acme-m3").title == plugins.map_of("abb-b23").title == "ACME M3"


def test_a_wrong_map_in_the_folder_is_left_out_in_one_message(written, tmp_path):
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "m3.toml").write_text(MAP, encoding="utf-8")
    (tmp_path / "maps" / "m4.toml").write_text(
        MAP.replace("acme-m3", "m4").replace("u16", "u18") + "x = 1", encoding="utf-8"
    )
    plugins = load_plugins(written('load = ["meters"]\nmaps = "maps"'))
    assert "acme-m3" in plugins.maps and "m4" not in plugins.maps
    assert len(plugins.problems) == 1 and "field[1].type" in plugins.problems[0].message


@pytest.mark.parametrize(
    ("text", "key", "told"),
    [
        ("", "load", "is missing"),
        ('load = "modbus"', "load", "not a list"),
        ('load = ["modbas"]', "load[1]", "did you mean 'modbus'"),
        ('load = ["modbus", "modbus"]', "load[2]", "named twice"),
        ("load = []\nlaod = []", "laod", "did you mean 'load'"),
        ('load = []\nmaps = "nowhere"', "maps", "is no folder"),
        ("load = []\nmaps = 3", "maps", "not a text"),
        ('load = ["meters"]\n[settings.meter]', "settings.meter", "did you mean 'meters'"),
        ('load = ["meters"]\n[settings]\nmeters = 1', "settings.meters", "not a table"),
        ("load = [", "", "not valid TOML"),
    ],
)
def test_a_wrong_plugins_toml_is_told_with_key_and_hint(written, text, key, told):
    assert told in faults_of(written(text))[key]


def test_a_missing_plugins_toml_is_told(tmp_path):
    assert "cannot be read" in faults_of(tmp_path / "none.toml")[""]


def test_a_generic_meter_is_made_from_its_parameters():
    found = load_plugins(SHIPPED).map_of(
        "generic-modbus-meter", {"function": 4, "register": "1F", "words": 1, "factor": 2}
    )
    assert (found.fields[0].space, found.fields[0].at) == ("input", 0x1F)


def test_the_rating_of_its_circuit_is_no_matter_of_a_map_that_is_made():
    found = load_plugins(SHIPPED)
    own = {"register": "10", "function": 4, "words": 1, "factor": 2, "rated_current_a": 63}
    assert found.map_of("generic-modbus-meter", own).fields[0].at == 0x10
    assert found.map_of("sunspec-20x", {"register": "9C86", "rated_current_a": 63}).fields


def test_an_unknown_model_is_told_with_the_nearest():
    with pytest.raises(ConfigError, match="did you mean 'abb-b23'"):
        load_plugins(SHIPPED).map_of("abb-b24")


def test_a_file_whose_name_is_no_text_is_told_in_one_that_anybody_can_write():
    assert str(Problem("maps/\udcff\x1b.toml", "is no map")) == r"plugin maps/\udcff\x1b.toml is left out: is no map"
