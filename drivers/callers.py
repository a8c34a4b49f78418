"""Who called in: stations that open the connection themselves, found by name by the line that speaks to them."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any


class Callers:
    """Any thread may ask; who serves them enters them and takes them out.

    memory  what outlives a connection, for who serves them
    """

    def __init__(self) -> None:
        self._present: dict[str, Any] = {}
        self.memory: dict[Hashable, Any] = {}

    def find(self, name: str) -> Any:
        """The one that is connected now, None = it is not."""
        return self._present.get(name)

    def enter(self, name: str, caller: Any) -> Any:
        """From now on it is this one. Returns the one before, None = there was none."""
        before = self._present.get(name)
        self._present[name] = caller
        return before

    def leave(self, name: str, caller: Any) -> None:
        """It hung up; one that took its place stays."""
        if self._present.get(name) is caller:
            del self._present[name]

    def present(self) -> dict[str, Any]:
        return dict(self._present)
