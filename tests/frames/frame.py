"""Answers of real or imagined devices with what they mean, one file per device map."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from runtime.core.decode.compiled import CompiledMap, DeviceSettings
from runtime.core.quantity.catalogue import to_n

FOLDER = Path(__file__).parent
BIT_FUNCTIONS = (1, 2)
ORIGINS = ("device", "document", "synthetic")


@dataclass(frozen=True)
class Frame:
    """``registers`` by (function, address), a byte for a bit; ``expected`` in units, a text, or "none" for no value."""

    origin: str
    registers: dict[tuple[int, int], bytes]
    expected: dict[str, Any]
    parameters: dict[str, Any]

    def payload(self, function: int, at: int, words: int) -> bytes:
        """An answer to any request: what was noted, zeros between."""
        if function in BIT_FUNCTIONS:
            bits = (self.registers.get((function, at + bit), b"\0") == b"\1" for bit in range(words))
            number = sum(bit << position for position, bit in enumerate(bits))
            return number.to_bytes((words + 7) // 8, "little")
        return b"".join(self.registers.get((function, at + word), b"\0\0") for word in range(words))

    def covers(self, function: int, at: int, words: int) -> bool:
        return all((function, at + word) in self.registers for word in range(words))

    def expected_n(self) -> dict[str, int | str | None]:
        return {id: self._count(id, value) for id, value in self.expected.items()}

    def _count(self, id: str, value: Any) -> int | str | None:
        if isinstance(value, str):
            return None if value == "none" else value
        return to_n(id, value)


def read_frame(id: str) -> Frame:
    table = tomllib.loads((FOLDER / f"{id}.toml").read_text(encoding="utf-8"), parse_float=Decimal)
    registers = {}
    for reply in table["replies"]:
        for number, bit in enumerate(reply.get("bits", "")):
            registers[reply["function"], reply["at"] + number] = bytes((int(bit),))
        payload = bytes.fromhex(reply.get("hex", ""))
        for word in range(len(payload) // 2):
            registers[reply["function"], reply["at"] + word] = payload[2 * word : 2 * word + 2]
    return Frame(table["origin"], registers, table["expect"], table.get("parameters", {}))


def decode(compiled: CompiledMap, frame: Frame, settings: DeviceSettings | None = None) -> dict[str, int | str | None]:
    """The values of a device that answers like the frame: parameters first, as a gateway reads them."""
    settings = settings or DeviceSettings()
    values = compiled.blank()
    order = sorted(range(len(compiled.blocks)), key=lambda block: compiled.blocks[block].kind != "parameter")
    for block in order:
        asked = compiled.blocks[block]
        compiled.apply(block, frame.payload(asked.function, asked.at, asked.words), values, settings)
    compiled.derive(values)
    return dict(zip(compiled.quantities, values, strict=True))
