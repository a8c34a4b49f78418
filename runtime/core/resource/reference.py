"""References from one resource to another, and what keeps the other from being erased."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something stays. ``message`` may say ``{count}``."""

    code: str
    message: str
    hint: str = ""


IN_USE = Refusal("in_use", "{count} others refer to it", "change or erase them first")


@dataclass(frozen=True, slots=True)
class Reference:
    """A key that holds the number of another object, 0 = none; with ``many`` the numbers of several.

    to      word of what it refers to
    held    why that cannot be erased meanwhile; None = it can, and nothing refers to it any more then
    unseen  a check of the row's own says what it may refer to
    """

    key: str
    to: str
    _: KW_ONLY
    many: bool = False
    held: Refusal | None = None
    unseen: bool = False

    def numbers(self, spec: object) -> tuple[int, ...]:
        """What an object refers to by it."""
        value = getattr(spec, self.key)
        return tuple(value) if self.many else (value,) if value else ()

    def without(self, spec: object, id: int) -> Any:
        """The value that refers to ``id`` no more."""
        return tuple(each for each in getattr(spec, self.key) if each != id) if self.many else 0
