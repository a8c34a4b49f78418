"""A counter that is set to another index in the device: which counters show that register, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from runtime.core.decode.compiled import CompiledMap
from runtime.core.decode.decoder import settings_of
from runtime.core.device.livedevice import LiveDevice
from runtime.core.map.normalise import DeviceSettings
from runtime.core.modbus.request import Request
from runtime.core.source.query import Query


@dataclass(frozen=True, slots=True)
class Preset:
    """One counter goes on from another index: the last and the first one, in steps of its quantity."""

    device: LiveDevice
    quantity: str
    closing_n: int
    opening_n: int


@dataclass(frozen=True, slots=True)
class _CounterAddress:
    """Where a value stands: its block and where that lies, its slot, and its registers."""

    block: int
    block_at: int
    block_words: int
    slot: int
    function: int
    first: int
    end: int

    @property
    def registers(self) -> tuple[int, int, int]:
        return self.function, self.first, self.end


def register_of(
    device: LiveDevice, quantity: str, reads: Sequence[Query], payloads: Sequence[bytes | None]
) -> bytes | None:
    """What stands in the registers of a quantity, from the answers to reads; None when none of them has it."""
    places = [place for place in _counter_addresses(device) if device.compiled.quantities[place.slot] == quantity]
    for place in places:
        for request, payload in zip(reads, payloads, strict=False):
            if not isinstance(request, Request):
                continue
            at = 2 * (place.first - request.at)
            words = place.end - place.first
            if payload is not None and request.function == place.function and 0 <= at <= len(payload) - 2 * words:
                return payload[at : at + 2 * words]
    return None


def count_in(device: LiveDevice, quantity: str, register: bytes) -> int | None:
    """The count that the registers of a quantity stand for."""
    found = next(place for place in _counter_addresses(device) if device.compiled.quantities[place.slot] == quantity)
    return _decode(device, found, register)


def presets(
    devices: Iterable[LiveDevice], told: LiveDevice, quantity: str, told_n: int, before: bytes, after: bytes
) -> Iterator[Preset]:
    """Every counter that is read from the registers of ``quantity`` of the device ``told``: its own and the meters'.

    told_n         the index that was told; what was counted between the write and ``after`` goes on from there
    before, after  the registers just before the write and just after it
    """
    own = next(place for place in _counter_addresses(told) if told.compiled.quantities[place.slot] == quantity)
    read_n = _decode(told, own, after)
    for device in devices:
        for place in _counter_addresses(device) if device.unit == told.unit else ():
            closing_n, shown_n = (
                _decode(device, place, register) if place.registers == own.registers else None
                for register in (before, after)
            )
            if closing_n is not None and shown_n is not None:
                opening_n = shown_n * told_n // read_n if read_n else 0
                yield Preset(device, device.compiled.quantities[place.slot], closing_n, opening_n)


def _counter_addresses(device: LiveDevice) -> Iterator[_CounterAddress]:
    """Of the counters that a device reads; only registers can be preset."""
    compiled, settings = device.compiled, _settings(device)
    if not isinstance(compiled, CompiledMap):
        return
    for number, block in enumerate(compiled.blocks):
        for slot, (first, end) in zip(compiled.indexes(number, settings), compiled.spans(number), strict=True):
            if slot in compiled.counters:
                yield _CounterAddress(number, block.at, block.words, slot, block.function, first, end)


def _decode(device: LiveDevice, place: _CounterAddress, register: bytes) -> int | None:
    compiled = device.compiled
    at = 2 * (place.first - place.block_at)
    payload = bytes(at) + register + bytes(2 * place.block_words - at - len(register))
    values = compiled.blank()
    compiled.apply(place.block, payload, values, _settings(device))
    value = values[place.slot]
    return value if isinstance(value, int) else None


def _settings(device: LiveDevice) -> DeviceSettings:
    return settings_of(device.spec)
