"""The board on which owners pin their newest view, each under a key that says what it holds."""

from __future__ import annotations

from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")
D = TypeVar("D")


class ViewKey(str, Generic[T]):
    """The name of one view; ``T`` is what is pinned there."""

    __slots__ = ()


class ViewKeys(Generic[T]):
    """Names of views of one type, one for each id: device.1, device.2 …"""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def of(self, id: int) -> ViewKey[T]:
        return ViewKey(f"{self._prefix}.{id}")


class Views:
    """Key -> newest view. Publishing and reading need no lock: one dictionary store is atomic."""

    def __init__(self) -> None:
        self._views: dict[str, Any] = {}

    def publish(self, key: ViewKey[T], view: T) -> None:
        self._views[key] = view

    def withdraw(self, key: str) -> None:
        self._views.pop(key, None)

    @overload
    def get(self, key: ViewKey[T]) -> T | None: ...
    @overload
    def get(self, key: ViewKey[T], default: D) -> T | D: ...
    def get(self, key: ViewKey[T], default: D | None = None) -> T | D | None:
        return self._views.get(key, default)
