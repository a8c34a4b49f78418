"""A device map made ready: the requests to send and the decoding of their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from runtime.core.decode.decoder import Located
from runtime.core.decode.derive import Rule, derive, rules
from runtime.core.decode.group import build_group, group_key
from runtime.core.decode.partition import Partition
from runtime.core.decode.readplan import Stretch, plan
from runtime.core.decode.registerposition import RegisterPosition
from runtime.core.decode.samplelayout import build_layout
from runtime.core.map.commandrow import CommandRow
from runtime.core.map.counterfacts import facts_of
from runtime.core.map.devicemap import DeviceMap
from runtime.core.map.normalise import DeviceSettings, changes_sign, opposite
from runtime.core.map.scalar import Lane, Parameters, Values, swap_bytes
from runtime.core.map.statistic import usual_record
from runtime.core.modbus.registers import BIT_SPACES, Field
from runtime.core.modbus.request import MODBUS, READ_FUNCTIONS, Request
from runtime.core.modbus.unpacking import BlockLayout
from runtime.core.modbus.wireaddress import wire_unit
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.sample.sampling import SampleLayout
from runtime.core.site.installation import DeviceSpec
from runtime.core.source.query import Query

__all__ = ["Block", "CompiledMap", "DeviceSettings", "compile_map"]


@dataclass(frozen=True, slots=True)
class Block:
    """One read. ``kind``: "live", "energy", "slow" or "parameter"; ``words`` are bits for coils and discrete inputs."""

    function: int
    at: int
    words: int
    kind: str
    period_s: float = 0.0  # it is asked for


@dataclass(frozen=True, slots=True)
class _Program:
    """How one block is decoded. Slots that a feed from below touches stand in ``flips`` and ``moves``."""

    lanes: tuple[Lane, ...]
    swap: bool
    slots: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]  # of each slot: first address, the one after the last
    flips: tuple[int, ...]
    moves: tuple[tuple[int, int], ...]  # (own slot, slot of the other direction)

    @property
    def rescaled_indexes(self) -> tuple[int, ...]:
        """Where its values go when it is fed from below."""
        moved = dict(self.moves)
        return tuple(moved.get(slot, slot) for slot in self.slots) if moved else self.slots


@dataclass(frozen=True, slots=True)
class CompiledMap:
    """The ``Decoder`` of a device map."""

    id: str
    trust: str
    blocks: tuple[Block, ...]
    quantities: tuple[str, ...]
    recorded: tuple[tuple[str, str], ...]
    counters: tuple[int, ...]
    parameters: tuple[int, ...]
    derived: tuple[tuple[int, tuple[int, ...]], ...]
    _programs: tuple[_Program, ...] = field(repr=False)
    _rules: tuple[Rule, ...] = field(repr=False)
    _shapes: tuple[SampleLayout, SampleLayout] = field(repr=False)  # fed from above, fed from below
    commands: Mapping[str, CommandRow] = field(default_factory=dict)
    interface_stride: int = 0
    protocol: str = MODBUS

    def address_of(self, device: DeviceSpec) -> int:
        return wire_unit(device.unit, device.interface, self.interface_stride)

    def reads(self, slots: Sequence[Sequence[int]]) -> Partition:
        return Partition(self, slots)

    def blank(self) -> Values:
        """Values of a device that was never read."""
        return [None] * len(self.quantities)

    def request(self, block: int, unit: int) -> Request:
        asked = self.blocks[block]
        return Request(unit, asked.function, asked.at, asked.words)

    def indexes(self, block: int, settings: DeviceSettings) -> tuple[int, ...]:
        """The slots that ``apply`` writes for this block."""
        program = self._programs[block]
        return program.slots if settings.supply != "downstream" else program.rescaled_indexes

    def shape(self, settings: DeviceSettings) -> SampleLayout:
        """What is sampled, the same object for all devices."""
        return self._shapes[settings.supply == "downstream"]

    def spans(self, block: int) -> tuple[tuple[int, int], ...]:
        """Of each value that ``slots`` names: its first address and the one after its last."""
        return self._programs[block].spans

    def apply(self, block: int, payload: bytes, values: Values, settings: DeviceSettings) -> None:
        """Decode one answer into the slots of its block, in place.

        payload  the registers as they came, exactly as many as asked
        values   those of the device so far: bands take the parameters from there
        """
        program = self._programs[block]
        if program.swap:
            payload = swap_bytes(payload)
        if settings.supply == "downstream" or settings.power_sign != "normal":
            _apply_turned(program, payload, values, settings)
        else:
            for lane in program.lanes:
                lane(payload, values, settings)

    def derive(self, values: Values) -> None:
        """Write the derived slots from the others."""
        derive(self._rules, values)

    def counter_positions(self, settings: DeviceSettings) -> tuple[RegisterPosition, ...]:
        return tuple(
            RegisterPosition(index, number, block.at, block.words, block.function, first, end)
            for number, block in enumerate(self.blocks)
            for index, (first, end) in zip(self.indexes(number, settings), self.spans(number), strict=True)
            if index in self.counters
        )

    def locate(self, query: Query, payload: bytes, settings: DeviceSettings) -> Located | None:
        """A read of a part of a block has zeros beside what it brought; bits do not divide."""
        if not isinstance(query, Request):
            return None
        first, after = query.at, query.at + query.count
        for number, block in enumerate(self.blocks):
            whole = (block.at, block.words) == (first, query.count)
            within = block.at <= first and after <= block.at + block.words and block.function > 2
            if block.function == query.function and (whole or within):
                before, behind = bytes(2 * (first - block.at)), bytes(2 * (block.at + block.words - after))
                asked = zip(self.indexes(number, settings), self.spans(number), strict=True)
                slots = tuple(slot for slot, (low, high) in asked if first <= low and high <= after)
                return number, payload if whole else before + payload + behind, slots
        return None


def _apply_turned(program: _Program, payload: bytes, values: Values, settings: DeviceSettings) -> None:
    """The device is fed from below: what it calls import is export. That, or its own sign, turns its powers."""
    moves = program.moves if settings.supply == "downstream" else ()
    before = [values[own] for own, _ in moves]
    for lane in program.lanes:
        lane(payload, values, settings)
    read = [values[own] for own, _ in moves]
    for (own, _), value in zip(moves, before, strict=True):
        values[own] = value
    for (_, other), value in zip(moves, read, strict=True):
        values[other] = value
    for slot in program.flips if settings.reverses_power else ():
        value = values[slot]
        if isinstance(value, int):
            values[slot] = -value


def compile_map(device_map: DeviceMap, *, gap_words: int = 14) -> CompiledMap:
    """Plan the reads and prepare the decoding.

    gap_words  what one transaction costs beside its registers, in registers' time (14 at 19200 baud, 5 ms turn-around)
    """
    stretches = plan(device_map, gap_words)
    groups = [_decoder_groups(stretch) for stretch in stretches]
    ordered = [field for lanes in groups for lane in lanes for field in lane]
    quantities = tuple(field.quantity for field in ordered) + tuple(row.quantity for row in device_map.derived)
    slots = {quantity: slot for slot, quantity in enumerate(quantities)}
    named = {field.name: (slots[field.quantity], field.quantity) for field in ordered if field.role == "parameter"}
    made = rules(device_map.derived, slots)
    recorded = _columns(ordered, device_map)
    counters = tuple(slot for quantity, slot in slots.items() if QUANTITIES[quantity].kind == "counter")
    derived = tuple((slot, parts) for slot, parts, _ in made)
    programs = tuple(
        _program(stretch, lanes, slots, named, device_map) for stretch, lanes in zip(stretches, groups, strict=True)
    )
    fed = [program.slots for program in programs], [program.rescaled_indexes for program in programs]
    from_above, from_below = (
        build_layout(quantities, recorded, counters, derived, blocks, facts)
        for blocks, facts in zip(fed, facts_of(ordered, device_map.derived), strict=True)
    )
    return CompiledMap(
        id=device_map.id,
        trust=device_map.trust,
        blocks=tuple(Block(READ_FUNCTIONS[s.space], s.at, s.words, s.kind) for s in stretches),
        quantities=quantities,
        recorded=recorded,
        counters=counters,
        parameters=tuple(slot for slot, _ in named.values()),
        derived=derived,
        _programs=programs,
        _rules=made,
        _shapes=(from_above, from_below),
        commands=MappingProxyType({command.name: command for command in device_map.commands}),
        interface_stride=device_map.interface_stride,
    )


def _decoder_groups(stretch: Stretch) -> list[list[Field]]:
    """The fields of a block by lane, each in order of address."""
    lanes: dict[object, list[Field]] = {}
    for row in sorted(stretch.fields, key=lambda row: row.at):
        lanes.setdefault(group_key(row), []).append(row)
    return list(lanes.values())


def _program(
    stretch: Stretch, lanes: Sequence[list[Field]], slots: dict[str, int], named: Parameters, device_map: DeviceMap
) -> _Program:
    place = _layout(stretch, device_map)
    own = tuple(slots[row.quantity] for lane in lanes for row in lane)
    mirrored = [(row.quantity, opposite(row.quantity)) for row in stretch.fields]
    return _Program(
        lanes=tuple(build_group(lane, place, slots[lane[0].quantity], named) for lane in lanes),
        swap=place.swap,
        slots=own,
        spans=tuple(row.span for lane in lanes for row in lane),
        flips=tuple(slots[row.quantity] for row in stretch.fields if changes_sign(row.quantity)),
        moves=tuple((slots[one], slots[other]) for one, other in mirrored if other in slots),
    )


def _layout(stretch: Stretch, device_map: DeviceMap) -> BlockLayout:
    """Words of a value in the wrong order are bytes in the other order once each word is swapped."""
    if stretch.space in BIT_SPACES:
        return BlockLayout(stretch.at, stretch.words)
    swap = device_map.word_order != device_map.byte_order
    order = ">" if device_map.word_order == "big" else "<"
    return BlockLayout(stretch.at, stretch.words, order, swap, swap_text=swap != (device_map.byte_order == "little"))


def _columns(fields: Sequence[Field], device_map: DeviceMap) -> tuple[tuple[str, str], ...]:
    columns: list[tuple[str, str]] = []
    for row in fields:
        columns += [(row.quantity, row.record)] if row.record else []
        columns += [(row.quantity, "min"), (row.quantity, "max")] if row.record_minmax else []
    for derived in device_map.derived:
        statistic = usual_record(derived.quantity)
        columns += [(derived.quantity, statistic)] if statistic else []
    return tuple(dict.fromkeys(columns))
