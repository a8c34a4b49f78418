"""The sources of the product as they were parsed: once, for all tests of a process that look at them."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

ROOT = Path(__file__).parent.parent
PRODUCT = ("runtime", "drivers", "actors", "webui", "simulator")


@functools.cache
def paths(top: str) -> tuple[Path, ...]:
    """The modules of a folder, those of npm left out."""
    return tuple(path for path in sorted((ROOT / top).rglob("*.py")) if "node_modules" not in path.parts)


@functools.cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All nodes of a module."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def place(path: Path, node: ast.AST | None = None) -> str:
    """What to open, and at which line."""
    line = "" if node is None else f":{getattr(node, 'lineno', 0)}"
    return f"{path.relative_to(ROOT)}{line}"
