"""The decoder of a device that sends frames by itself: a function a kind of frame, and the quantities it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from runtime.core.decode.decoder import Located
from runtime.core.decode.samplelayout import build_layout
from runtime.core.map.commandrow import CommandRow
from runtime.core.map.normalise import DeviceSettings, changes_sign, opposite
from runtime.core.map.scalar import Values
from runtime.core.map.statistic import usual_record
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.sample.sampling import SampleLayout
from runtime.core.site.installation import DeviceSpec
from runtime.core.source.query import Expected, Query

ReadFrame = Callable[[bytes, DeviceSettings], Sequence[int | str | None]]
_UNREADABLE = (ValueError, LookupError, ArithmeticError, TypeError)


@dataclass(frozen=True, slots=True)
class FrameKind:
    """One kind of frame of a device.

    name        as its feed calls it, "" where a device's frames are all alike
    quantities  what it tells
    read        from payload and settings to a count of each quantity's step in that order, None = no value; whatever
                it raises makes all of them missing
    period_s    how often such a frame comes at the least; 0.0 = silence says nothing
    kind        "live", "energy" or "slow"
    """

    name: str
    quantities: tuple[str, ...]
    read: ReadFrame
    period_s: float
    kind: str = "live"


class FrameReads:
    """The ``Reads`` of a device that is heard: its kinds of frames, which never divide."""

    def __init__(self, decoder: FrameDecoder) -> None:
        self._decoder = decoder
        self.active = list(range(len(decoder.blocks)))

    def block_of(self, number: int) -> int:
        return number

    def is_part(self, number: int) -> bool:
        return False

    def request(self, number: int, unit: int) -> Expected:
        return self._decoder.request(number, unit)

    def split(self, number: int) -> tuple[()]:
        return ()

    def assemble(self, number: int, payload: bytes) -> bytes:
        return payload

    def unknown(self, number: int) -> set[int]:
        return set()

    def forget(self, number: int) -> None:
        """Nothing is refused by who is not asked."""


@dataclass(frozen=True)
class FrameDecoder:
    """The ``Decoder`` of frames. Each quantity comes in one kind of frame only; ValueError otherwise.

    recorded  (quantity, statistic) of the columns to keep beside energy; () = what is usual
    """

    id: str
    protocol: str
    trust: str
    blocks: tuple[FrameKind, ...]
    recorded: tuple[tuple[str, str], ...] = ()
    parameters: tuple[int, ...] = ()
    derived: tuple[tuple[int, tuple[int, ...]], ...] = ()
    commands: Mapping[str, CommandRow] = field(default_factory=dict)
    interface_stride: int = 0
    quantities: tuple[str, ...] = field(init=False)
    counters: tuple[int, ...] = field(init=False)
    _slots: tuple[tuple[tuple[int, ...], ...], ...] = field(init=False, repr=False)  # fed from above, from below
    _shapes: tuple[SampleLayout, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        quantities = tuple(quantity for frame in self.blocks for quantity in frame.quantities)
        if len(set(quantities)) < len(quantities) or not set(quantities) <= QUANTITIES.keys():
            raise ValueError(f"{self.id}: each quantity is one of docs/quantities.md and comes in one kind of frame")
        above, below, first = [], [], 0
        for frame in self.blocks:
            own = tuple(range(first, first + len(frame.quantities)))
            first += len(own)
            above.append(own)
            below.append(tuple(_turned(slot, quantities) for slot in own))
        usual = tuple((quantity, statistic) for quantity in quantities if (statistic := usual_record(quantity)))
        counters = tuple(slot for slot, quantity in enumerate(quantities) if QUANTITIES[quantity].kind == "counter")
        made = {
            "quantities": quantities,
            "counters": counters,
            "recorded": self.recorded or usual,
            "_slots": (tuple(above), tuple(below)),
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)
        shapes = tuple(build_layout(quantities, self.recorded, counters, (), slots, {}) for slots in self._slots)
        object.__setattr__(self, "_shapes", shapes)

    def address_of(self, device: DeviceSpec) -> int:
        return device.unit

    def request(self, block: int, unit: int) -> Expected:
        frame = self.blocks[block]
        return Expected(unit, frame.name, frame.period_s)

    def reads(self, slots: Sequence[Sequence[int]]) -> FrameReads:
        return FrameReads(self)

    def blank(self) -> Values:
        return [None] * len(self.quantities)

    def indexes(self, block: int, settings: DeviceSettings) -> tuple[int, ...]:
        return self._slots[settings.supply == "downstream"][block]

    def shape(self, settings: DeviceSettings) -> SampleLayout:
        return self._shapes[settings.supply == "downstream"]

    def apply(self, block: int, payload: bytes, values: Values, settings: DeviceSettings) -> None:
        frame, slots = self.blocks[block], self.indexes(block, settings)
        try:
            counts: Sequence[int | str | None] = frame.read(payload, settings)
        except _UNREADABLE:
            counts = ()
        if len(counts) != len(slots):
            counts = [None] * len(slots)
        turned = settings.reverses_power
        for slot, count, quantity in zip(slots, counts, frame.quantities, strict=True):
            values[slot] = -count if turned and isinstance(count, int) and changes_sign(quantity) else count

    def derive(self, values: Values) -> None:
        """What a frame does not tell its function works out."""

    def counter_positions(self, settings: DeviceSettings) -> tuple[()]:
        return ()  # what is only heard cannot be set

    def locate(self, query: Query, payload: bytes, settings: DeviceSettings) -> Located | None:
        for number, frame in enumerate(self.blocks):
            if isinstance(query, Expected) and query.name == frame.name:
                return number, payload, self.indexes(number, settings)
        return None


def _turned(slot: int, quantities: Sequence[str]) -> int:
    """Where a value goes when the device is fed from below: imported energy is exported then."""
    other = opposite(quantities[slot])
    return quantities.index(other) if other in quantities else slot
