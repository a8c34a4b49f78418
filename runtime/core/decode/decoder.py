"""What gateways, samples and pages need of a kind of device, whatever protocol it speaks."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Protocol

from runtime.core.map.commandrow import CommandRow
from runtime.core.map.normalise import DeviceSettings
from runtime.core.map.scalar import Values
from runtime.core.sample.sampling import SampleLayout
from runtime.core.site.installation import DeviceSpec
from runtime.core.source.query import Query

Slots = Sequence[int]
Located = tuple[int, bytes, tuple[int, ...]]  # block, payload of the whole block, the slots that the answer brings


def settings_of(device: DeviceSpec) -> DeviceSettings:
    """What decoding takes of what an installation says of a device."""
    return DeviceSettings(device.supply, device.parameters, device.power_sign)


class Block(Protocol):
    """What comes in one answer or one frame.

    kind      "live", "energy", "slow" or "parameter"
    period_s  how often it comes by itself; 0.0 = it is asked for as often as its kind is read
    """

    @property
    def kind(self) -> str: ...
    @property
    def period_s(self) -> float: ...


class Part(Protocol):
    """A piece of a block that is read by itself."""

    @property
    def number(self) -> int: ...
    @property
    def indexes(self) -> tuple[int, ...]: ...


class Reads(Protocol):
    """What is read of one device: its blocks, or parts of those that it refuses as a whole. Numbers are for ever.

    active  numbers of the reads, those of whole blocks are the blocks' own
    """

    active: list[int]

    def block_of(self, number: int) -> int: ...
    def is_part(self, number: int) -> bool: ...
    def request(self, number: int, unit: int) -> Query: ...
    def split(self, number: int) -> Sequence[Part]: ...
    def assemble(self, number: int, payload: bytes) -> bytes: ...
    def unknown(self, number: int) -> set[int]: ...
    def forget(self, number: int) -> None: ...


class CounterPosition(Protocol):
    """Where the index of a counter stands that may be preset.

    index  of the device's values
    block  that brings it
    key    the same for all counters that show this very index, also those of other devices at the address
    """

    @property
    def index(self) -> int: ...
    @property
    def block(self) -> int: ...
    @property
    def key(self) -> Hashable: ...

    def cut(self, query: Query, payload: bytes) -> bytes | None:
        """The piece of an answer that is the index; None when it does not stand there."""

    def pad(self, piece: bytes) -> bytes:
        """The block's payload with nothing in it but this piece."""


class Decoder(Protocol):
    """One kind of device made ready, shared by all devices of it. A device's values are a list with one slot each.

    protocol    what it speaks; its gateway's scheme speaks the same
    quantities  one per slot, derived ones last
    recorded    (quantity, statistic) of the columns to keep beside energy
    counters    slots of what only climbs
    parameters  slots of parameters: when one changes, energy must not be booked over the change
    derived     (slot, slots of its parts)
    commands    what may be written, by name
    interface_stride  as in DeviceMap, 0 = no such thing
    """

    @property
    def id(self) -> str: ...
    @property
    def protocol(self) -> str: ...
    @property
    def trust(self) -> str: ...
    @property
    def blocks(self) -> Sequence[Block]: ...
    @property
    def quantities(self) -> tuple[str, ...]: ...
    @property
    def recorded(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def counters(self) -> tuple[int, ...]: ...
    @property
    def parameters(self) -> tuple[int, ...]: ...
    @property
    def derived(self) -> tuple[tuple[int, tuple[int, ...]], ...]: ...
    @property
    def commands(self) -> Mapping[str, CommandRow]: ...
    @property
    def interface_stride(self) -> int: ...

    def address_of(self, device: DeviceSpec) -> int:
        """Where it answers or speaks on the wire. Raises ValueError, for people, when there is no such address."""

    def request(self, block: int, unit: int) -> Query:
        """What brings this block of the device at an address: a question, or the frames to listen for."""

    def reads(self, slots: Sequence[Slots]) -> Reads:
        """The reads of one device; ``slots`` are those of each block."""

    def blank(self) -> Values:
        """Values of a device that was never read."""

    def indexes(self, block: int, settings: DeviceSettings) -> tuple[int, ...]:
        """The slots that ``apply`` writes for this block."""

    def shape(self, settings: DeviceSettings) -> SampleLayout:
        """What is sampled, the same object for all devices."""

    def apply(self, block: int, payload: bytes, values: Values, settings: DeviceSettings) -> None:
        """Decode one answer or frame into the slots of its block, in place."""

    def derive(self, values: Values) -> None:
        """Write the derived slots from the others."""

    def counter_positions(self, settings: DeviceSettings) -> Sequence[CounterPosition]:
        """Of the counters that may be preset in the device; () where none can."""

    def locate(self, query: Query, payload: bytes, settings: DeviceSettings) -> Located | None:
        """What an answer to ``query`` is here; None when nothing here is read so."""
