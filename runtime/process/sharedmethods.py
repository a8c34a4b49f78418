"""Records of hundreds of kinds share the methods that ``dataclasses`` writes for each of them anew.

Three functions a kind, with their code, are megabytes in a process that keeps all of them for years; so is what the
functions' annotations say, which nobody asks a running server.
"""

from __future__ import annotations

import dataclasses
import gc
import sys
from collections.abc import Collection, Iterator
from reprlib import recursive_repr
from types import CodeType, FunctionType
from typing import Any, NoReturn

_WRITTEN = "<string>"  # where code comes from that ``dataclasses`` wrote


def share_methods(rooms: Collection[str]) -> None:
    """For all kinds and functions of the packages ``rooms`` that are loaded; a kind's own methods stay.

    What they say and refuse is what the written ones did; kinds that others derive from are left as they are. A second
    call does nothing.
    """
    for kind in _records(rooms):
        for name, shared in _SHARED.items():
            if _is_written(vars(kind).get(name)):
                setattr(kind, name, shared)
    for function in gc.get_objects():
        if type(function) is FunctionType and _room_of(function) in rooms:
            del function.__annotations__


def _records(rooms: Collection[str]) -> Iterator[type]:
    for module in list(sys.modules.values()):
        if module is not None and module.__name__.partition(".")[0] in rooms:
            for kind in list(vars(module).values()):
                if isinstance(kind, type) and "__dataclass_fields__" in vars(kind) and not kind.__subclasses__():
                    yield kind


def _room_of(function: FunctionType) -> str:
    return str(function.__module__ or "").partition(".")[0]


def _is_written(method: Any) -> bool:
    code = getattr(getattr(method, "__wrapped__", method), "__code__", None)
    return isinstance(code, CodeType) and code.co_filename == _WRITTEN


@recursive_repr("...")
def _show(record: Any) -> str:
    values = (f"{each.name}={getattr(record, each.name)!r}" for each in dataclasses.fields(record) if each.repr)
    return f"{type(record).__qualname__}({', '.join(values)})"


def _refuse_to_set(_record: Any, name: str, _value: Any) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_record: Any, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


_SHARED = {"__repr__": _show, "__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
