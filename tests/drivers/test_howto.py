"""What drivers/HOWTO.md shows works as shown, and so does the blueprint."""

import re
import shutil
import subprocess
import sys
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from runtime.clock import SystemClock
from runtime.core.decode.codedmodel import decoder_of
from runtime.core.decode.compiled import compile_map
from runtime.core.map.commandrow import KEYS as COMMAND_KEYS
from runtime.core.map.devicemap import KEYS as MAP_KEYS
from runtime.core.map.normalise import DeviceSettings
from runtime.core.map.row import KEYS as ROW_KEYS
from runtime.plugin.mapfiles import load_map
from runtime.plugin.plugins import load_plugins
from tests.frames import frame as frames

DRIVERS = Path(__file__).parents[2] / "drivers"
TEXT = (DRIVERS / "HOWTO.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"```\w+\n# ([\w./-]+?\.(?:toml|py))(.*?)```", TEXT, re.DOTALL))


@pytest.fixture
def files(tmp_path):
    for name, text in BLOCKS.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("#" + text, encoding="utf-8")
    return tmp_path


def install(folder, module, project):
    """What pip leaves behind: the entry points of a project file beside its module."""
    table = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    meta = folder / f"{module}-1.dist-info"
    meta.mkdir()
    (meta / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {table['name']}\nVersion: 1\n", encoding="utf-8")
    ((group, points),) = table["entry-points"].items()
    lines = [f"[{group}]", *(f"{name} = {target}" for name, target in points.items())]
    (meta / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")


def test_the_map_shown_means_what_its_frame_says(files, monkeypatch):
    monkeypatch.setattr(frames, "FOLDER", files / "tests" / "frames")
    shown = frames.read_frame("acme-m3")
    compiled = compile_map(load_map(files / "acme-m3.toml", {}))
    assert frames.decode(compiled, shown) == shown.expected_n()


def test_the_commands_shown_are_sound(files):
    assert [command.function for command in load_map(files / "acme-io.toml", {}).commands] == [5, 6]


def test_the_package_shown_is_found_and_loaded(files, monkeypatch):
    install(files, "acme_wattkeeper", files / "pyproject.toml")
    monkeypatch.syspath_prepend(files)
    monkeypatch.delitem(sys.modules, "acme_wattkeeper", raising=False)
    (files / "plugins.toml").write_text('load = ["modbus", "meters", "acme"]', encoding="utf-8")
    plugins = load_plugins(files / "plugins.toml")
    assert plugins.problems == [] and "acme-m3" in plugins.maps


def test_the_source_shown_that_speaks_by_itself_is_loaded_and_means_what_it_says(files, monkeypatch):
    project = files / "box.toml"
    text = BLOCKS["pyproject.toml"].replace("acme_wattkeeper", "acme_box").replace("acme-wattkeeper", "acme-box")
    project.write_text("#" + text, encoding="utf-8")
    install(files, "acme_box", project)
    monkeypatch.syspath_prepend(files)
    monkeypatch.delitem(sys.modules, "acme_box", raising=False)
    (files / "plugins.toml").write_text('load = ["modbus", "acme"]', encoding="utf-8")
    plugins = load_plugins(files / "plugins.toml")
    assert plugins.problems == []
    assert not plugins.schemes["acme-box"].make("acme-box://192.0.2.7", SystemClock()).is_open
    frame = sys.modules["acme_box"].read_line(b"3;12045")
    decoder = decoder_of(plugins.map_of("acme-box"))
    values = decoder.blank()
    decoder.apply(0, frame.payload, values, DeviceSettings())
    assert (frame.unit, values) == (3, [12_045_000])


def test_the_blueprint_loads_once_copied(tmp_path, monkeypatch):
    shutil.copytree(DRIVERS / "_blueprint" / "package", tmp_path, dirs_exist_ok=True)
    install(tmp_path, "wattkeeper_maker", tmp_path / "pyproject.toml")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "wattkeeper_maker", raising=False)
    (tmp_path / "plugins.toml").write_text('load = ["maker"]', encoding="utf-8")
    plugins = load_plugins(tmp_path / "plugins.toml")
    assert plugins.problems == [] and list(plugins.maps) == ["maker-model"]


def test_both_blueprints_of_a_map_are_one():
    maps = [DRIVERS / "_blueprint" / "map.toml", *(DRIVERS / "_blueprint" / "package").rglob("maker-model.toml")]
    tables = [tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal) for file in maps]
    assert tables[0] == tables[1]


def test_every_key_of_a_map_is_explained():
    explained = set(re.findall(r"`(\w+)`", "".join(line for line in TEXT.splitlines() if line.startswith("|"))))
    assert set(ROW_KEYS) | set(COMMAND_KEYS) <= explained
    assert set(MAP_KEYS) - {"id", "title", "maker", "source", "trust", "space", "field"} <= explained


def test_importing_the_api_needs_no_device_library():
    code = "import sys, drivers.api; print(*{'pymodbus', 'serial', 'pykka', 'lmdb'}.intersection(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=DRIVERS.parent)
    assert done.stdout.strip() == ""
