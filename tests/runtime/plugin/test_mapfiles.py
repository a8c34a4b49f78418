import pytest

from runtime.errors import ConfigError
from runtime.plugin.mapfiles import load_map, read_folder

HEAD = 'title = "T"\nsource = "S"\ntrust = "field"\n'
ROW = 'field = [{quantity = "voltage_l1_v", at = 0, type = "u16", scale = 0.1}]\n'


@pytest.fixture
def folder(tmp_path):
    def write(**files):
        for name, text in files.items():
            (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_decimals_of_a_file_stay_exact(folder):
    file = folder(a=f'id = "a"\n{HEAD}{ROW}') / "a.toml"
    assert load_map(file, {}).fields[0].scale == (1, 10)


def test_a_parent_may_stand_in_any_file_of_the_folder(folder):
    maps, faults = read_folder(
        folder(a=f'id = "a"\nextends = "b"\n{HEAD}', b=f'id = "b"\nextends = "c"\n{HEAD}', c=f'id = "c"\n{HEAD}{ROW}'),
        {},
    )
    assert faults == [] and [len(found.fields) for found in maps.values()] == [1, 1, 1]


def test_a_map_may_extend_one_from_elsewhere(folder):
    known, _ = read_folder(folder(a=f'id = "a"\n{HEAD}{ROW}'), {})
    (folder() / "a.toml").unlink()
    maps, faults = read_folder(folder(b=f'id = "b"\nextends = "a"\n{HEAD}'), known)
    assert faults == [] and list(maps) == ["b"]


def test_good_maps_stay_when_others_are_left_out(folder):
    maps, faults = read_folder(
        folder(
            bad="id = ",
            good=f'id = "good"\n{HEAD}{ROW}',
            loop=f'id = "loop"\nextends = "pool"\n{HEAD}',
            pool=f'id = "pool"\nextends = "loop"\n{HEAD}',
            twin=f'id = "good"\n{HEAD}{ROW}',
            wrong=f'id = "wrong"\n{HEAD}{ROW}x = 1',
            wrong_child=f'id = "wrong-child"\nextends = "wrong"\n{HEAD}',
            orphan=f'id = "orphan"\nextends = "goood"\n{HEAD}',
        ),
        {},
    )
    assert list(maps) == ["good"]
    told = {fault.file.rpartition("/")[2]: f"{fault.key}: {fault.message} {fault.hint}" for fault in faults}
    assert "not valid TOML" in told["bad.toml"]
    assert "extends itself" in told["pool.toml"]
    assert "already that of good.toml" in told["twin.toml"]
    assert "x: unknown key" in told["wrong.toml"]
    assert "'wrong' has faults" in told["wrong_child.toml"]
    assert "did you mean 'good'" in told["orphan.toml"]
    assert len(told) == 7


def test_a_folder_that_is_none_is_told(tmp_path):
    assert [fault.message for fault in read_folder(tmp_path / "none", {})[1]] == ["is no folder"]


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        load_map(tmp_path / "none.toml", {})
