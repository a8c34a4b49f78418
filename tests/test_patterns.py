"""All regular expressions of the product, of its scripts too, and what each is tried on: none takes time by more than
the length."""

from __future__ import annotations

import ast
import re
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = ("runtime", "drivers", "actors", "webui", "simulator")
TAKES_PATTERN = ("compile", "search", "match", "fullmatch", "findall", "finditer", "split", "sub")
MADE = {  # patterns with a name in them: what they look through was parsed before, and is bounded
    "runtime/core/text/tomllines.py": 4,  # a file that is TOML, of a megabyte at most
    "runtime/core/text/tomlfile.py": 1,  # of numbers that are constants
}
LENGTH = 16_000  # that of a head; longer texts are bounded before
BOUNDED = {  # what is looked through is never longer
    "runtime/core/text/edge.py": 60,  # MOST_LETTERS of a number
    "runtime/core/energy/continuity.py": 4_000,  # MOST_DETAIL of an event
}
SHIPPED = {"runtime/plugin/shippedtable.py"}  # what is looked through comes with the program
PIECES = (*'a0 \t.-_:[(\\"\r\n,', "\r\n", "a ", "0.", "a-", "a.a")


def _patterns() -> list[tuple[str, int, object]]:
    return [
        (str(path.relative_to(ROOT)), call.lineno, call.args[0])
        for top in SOURCES
        for path in sorted((ROOT / top).rglob("*.py"))
        if "node_modules" not in path.parts
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "re"
        and call.func.attr in TAKES_PATTERN
    ]


FOUND = _patterns()
FIXED = {
    f"{file}:{line}": argument.value for file, line, argument in FOUND
    if isinstance(argument, ast.Constant) and file not in SHIPPED
}  # fmt: skip


def test_a_pattern_that_is_put_together_is_known() -> None:
    made: dict[str, int] = {}
    for file, _, argument in FOUND:
        if not isinstance(argument, ast.Constant):
            made[file] = made.get(file, 0) + 1
    assert made == MADE


def test_no_pattern_hides_behind_another_name_of_the_module() -> None:
    for top in SOURCES:
        for path in (ROOT / top).rglob("*.py"):
            assert "from re import" not in path.read_text("utf-8"), path


_LITERAL = re.compile(r"[=(,:!&|?]\s*/((?![*/])(?:[^\\/\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)/[dgimsuy]*[.,;)\s]")
SCRIPTED = {
    f"{path.relative_to(ROOT)}:{found[1]}": re.sub(r"\\p\{\w+\}", r"\\w", re.sub(r"\(\?<(?=[a-z])", "(?P<", found[1]))
    for path in sorted((ROOT / "webui/static/js").rglob("*.js"))
    for found in _LITERAL.finditer(path.read_text("utf-8"))
}


def test_patterns_of_scripts_are_seen() -> None:
    assert len(SCRIPTED) >= 10


@pytest.mark.parametrize(
    ("place", "pattern"), [*FIXED.items(), *SCRIPTED.items()], ids=[*FIXED.keys(), *SCRIPTED.keys()]
)
def test_a_pattern_takes_time_by_the_length(place: str, pattern: str | bytes) -> None:
    length = BOUNDED.get(place.rpartition(":")[0], LENGTH)
    compiled = re.compile(pattern, re.DOTALL | re.IGNORECASE)
    starts = {"", *_beginnings(pattern if isinstance(pattern, str) else pattern.decode("latin-1"))}
    slow = []
    for start in starts:
        for piece in PIECES:
            text: str | bytes = start + piece * (length // len(piece)) + "\x7f"
            began = time.process_time()
            compiled.search(text if isinstance(pattern, str) else text.encode())  # type: ignore[union-attr, arg-type]
            compiled.fullmatch(text if isinstance(pattern, str) else text.encode())  # type: ignore[union-attr, arg-type]
            if time.process_time() - began > 0.25:
                slow.append((start, piece))
    assert not slow


def _beginnings(pattern: str) -> list[str]:
    """Words of the pattern as a text could begin with them."""
    words = re.findall(r"[A-Za-z]{2,}", pattern)
    return [*words[:3], *(f"\r\n{word}:" for word in words[:3]), *(f"{word}[0]" for word in words[:1])]
