"""What an edit is refused with."""

from __future__ import annotations

from runtime.errors import ConfigError, Fault


def refused(word: str, id: int, field: str, code: str, message: str, hint: str = "") -> ConfigError:
    """An edit that cannot be made, blamed on a field of an object."""
    return ConfigError([edit_fault(word, id, field, code, message, hint)])


def edit_fault(word: str, id: int, field: str, code: str, message: str, hint: str = "") -> Fault:
    place = f"{word} {id}" if id else word
    return Fault("edit", f"{place}.{field}" if field else place, message, hint, code, word, id, field)
