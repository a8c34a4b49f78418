import pytest

from runtime.core.map.ownmap import table_of
from runtime.errors import WattkeeperError
from runtime.plugin.ownmaps import OwnMaps, folder_of
from runtime.plugin.plugins import load_plugins
from runtime.settings import default_plugins

TABLE = table_of(
    "own-m3", {"title": "M3", "rows": [{"quantity": "active_power_w", "register": 1, "type": "u16", "function": 3}]}
)


@pytest.fixture
def reloads():
    return []


@pytest.fixture
def own(tmp_path, reloads):
    return OwnMaps(folder_of(tmp_path), lambda: reloads.append(True))


def test_a_saved_map_is_a_model_from_the_next_reload_on(own, tmp_path, reloads):
    own.save("own-m3", TABLE)
    assert reloads == [True]
    assert load_plugins(default_plugins(), folder_of(tmp_path)).map_of("own-m3").title == "M3"


def test_a_removed_one_is_gone(own):
    own.save("own-m3", TABLE)
    own.remove("own-m3")
    own.remove("own-m3")
    assert own.all() == {}


def test_a_file_that_is_no_map_is_left_out(own, tmp_path):
    own.save("own-m3", TABLE)
    (folder_of(tmp_path) / "own-broken.toml").write_text("= nothing")
    assert list(own.all()) == ["own-m3"]
    assert load_plugins(default_plugins(), folder_of(tmp_path)).problems


def test_a_folder_that_cannot_be_written_is_told(own, tmp_path, reloads):
    folder_of(tmp_path).write_text("in the way")
    with pytest.raises(WattkeeperError) as told:
        own.save("own-m3", TABLE)
    assert told.value.code == "store_unwritable" and reloads == []


def test_a_file_that_no_form_can_show_is_left_out(own, tmp_path):
    own.save("own-m3", TABLE)
    for name in ("own-list", "No Id", "a\nb"):
        (folder_of(tmp_path) / f"{name}.toml").write_text('title = "T"\nfield = [{quantity = 1}]\n')
    assert list(own.all()) == ["own-m3"]


def test_one_that_cannot_be_taken_away_is_told(own, tmp_path, reloads):
    (folder_of(tmp_path) / "own-m3.toml").mkdir(parents=True)
    with pytest.raises(WattkeeperError) as told:
        own.remove("own-m3")
    assert told.value.code == "store_unwritable" and reloads == []
