"""Raw numbers by which a device says that it has no value: single ones, and whole ranges of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from runtime.core.modbus.registers import Field, RegisterType
from runtime.core.text.tomltable import Table, ratio

Marker = int | float | tuple[int, int]  # a range has both ends


class Markers:
    """What means "no value" for one field or several; quick to ask where, as a rule, none of them comes."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self._single: frozenset[int | float] = frozenset()
        self._ranges: tuple[tuple[int, int], ...] = ()
        for field in fields:
            self._single |= frozenset(field.invalid)
            self._ranges += field.invalid_within
        self._floor = min((first for first, _ in self._ranges), default=math.inf)

    def __bool__(self) -> bool:
        return bool(self._single or self._ranges)

    def __contains__(self, raw: int | float) -> bool:
        return raw in self._single or any(first <= raw <= last for first, last in self._ranges)

    def isdisjoint(self, raw: Sequence[int | float]) -> bool:
        """False as soon as one of these may be a marker."""
        return self._single.isdisjoint(raw) and max(raw) < self._floor


def markers_of(*fields: Field) -> Markers | frozenset[int | float]:
    """A plain set where there are no ranges: that is asked fastest."""
    if any(field.invalid_within for field in fields):
        return Markers(fields)
    single: frozenset[int | float] = frozenset()
    return single.union(*(field.invalid for field in fields))


def read_markers(table: Table, key: str, given: Sequence[Any], kind: RegisterType) -> Sequence[Marker]:
    """Markers as raw numbers; a bit pattern is taken for the signed number it means."""
    if kind.real:
        real = [ratio(value) for value in given]
        if None in real:
            table.fault(key, f"{given!r} is not a list of numbers")
        return tuple(pair[0] / pair[1] for pair in real if pair is not None and math.isfinite(pair[0]))
    read = [_marker(item, kind) for item in given]
    if None in read:
        table.fault(key, f"{given!r} does not fit {kind.name}", "a number, or [first, last]")
        return ()
    return tuple(dict.fromkeys(marker for marker in read if marker is not None))


def _marker(item: Any, kind: RegisterType) -> Marker | None:
    ends = item if isinstance(item, list | tuple) and len(item) == 2 else [item, item]
    limit = 1 << kind.bits
    if not all(type(value) is int and -(limit // 2) <= value < limit for value in ends):
        return None
    first, last = (kind.from_pattern(value) for value in ends)
    if first > last:
        return None
    return (first, last) if isinstance(item, list | tuple) else first
