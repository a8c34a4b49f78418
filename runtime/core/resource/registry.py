"""The registry of resources: a frozen list of rows, walked by whatever deals with all that is configured.

Edits, differences, undo, the audit trail, the installation file, what must hold, the API and its description walk it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from runtime.core.resource.reference import Reference
from runtime.core.resource.resource import Resource


@dataclass(frozen=True, slots=True)
class Resources:
    """The registry: rows in the order in which a file has them. Raises ValueError where rows do not fit each other."""

    rows: tuple[Resource[Any], ...]

    def __post_init__(self) -> None:
        for names in ([row.word for row in self.rows], [row.plural for row in self.rows]):
            if len(set(names)) < len(names):
                raise ValueError(f"a resource is there twice: {names}")
        words = {row.word for row in self.rows}
        if lost := {ref.to for row in self.rows for ref in row.references} - words:
            raise ValueError(f"there is no resource to refer to: {lost}")

    def __iter__(self) -> Iterator[Resource[Any]]:
        return iter(self.rows)

    @property
    def edited(self) -> tuple[Resource[Any], ...]:
        """Those that people configure."""
        return tuple(row for row in self.rows if row.is_edited)

    def named(self, word: str) -> Resource[Any]:
        """raises  KeyError"""
        for row in self.rows:
            if row.word == word:
                return row
        raise KeyError(word)

    def referring(self, to: Resource[Any]) -> Iterator[tuple[Resource[Any], Reference]]:
        """Who refers to a resource, and by what."""
        return ((row, ref) for row in self.rows for ref in row.references if ref.to == to.word)

    def extended(self, *rows: Resource[Any]) -> Resources:
        """A registry with more rows."""
        return Resources((*self.rows, *rows))
