"""Which line of a TOML text a fault is about. The parser keeps no positions, so the text is looked through again."""

from __future__ import annotations

import re

from runtime.core.text.tomlscan import blank_texts

_KEY = re.compile(r"(\w+)(?:\[(\d+)\])?(.*)")


def line_of(text: str, key: str) -> int:
    """The line, from 1, where ``key`` as a Fault tells it (``field[3].at``) stands, or its table when it is missing.

    The first line for a key that is not there at all.
    """
    bare = blank_texts(text)
    match = _KEY.fullmatch(key)
    if match is None:
        return 1
    name, number, rest = match.groups()
    start, end = _find_table(bare, name, int(number)) if number else _find_key(bare, name)
    for part in re.findall(r"\w+", rest):
        inner = re.compile(rf"(?<![\w.]){re.escape(part)}\s*[=.]|\.{re.escape(part)}\b").search(bare, start, end)
        start = inner.start() if inner else start
    return bare.count("\n", 0, start) + 1


def _find_key(bare: str, name: str) -> tuple[int, int]:
    """From a key or table of the map itself to the end."""
    found = re.search(rf"^[ \t]*\[*({re.escape(name)})\b", bare, re.MULTILINE)
    return (found.start(1) if found else 0), len(bare)


def _find_table(bare: str, name: str, number: int) -> tuple[int, int]:
    """One table of a list of tables, counted from 1, in either way to write them; where it begins and ends."""
    heads = [match.start() for match in re.finditer(rf"^[ \t]*\[\[\s*{re.escape(name)}\s*\]\]", bare, re.MULTILINE)]
    if number <= len(heads):
        after = re.compile(r"^[ \t]*\[", re.MULTILINE).search(bare, heads[number - 1] + len(name))
        return heads[number - 1], after.start() if after else len(bare)
    listed = re.search(rf"^[ \t]*{re.escape(name)}\s*=\s*\[", bare, re.MULTILINE)
    if listed is None:
        return 0, len(bare)
    return _inline(bare, listed.end(), number) or (listed.start(), len(bare))


def _inline(bare: str, at: int, number: int) -> tuple[int, int] | None:
    """The numbered item of a list of inline tables that begins at ``at``."""
    depth = seen = begin = 0
    for place in range(at, len(bare)):
        if bare[place] in "{[":
            if depth == 0:
                seen, begin = seen + 1, place
            depth += 1
        elif bare[place] in "}]":
            depth -= 1
            if depth == 0 and seen == number:
                return begin, place
        if depth < 0:
            break
    return None
