"""Where a SunSpec device has its models: a mark, then one model after the other, each with its ID and length."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from drivers.families.sunspec.models import KINDS
from drivers.line import Line
from runtime.core.modbus.request import Request
from runtime.errors import Refused

BASES = (40000, 50000, 0)
MARK = b"SunS"
END = 0xFFFF
MOST = 64  # models of one device; a chain that goes on is none
TIMEOUT_S = 2.0
Read = Callable[[int, int], bytes | None]  # first register, registers -> as they came, None when refused


@dataclass(frozen=True, slots=True)
class Model:
    """``at`` is the register of its ID; ``length`` counts the registers after ID and length."""

    id: int
    at: int
    length: int

    @property
    def map_id(self) -> str:
        """The map that reads it, "" when none does."""
        return KINDS.get(self.id, "")


def discover(line: Line, unit: int) -> tuple[Model, ...]:
    """All models of a device, () when it is none of SunSpec. Raises DriverError when it cannot be reached."""

    def read(at: int, count: int) -> bytes | None:
        if not line.is_open:
            line.open()
        try:
            return line.transact(Request(unit, 3, at, count), TIMEOUT_S)
        except Refused:
            return None

    return models_of(read)


def models_of(read: Read) -> tuple[Model, ...]:
    for base in BASES:
        if read(base, 2) == MARK:
            return tuple(_chain(read, base + 2))
    return ()


def _chain(read: Read, at: int) -> Iterator[Model]:
    for _ in range(MOST):
        head = read(at, 2) if at < 0xFFFF else None
        if head is None:
            return
        id, length = struct.unpack(">HH", head)
        if id in (0, END):
            return
        yield Model(id, at, length)
        at += 2 + length


def meters(models: Sequence[Model]) -> tuple[Model, ...]:
    """Those that a map can read."""
    return tuple(model for model in models if model.map_id)
