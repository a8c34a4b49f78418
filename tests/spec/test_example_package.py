"""The package under docs/examples is installed as anybody would, and used."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.plugin.plugins import load_plugins
from runtime.settings import default_plugins

HOUSE = Path(__file__).parents[2]
EXAMPLE = HOUSE / "docs" / "examples" / "acme"
ASK = """
import json, sys
from pathlib import Path
from runtime.errors import ConfigError
from runtime.plugin.plugins import load_plugins

plugins = load_plugins(Path(sys.argv[1]))
def places(circuit):
    try:
        return [field.at for field in plugins.map_of("acme-panel", {"circuit": circuit}).fields]
    except ConfigError as error:
        return str(error)
print(json.dumps({
    "problems": [str(problem) for problem in plugins.problems],
    "families": [family.title for family in plugins.families],
    "maps": [id for id in plugins.maps if id.startswith("acme")],
    "third": places(3),
    "fifth": places(5),
}))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder of packages with the example in it."""
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(EXAMPLE, folder / "source")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run(
        [*pip, "--disable-pip-version-check", "--target", folder / "packages", folder / "source"], check=True
    )
    (folder / "plugins.toml").write_text(
        'load = ["modbus", "meters", "teleinfo", "ocpp", "acme"]\n[settings.acme]\npanel_circuits = 4\n',
        encoding="utf-8",
    )
    return folder


def asked(installed):
    paths = os.pathsep.join([str(installed / "packages"), str(HOUSE)])
    done = subprocess.run(
        [sys.executable, "-c", ASK, installed / "plugins.toml"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    return json.loads(done.stdout)


def test_the_example_registers_by_its_entry_point_and_takes_its_settings(installed):
    told = asked(installed)
    assert told["problems"] == []
    assert told["maps"] == ["acme-m3", "acme-panel"]
    built_in = [family.title for family in load_plugins(default_plugins()).families]
    assert told["families"] == [*built_in, "ACME"]
    assert told["third"] == [16, 17, 18]
    assert told["fifth"] == "parameters: circuit: 5 is not a circuit from 1 to 4"


def test_the_readme_of_the_example_names_its_files():
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    named = [word for word in readme.split("`") if word.startswith(("wattkeeper_acme/", "tests/"))]
    assert named and all((EXAMPLE / name).exists() or (HOUSE / name).exists() for name in named)
