"""What may be written to a kind of device: one row of its map for each command, and the request that carries it."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from runtime.core.map.row import numbers_of
from runtime.core.map.scalar import swap_bytes
from runtime.core.modbus.registers import BIT, BIT_SPACES, TYPES, Field
from runtime.core.modbus.request import Request
from runtime.core.quantity.catalogue import QUANTITIES, Quantity, to_n
from runtime.core.text.tomltable import Ratio, Table, nearest

KEYS = (
    "command", "quantity", "read_back", "space", "at", "type", "scale", "values", "least", "most", "multiple", "pulse",
    "refresh_s", "series", "stride",
)  # fmt: skip
SPACES = ("holding", "coil")
_NUMBERED = ("command", "quantity", "read_back")
_FUNCTIONS = {("coil", False): 5, ("coil", True): 15, ("holding", False): 6, ("holding", True): 16}


@dataclass(frozen=True, slots=True)
class CommandRow:
    """One thing that a device can be told.

    raw = value / scale, as whole registers of ``type`` at ``at``

    name       what the API calls it, unique in the map
    quantity   what the value means: a state is named by its states, a number comes in the quantity's unit
    function   5, 6, 15 or 16
    values     of a state: (count, raw) of each that may be told, no other is; () for a number
    least_n    of a number: smallest and largest count that may be told, both included
    read_back  the quantity whose value becomes the one told, "" when the device shows nothing
    pulse      the device acts once and the register falls back by itself: only ``read_back`` shows what came of it
    refresh_s  the device forgets the command after this time unless it is told again; 0 = it keeps it
    word_order, byte_order  as those of the map
    """

    name: str
    quantity: str
    function: int
    at: int
    type: str
    scale: Ratio = (1, 1)
    values: tuple[tuple[int, int], ...] = ()
    least_n: int = 0
    most_n: int = 0
    read_back: str = ""
    pulse: bool = False
    refresh_s: int = 0
    word_order: str = "big"
    byte_order: str = "big"

    @property
    def choices(self) -> tuple[str, ...]:
        """The names of the states that may be told; () for a number."""
        states = QUANTITIES[self.quantity].states
        return tuple(states[count] for count, _ in self.values)

    def allows(self, value_n: int) -> bool:
        if self.values:
            return any(value_n == count for count, _ in self.values)
        return self.least_n <= value_n <= self.most_n

    def request(self, unit: int, value_n: int) -> Request:
        """The write that tells a count of the quantity's step.

        raises  ValueError for one that may not be told
        """
        if not self.allows(value_n):
            raise ValueError(f"{self.name} cannot be {value_n}")
        raw = self.raw_of(value_n)
        if self.type == BIT:
            payload = (b"\xff\0" if raw else b"\0\0") if self.function == 5 else bytes((int(raw),))
            return Request(unit, self.function, self.at, 1, payload)
        return Request(unit, self.function, self.at, TYPES[self.type].words, self._words(raw))

    def raw_of(self, value_n: int) -> int | float:
        """What stands in the register for a count."""
        if self.values:
            return dict(self.values)[value_n]
        raw = value_n * Fraction(10) ** QUANTITIES[self.quantity].exp10 / Fraction(*self.scale)
        return float(raw) if self.type in TYPES and TYPES[self.type].real else round(raw)

    def _words(self, raw: int | float) -> bytes:
        big = struct.pack(">" + TYPES[self.type].code, raw)
        if self.word_order == "little":
            big = b"".join(big[at : at + 2] for at in range(len(big) - 2, -1, -2))
        return swap_bytes(big) if self.byte_order == "little" else big


def read_commands(row: Table, head: tuple[str, str, str], fields: Mapping[str, Field]) -> list[CommandRow]:
    """The commands of a row: one, or a series of them whose names and quantities are numbered."""
    if "series" not in row:
        if "stride" in row:
            row.fault("stride", "there is nothing to space without series")
        return [found] if (found := read_command(row, head, fields)) is not None else []
    numbers, at = numbers_of(row), row.integer("at", 0, 0xFFFF)
    if not numbers or at is None or "{}" not in row.text("command"):
        row.fault("series", "wants [first, last] and a command with {}", 'command = "output_{}", series = [1, 8]')
        return []
    stride = row.integer("stride", 1, 0xFFFF, 1) or 1
    plain = {key: value for key, value in row.rows.items() if key not in ("series", "stride")}
    listed = []
    for index, number in enumerate(numbers):
        named = {key: plain[key].format(number) for key in _NUMBERED if isinstance(plain.get(key), str)}
        one = Table({**plain, **named, "at": at + index * stride}, row.place, row.file, row.faults)
        listed.append(read_command(one, head, fields))
    return [command for command in listed if command is not None]


def read_command(row: Table, head: tuple[str, str, str], fields: Mapping[str, Field]) -> CommandRow | None:
    """One row of ``command``; None and faults when it is broken.

    head    space, word order and byte order of the map
    fields  the map's rows by quantity
    """
    row.refuse_unknown(KEYS)
    if not row.require("command", "at"):
        return None
    space = row.word("space", SPACES, head[0] if head[0] in SPACES else "holding")
    read_back = row.text("read_back")
    if read_back and read_back not in fields:
        row.fault("read_back", f"{read_back!r} is no row of this map", nearest(read_back, fields))
    quantity = _quantity(row, read_back)
    type_name = _type(row, space)
    at = row.integer("at", 0, 0xFFFF)
    if quantity is None or not type_name or at is None:
        return None
    scale = row.ratio("scale")
    if scale[0] <= 0:
        row.fault("scale", "is not above 0")
        return None
    words = TYPES[type_name].words if type_name in TYPES else 1
    least_n, most_n = _range(row, quantity, type_name, scale)
    return CommandRow(
        name=row.text("command"),
        quantity=quantity.id,
        function=_FUNCTIONS[space, row.flag("multiple", words > 1)],
        at=at,
        type=type_name,
        scale=scale,
        values=_values(row, quantity, type_name, fields.get(read_back)),
        least_n=least_n,
        most_n=most_n,
        read_back=read_back,
        pulse=row.flag("pulse", False),
        refresh_s=row.integer("refresh_s", 0, 86_400, 0) or 0,
        word_order=head[1],
        byte_order=head[2],
    )


def _quantity(row: Table, read_back: str) -> Quantity | None:
    id = row.text("quantity", read_back)
    if not id:
        row.fault("quantity", "is missing", "what is told, unless read_back is of the same kind")
    elif id not in QUANTITIES:
        row.fault("quantity", f"{id!r} is no quantity", nearest(id, QUANTITIES))
    elif QUANTITIES[id].kind == "text":
        row.fault("quantity", f"{id} is a text and cannot be told")
    elif read_back in QUANTITIES and (QUANTITIES[id].unit, QUANTITIES[id].states) != (
        QUANTITIES[read_back].unit, QUANTITIES[read_back].states,
    ):  # fmt: skip
        row.fault("read_back", f"{read_back} does not show what {id} tells")
    else:
        return QUANTITIES[id]
    return None


def _type(row: Table, space: str) -> str:
    if space in BIT_SPACES:
        return row.word("type", (BIT,), BIT)
    return row.word("type", TYPES) if row.require("type") else ""


def _values(row: Table, quantity: Quantity, type_name: str, shown: Field | None) -> tuple[tuple[int, int], ...]:
    """Of a state: those named in ``values``, else all as the row that is read back shows them."""
    if quantity.kind != "state" or not quantity.states:
        if "values" in row:
            row.fault("values", f"{quantity.id} has no named states")
        return ()
    usual = {count: raw for raw, count in shown.enum} if shown is not None else {}
    if "values" not in row:
        return tuple((count, usual.get(count, count)) for count in range(len(quantity.states)))
    pairs = []
    largest = TYPES[type_name].largest if type_name in TYPES else 1
    for state, raw in row.table("values").rows.items():
        if state not in quantity.states:
            row.fault(f"values.{state}", f"is no state of {quantity.id}", nearest(state, quantity.states))
        elif type(raw) is not int or not 0 <= raw <= largest:
            row.fault(f"values.{state}", f"{raw!r} does not fit {type_name}")
        else:
            pairs.append((quantity.states.index(state), raw))
    return tuple(pairs)


def _range(row: Table, quantity: Quantity, type_name: str, scale: Ratio) -> tuple[int, int]:
    """Counts of the least and the most that a number may be, both of which the register can hold."""
    if quantity.states:
        for key in ("least", "most", "scale"):
            if key in row:
                row.fault(key, f"{quantity.id} has states and no range")
        return 0, 0
    if type_name == BIT or not row.require("least", "most"):
        return 0, 0
    least, most = (Fraction(*row.ratio(key, (0, 1))) for key in ("least", "most"))
    kind = TYPES[type_name]
    floor = -kind.largest - 1 if kind.signed else 0
    if least > most:
        row.fault("most", "is below the least")
    elif math.ceil(most / Fraction(*scale)) > kind.largest or math.floor(least / Fraction(*scale)) < floor:
        row.fault("most", f"does not fit {type_name}")
    return to_n(quantity.id, least), to_n(quantity.id, most)


def check_commands(commands: Sequence[tuple[CommandRow, Table]]) -> None:
    """No two of one name."""
    first: set[str] = set()
    for command, row in commands:
        if command.name in first:
            row.fault("command", f"{command.name!r} stands here already")
        first.add(command.name)
