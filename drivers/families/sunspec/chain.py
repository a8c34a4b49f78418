"""Where a SunSpec device has its models: a mark, then one model after the other, each with its ID and length."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from drivers.families.sunspec.models import INVERTERS, KINDS, OF_MAKER
from drivers.families.sunspec.parts import HEAD, MOST_INPUTS, PARTS, STRIDE
from drivers.line import Line
from runtime.core.modbus.request import Request
from runtime.errors import Refused

BASES = (40000, 50000, 0)
MARK = b"SunS"
END = 0xFFFF
MOST = 64  # models of one device; a chain that goes on is none
TIMEOUT_S = 2.0
COMMON, MAKER_AT, MAKER_WORDS = 1, 2, 16  # the model that names the maker, and where in it
BATTERY_OF_FRONIUS = {"charging": 3, "discharging": 4}  # inputs of a GEN24 with a battery
Read = Callable[[int, int], bytes | None]  # first register, registers -> as they came, None when refused
Parameters = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Model:
    """``at`` is the register of its ID; ``length`` counts the registers after ID and length."""

    id: int
    at: int
    length: int

    @property
    def map_id(self) -> str:
        """The map that reads it, "" when none does by itself."""
        return KINDS.get(self.id, "")


@dataclass(frozen=True, slots=True)
class Chain:
    """``maker`` as the device tells it, "" when it does not."""

    maker: str
    models: tuple[Model, ...]

    def devices(self) -> Iterator[tuple[str, Parameters]]:
        """Each meter and inverter: the map that reads it and its parameters as an installation wants them."""
        own = next((maps for maker, maps in OF_MAKER.items() if self.maker.startswith(maker)), {})
        for model in self.models:
            if model.map_id:
                map_id = own.get(model.map_id, model.map_id)
                yield map_id, {"register": f"{model.at:04X}", **(self._parts() if map_id in INVERTERS else {})}

    def _parts(self) -> Parameters:
        found: Parameters = {}
        for key, id in PARTS.items():
            model = next((each for each in self.models if each.id == id), None)
            if model is not None:
                found[key] = f"{model.at:04X}"
                found |= self._inputs(model) if key == "mppt" else {}
        return found

    def _inputs(self, model: Model) -> Parameters:
        count = min(MOST_INPUTS, max(1, (model.length - HEAD) // STRIDE))
        has_battery = self.maker.startswith("Fronius") and count == BATTERY_OF_FRONIUS["discharging"]
        return {"inputs": count, **(BATTERY_OF_FRONIUS if has_battery else {})}


def discover(line: Line, unit: int) -> Chain:
    """What a device tells of itself; no models when it is none of SunSpec. Raises DriverError when out of reach."""

    def read(at: int, count: int) -> bytes | None:
        if not line.is_open:
            line.open()
        try:
            return line.transact(Request(unit, 3, at, count), TIMEOUT_S)
        except Refused:
            return None

    models = models_of(read)
    return Chain(_maker(read, models), models)


def models_of(read: Read) -> tuple[Model, ...]:
    for base in BASES:
        if read(base, 2) == MARK:
            return tuple(_chain(read, base + 2))
    return ()


def _maker(read: Read, models: Sequence[Model]) -> str:
    common = next((model for model in models if model.id == COMMON), None)
    text = read(common.at + MAKER_AT, MAKER_WORDS) if common else None
    return text.split(b"\0")[0].decode("ascii", "replace").strip() if text else ""


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
