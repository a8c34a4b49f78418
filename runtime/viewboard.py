"""The board on which owners pin their newest view."""

from __future__ import annotations

from typing import Any


class Views:
    """Name -> newest view. Publishing and reading need no lock: one dictionary store is atomic."""

    def __init__(self) -> None:
        self._views: dict[str, Any] = {}

    def publish(self, name: str, view: Any) -> None:
        self._views[name] = view

    def withdraw(self, name: str) -> None:
        self._views.pop(name, None)

    def get(self, name: str, default: Any = None) -> Any:
        return self._views.get(name, default)

    def matching(self, prefix: str) -> list[Any]:
        """All views whose name starts with ``prefix``, in order of publication of the names."""
        return [view for name, view in list(self._views.items()) if name.startswith(prefix)]
