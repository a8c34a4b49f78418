"""Values of a provisional map are shown, kept and stay out of totals until an installer confirms them."""

from dataclasses import replace
from pathlib import Path

import pytest

from runtime.clock import SystemClock
from runtime.core.accounting.assignments import Owners, date_changes
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from runtime.plugin.plugins import load_plugins
from runtime.plugin.sitecheck import Checker
from runtime.store.env import open_store
from runtime.store.object.site import installation_of, load_current, save_installation

SHIPPED = Path(__file__).parents[2] / "plugins.toml"
NOW_TS = 1_800_000_000
KNOWN = DeviceSpec(1, "Known", 1, 1, "eastron-sdm630")
MODULE = DeviceSpec(2, "Module", 1, 2, "legrand-414920")
WATER = DeviceSpec(3, "Water", 1, 3, "pulse-water", position=2, parameters={"concentrator": "0 046 87"})
SITE = Installation(gateways=(GatewaySpec(1, "Hall", "tcp://h"),), devices=(KNOWN, MODULE, WATER))


@pytest.fixture
def checker():
    return Checker(load_plugins(SHIPPED), SystemClock())


def counts(site, of="total"):
    return Owners(site).members(of, NOW_TS + 7200)


def test_what_is_read_by_a_provisional_map_counts_in_no_total(checker):
    site = checker.marked(SITE)
    assert site.doubted == (2, 3)
    assert counts(site) == counts(site, "others") == (1,)


def test_what_an_installer_confirmed_counts(checker):
    before = checker.marked(SITE)
    sure = replace(before, devices=(KNOWN, replace(MODULE, confirmed=True), WATER))
    assert counts(date_changes(before, checker.marked(sure), NOW_TS)) == (1, 2)


def test_the_makers_table_dropped_in_makes_its_devices_count_from_the_next_hour(tmp_path):
    (tmp_path / "maps").mkdir()
    for id in ("legrand-414920", "legrand-004687"):
        quantity = "active_energy_import_wh" if id.endswith("20") else "pulses_2"
        (tmp_path / "maps" / f"{id}.toml").write_text(
            f'id = "{id}"\ntitle = "The maker\'s"\nsource = "the maker\'s table"\ntrust = "published"\n'
            f'field = [{{quantity = "{quantity}", at = 0x10, type = "u32"}}]\n',
            encoding="utf-8",
        )
    (tmp_path / "plugins.toml").write_text('load = ["modbus", "meters"]\nmaps = "maps"\n', encoding="utf-8")
    store = open_store(tmp_path / "data")
    try:
        guessed = Checker(load_plugins(SHIPPED), SystemClock())
        save_installation(store, guessed.marked(SITE))
        told = Checker(load_plugins(tmp_path / "plugins.toml"), SystemClock())
        site = load_current(store, told.marked, NOW_TS)
        assert (site.doubted, counts(site), site.version) == ((), (1, 2, 3), 1)
        assert Owners(site).members("total", NOW_TS - 3600) == (1,)
        assert installation_of(store) == site == load_current(store, told.marked, NOW_TS)
    finally:
        store.close()
