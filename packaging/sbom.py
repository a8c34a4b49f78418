"""What a release consists of, in the CycloneDX format: build/sbom.json. Run by ``make sbom``.

The Python packages are those that a fresh installation gets, without what tests need; cyclonedx-py, itself installed
apart, lists them. The packages that the chart library is built of come from its lock file.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "sbom"
OUT = ROOT / "build" / "sbom.json"
LOCK = ROOT / "webui" / "assets" / "package-lock.json"
TOOL = "cyclonedx-bom==7.5.0"


def main() -> int:
    release, tool = _environment("release"), _environment("tool")
    _pip(release, "--constraint", str(ROOT / "constraints.txt"), str(ROOT))
    _pip(tool, TOOL)
    command = [tool.with_name("cyclonedx-py"), "environment", "--output-reproducible", "--output-format", "JSON"]
    told = subprocess.run([*command, release], check=True, capture_output=True, text=True).stdout
    document = with_scripts(of_wattkeeper(json.loads(told)), json.loads(LOCK.read_text()))
    OUT.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"written {OUT.relative_to(ROOT)}: {len(document['components'])} components")
    return 0


def of_wattkeeper(document: dict[str, Any]) -> dict[str, Any]:
    """``document`` with us as what it is about, not as a part, and without the folder that we were installed from."""
    own = next(each for each in document["components"] if each["name"] == "wattkeeper")
    parts = [each for each in document["components"] if each is not own]
    told = {key: value for key, value in own.items() if key != "externalReferences"} | {"type": "application"}
    return document | {"components": parts, "metadata": {**document.get("metadata", {}), "component": told}}


def with_scripts(document: dict[str, Any], lock: dict[str, Any]) -> dict[str, Any]:
    """``document`` with the npm packages that end up in the pages; what only builds them is left out."""
    found = [
        _component(path.rpartition("node_modules/")[2], row)
        for path, row in lock["packages"].items()
        if path and not row.get("dev")
    ]
    return document | {"components": [*document.get("components", []), *found]}


def _component(name: str, row: dict[str, Any]) -> dict[str, Any]:
    purl = f"pkg:npm/{quote(name, safe='/')}@{row['version']}"
    told = {"type": "library", "bom-ref": purl, "name": name, "version": row["version"], "purl": purl}
    return told | ({"licenses": [{"expression": row["license"]}]} if row.get("license") else {})


def _environment(name: str) -> Path:
    """A fresh one, empty; its Python."""
    folder = BUILD / name
    subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", folder], check=True)
    return folder / "bin" / "python"


def _pip(python: Path, *what: str) -> None:
    """By our own pip, so that none is among the parts."""
    command = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, *what], check=True)


if __name__ == "__main__":
    sys.exit(main())
