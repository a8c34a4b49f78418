"""A counter that is set to another index in the device: which counters show that index, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from runtime.core.decode.decoder import CounterPosition, settings_of
from runtime.core.device.livedevice import LiveDevice
from runtime.core.source.query import Query


@dataclass(frozen=True, slots=True)
class Preset:
    """One counter goes on from another index: the last and the first one, in steps of its quantity."""

    device: LiveDevice
    quantity: str
    closing_n: int
    opening_n: int


def register_of(
    device: LiveDevice, quantity: str, reads: Sequence[Query], payloads: Sequence[bytes | None]
) -> bytes | None:
    """What stands in the registers of a quantity, from the answers to reads; None when none of them has it."""
    for position in _positions_of(device, quantity):
        for query, payload in zip(reads, payloads, strict=False):
            piece = None if payload is None else position.cut(query, payload)
            if piece is not None:
                return piece
    return None


def count_in(device: LiveDevice, quantity: str, register: bytes) -> int | None:
    """The count that the registers of a quantity stand for."""
    return _count(device, next(_positions_of(device, quantity)), register)


def presets(
    devices: Iterable[LiveDevice], told: LiveDevice, quantity: str, told_n: int, before: bytes, after: bytes
) -> Iterator[Preset]:
    """Every counter that is read from the registers of ``quantity`` of the device ``told``: its own and the meters'.

    told_n         the index that was told; what was counted between the write and ``after`` goes on from there
    before, after  the registers just before the write and just after it
    """
    own = next(_positions_of(told, quantity))
    read_n = _count(told, own, after)
    for device in devices:
        for position in _positions(device) if device.unit == told.unit else ():
            if position.key != own.key:
                continue
            closing_n, shown_n = (_count(device, position, register) for register in (before, after))
            if closing_n is not None and shown_n is not None:
                opening_n = shown_n * told_n // read_n if read_n else 0
                yield Preset(device, device.compiled.quantities[position.index], closing_n, opening_n)


def _positions(device: LiveDevice) -> Sequence[CounterPosition]:
    return device.compiled.counter_positions(settings_of(device.spec))


def _positions_of(device: LiveDevice, quantity: str) -> Iterator[CounterPosition]:
    quantities = device.compiled.quantities
    return (position for position in _positions(device) if quantities[position.index] == quantity)


def _count(device: LiveDevice, position: CounterPosition, register: bytes) -> int | None:
    values = device.compiled.blank()
    device.compiled.apply(position.block, position.pad(register), values, settings_of(device.spec))
    value = values[position.index]
    return value if isinstance(value, int) else None
