"""Own meters go with each backup and come back with it."""

from __future__ import annotations

import pytest

from runtime.store.codec import seal
from runtime.store.upkeep import restore
from runtime.store.upkeep.backup import back_up, copy_whole, open_file
from runtime.store.upkeep.child import verify_in_child
from runtime.store.upkeep.keptmaps import take_maps
from tests.runtime.store.archive import LATER

PUMP = 'id = "own-pump"\n'


@pytest.fixture
def maps(folder):
    maps = folder / "maps"
    maps.mkdir()
    (maps / "own-pump.toml").write_text(PUMP)
    (maps / "own-fan.toml").write_text("id = 1\n")
    (maps / "half.new").write_text("what a power cut left")
    return maps


def generation(folder, tmp_path):
    return back_up(folder, LATER).file


def full_copy(folder, tmp_path):
    copy_whole(folder, tmp_path / "copy.mdb")
    return tmp_path / "copy.mdb"


@pytest.mark.parametrize("made", [generation, full_copy])
def test_a_restored_folder_has_the_own_meters_again(folder, maps, tmp_path, made):
    file = made(folder, tmp_path)
    assert verify_in_child(file).ok
    for map in maps.iterdir():
        map.unlink()
    maps.rmdir()
    restored = restore.restore(file, folder)
    assert restored.maps == ("own-fan.toml", "own-pump.toml")
    assert {map.name: map.read_text() for map in maps.iterdir()} == {"own-fan.toml": "id = 1\n", "own-pump.toml": PUMP}
    assert verify_in_child(folder).ok


def test_what_is_there_stays_as_it_is(folder, maps, tmp_path):
    file = full_copy(folder, tmp_path)
    (maps / "own-pump.toml").write_text("mended")
    assert restore.restore(file, folder).maps == ()
    assert (maps / "own-pump.toml").read_text() == "mended"


def test_a_backup_without_own_meters_makes_no_folder(folder, tmp_path):
    assert restore.restore(full_copy(folder, tmp_path), tmp_path / "elsewhere").maps == ()
    assert not (tmp_path / "elsewhere" / "maps").exists()


def test_a_name_that_leads_elsewhere_and_a_damaged_file_are_left_out(folder, maps, tmp_path):
    file = full_copy(folder, tmp_path)
    env = open_file(file)
    with env.begin(write=True) as txn:
        tree = env.open_db(b"maps", txn=txn)
        txn.put(b"../out.toml", seal(b"../out.toml", "map", b"x"), db=tree)
        txn.put(b"own-fan.toml", b"\1" * 20, db=tree)
    assert take_maps(env) == {"own-pump.toml": PUMP.encode()}
    assert take_maps(env) == {}
    env.close()
