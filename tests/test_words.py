"""Names use the trade's words: those that docs/words.md forbids name no module, class or function."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.sources import PRODUCT, ROOT, nodes, paths, place

OF_OTHERS = ("connection_made", "not_found")  # asyncio's and HTTP's
PAGE = (ROOT / "docs/words.md").read_text(encoding="utf-8")


def test_the_page_forbids_what_a_stranger_would_not_search_for() -> None:
    assert {"told", "lane", "nursery", "teller", "placed"} <= _forbidden()


def test_no_module_class_or_function_bears_a_forbidden_word() -> None:
    forbidden = _forbidden()
    bad = {f"{where}: {name}" for where, name in _names() if name not in OF_OTHERS and set(_words(name)) & forbidden}
    assert not bad


def _forbidden() -> set[str]:
    """The first column of the table under "Forbidden"."""
    table = PAGE[PAGE.index("## Forbidden") :]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return {word for row in rows for word in re.findall(r"`(\w+)`", row)}


def _names() -> Iterator[tuple[str, str]]:
    for path in (path for top in PRODUCT for path in paths(top)):
        yield place(path), path.stem
        for node in nodes(path):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield place(path, node), node.name


def _words(name: str) -> list[str]:
    """``BusFreshness`` and ``bus_freshness`` are bus, freshness."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]
