import re
from dataclasses import replace

import pytest

from drivers.families.catalogue import ENTRIES, FOLDER, load_maps
from drivers.families.plugin import families
from runtime.errors import ConfigError
from runtime.plugin.mapfiles import read_shipped, read_table

PARTS = FOLDER / "sunspec" / "parts"  # of inverters, no devices by themselves
FOUND = [found for family in families() for found in family.maps]


def test_a_map_file_is_named_like_its_map():
    files = sorted(file.stem for file in FOLDER.rglob("*.toml") if file.parent not in (ENTRIES, PARTS))
    made = {id for family in families() for id in family.dependents} | {"generic-modbus-meter", "wsmeasure"}
    assert sorted(found.id for found in FOUND if found.id not in made) == files


def test_no_two_maps_answer_to_one_name():
    names = [name for found in FOUND for name in (found.id, *found.aliases)]
    assert len(set(names)) == len(names)


def test_a_faulty_folder_is_refused_as_a_whole(tmp_path):
    (tmp_path / "a.toml").write_text("id = 3", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_maps(tmp_path)
    assert {fault.key for fault in caught.value.faults} == {"id", "title", "source", "trust", "field"}


@pytest.mark.parametrize("found", FOUND, ids=lambda found: found.id)
def test_what_is_not_confirmed_is_provisional_and_says_where_it_comes_from(found):
    assert len(found.source) > 20
    doubtful = re.search(
        "not confirmed|inferred|by family|not public|ours", f"{found.source}; {found.agreement}", re.IGNORECASE
    )
    assert found.trust == "provisional" if doubtful else True


AGREEMENT = re.compile("(agree|differ|one source|no table)\\b")
HANDS = re.compile(
    "evcc|OpenEMS|mbmd|openWB|nymea|bitpool|SmartEVSE|dbus-cgwacs|dbus-modbus-client|solax-modbus|solarman|reaper7|Tasmota"
)


@pytest.mark.parametrize("found", FOUND, ids=lambda found: found.id)
def test_a_map_says_how_its_sources_agree_and_its_trust_is_true_by_it(found):
    how = AGREEMENT.match(found.agreement)
    assert how, "agree …, differ …, one source … or no table …"
    if len(set(HANDS.findall(found.source))) > 1:
        assert how[1] in ("agree", "differ") or ";" in found.agreement, "it names several sources"
    if found.trust == "field" and found.id != "generic-modbus-meter":
        assert how[1] in ("agree", "differ")
    if how[1] == "no table":
        assert found.trust == "provisional"


def test_a_map_of_two_sources_that_says_nothing_of_them_is_found():
    silent = replace(FOUND[0], source="evcc charger/a.go; OpenEMS EvcsA", agreement="")
    with pytest.raises(AssertionError):
        test_a_map_says_how_its_sources_agree_and_its_trust_is_true_by_it(silent)


WALLBOXES = [found for family in families() if family.id == "wallbox" for found in family.maps]


@pytest.mark.parametrize("found", WALLBOXES, ids=lambda found: found.id)
def test_a_charging_station_tells_its_state_and_takes_a_limit(found):
    told = {field.quantity for field in found.fields}
    commands = {row.name: row for row in found.commands}
    assert "charge_state" in told and found.models
    assert commands.keys() & {"limit", "power_limit"}
    assert not commands.keys() - COMMANDS
    assert all(row.read_back for row in found.commands if row.name in ("fallback", "watchdog"))
    assert "heartbeat" not in commands or commands["heartbeat"].refresh_s


COMMANDS = {
    "charge", "limit", "power_limit", "phases", "unlock", "fallback", "fallback_power", "watchdog", "heartbeat",
}  # fmt: skip


def test_what_comes_with_the_program_keeps_the_measure_of_what_others_write():
    files = sorted(FOLDER.rglob("*.toml"))
    assert len(files) > 200
    assert not [file.name for file in files if read_table(file) != read_shipped(file)]
