"""The oracle knows nothing of the product: it may be wrong, but not in the same way."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
MODULES = sorted(path for path in FOLDER.glob("*.py") if not path.name.startswith("test_"))
ALLOWED = {"strategies.py": {"hypothesis"}}


def imported(path: Path) -> set[str]:
    """Modules that a file names, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module
            names.add(node.module)
        elif isinstance(node, ast.Name):
            assert node.id not in ("__import__", "importlib", "exec", "eval"), f"{path.name} imports by other ways"
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_imports_the_standard_library_and_the_oracle_only(path: Path) -> None:
    foreign = {
        name
        for name in imported(path)
        if name.partition(".")[0] not in sys.stdlib_module_names and not name.startswith("tests.oracle")
    }
    assert foreign <= ALLOWED.get(path.name, set())


def test_it_is_looked_at_whole() -> None:
    assert {"sitecalendar", "tariffs", "bill", "truth", "meter", "generator"} <= {path.stem for path in MODULES}
    assert all("runtime" not in imported(path) for path in MODULES)
    assert "tests.oracle.truth" in imported(FOLDER / "meter.py")
