"""The list of what a release consists of takes the scripts' packages in; the rest is cyclonedx-py's."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

ROOT = Path(__file__).parent.parent


def _sbom():
    spec = importlib.util.spec_from_file_location("sbom", ROOT / "packaging/sbom.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_ends_up_in_the_pages_is_listed_and_what_builds_them_is_not() -> None:
    lock = {
        "packages": {
            "": {"name": "pages"},
            "node_modules/charts": {"version": "1.2.3", "license": "MIT"},
            "node_modules/charts/node_modules/@scope/inner": {"version": "2.0.0"},
            "node_modules/bundler": {"version": "9.9.9", "dev": True},
        }
    }
    document = _sbom().with_scripts({"bomFormat": "CycloneDX", "components": [{"name": "h11"}]}, lock)
    assert [(each["name"], each.get("purl")) for each in document["components"]] == [
        ("h11", None),
        ("charts", "pkg:npm/charts@1.2.3"),
        ("@scope/inner", "pkg:npm/%40scope/inner@2.0.0"),
    ]
    assert document["components"][1]["licenses"] == [{"expression": "MIT"}]


def test_the_chart_library_itself_is_in_the_lock_file() -> None:
    lock = json.loads((ROOT / "webui/assets/package-lock.json").read_text())
    names = {each["name"] for each in _sbom().with_scripts({}, lock)["components"]}
    assert names and not names & {"esbuild"}


def test_it_is_about_us_and_names_no_folder_of_whoever_made_it() -> None:
    own = {"name": "wattkeeper", "version": "1", "externalReferences": [{"url": "file:///home/somebody"}]}
    document = _sbom().of_wattkeeper({"components": [own, {"name": "h11"}], "metadata": {"tools": []}})
    assert document["components"] == [{"name": "h11"}]
    assert document["metadata"] == {
        "tools": [],
        "component": {"name": "wattkeeper", "version": "1", "type": "application"},
    }
