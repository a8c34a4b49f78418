"""Names use the trade's words: those that docs/words.md forbids name no module, class or function."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
OF_OTHERS = ("connection_made", "not_found")  # asyncio's and HTTP's
SOURCES = ("runtime", "drivers", "actors", "webui", "simulator")
PAGE = (ROOT / "docs/words.md").read_text(encoding="utf-8")


def test_the_page_forbids_what_a_stranger_would_not_search_for() -> None:
    assert {"told", "lane", "nursery", "teller", "placed"} <= _forbidden()


def test_no_module_class_or_function_bears_a_forbidden_word() -> None:
    forbidden = _forbidden()
    bad = {f"{place}: {name}" for place, name in _names() if name not in OF_OTHERS and set(_words(name)) & forbidden}
    assert not bad


def _forbidden() -> set[str]:
    """The first column of the table under "Forbidden"."""
    table = PAGE[PAGE.index("## Forbidden") :]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return {word for row in rows for word in re.findall(r"`(\w+)`", row)}


def _names() -> Iterator[tuple[str, str]]:
    for top in SOURCES:
        for path in (ROOT / top).rglob("*.py"):
            if "node_modules" in path.parts:
                continue
            place = str(path.relative_to(ROOT))
            yield place, path.stem
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                    yield f"{place}:{node.lineno}", node.name


def _words(name: str) -> list[str]:
    """``BusFreshness`` and ``bus_freshness`` are bus, freshness."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]
