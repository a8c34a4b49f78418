"""The maps of SunSpec meters and inverters: a table of offsets, moved to where the device has the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from drivers.families.catalogue import load_maps
from drivers.families.register import register
from drivers.families.sunspec.parts import INPUTS, PARTS, join_parts, shift, shift_probe
from runtime.core.map.devicemap import DeviceMap, Probe
from runtime.core.map.family import Family
from runtime.core.text.tomltable import Table
from runtime.errors import ConfigError, Fault

FOLDER = Path(__file__).parent
USUAL = 40070  # after the mark at 40000 and the common model of 66 registers
SHORT = 40069  # where the common model has 65
MAKER_AT, MAKER_WORDS = 40004, 16
KINDS: Mapping[int, str] = MappingProxyType(
    {
        **dict.fromkeys(range(101, 104), "sunspec-10x"),
        **dict.fromkeys(range(111, 114), "sunspec-11x"),
        **dict.fromkeys(range(201, 205), "sunspec-20x"),
        **dict.fromkeys(range(211, 215), "sunspec-21x"),
        701: "sunspec-701",
    }
)
INVERTERS = ("sunspec-10x", "sunspec-11x", "sunspec-701", "solaredge-inverter", "fronius-inverter")
# maker -> what is read instead of the plain map
OF_MAKER: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "SolarEdge": {"sunspec-10x": "solaredge-inverter", "sunspec-20x": "solaredge-meter"},
        "Fronius": {"sunspec-11x": "fronius-inverter", "sunspec-21x": "fronius-meter"},
    }
)
# the register of a map's model where nobody tells another; USUAL for those that are not named
_REGISTERS = MappingProxyType(
    {**dict.fromkeys((*INVERTERS, "fronius-meter"), SHORT), "sunspec-701": USUAL, "solaredge-meter": 40188}
)


def family() -> Family:
    tables = load_maps(FOLDER)
    parts = {model: tables.pop(f"sunspec-{model}") for model in PARTS.values()}
    tables = {id: replace(table, beside=tuple(tables)) for id, table in tables.items()}
    makers = {
        id: partial(map_inverter, table, parts) if id in INVERTERS else partial(map_device, table)
        for id, table in tables.items()
    }
    return Family("sunspec", "SunSpec meters and inverters", tuple(make({}) for make in makers.values()), makers)


def map_device(table: DeviceMap, parameters: Mapping[str, str | int | float], file: str = "parameters") -> DeviceMap:
    """The map of one device.

    table       its addresses count from the model's ID
    parameters  register of the model's ID, hexadecimal when a text; the usual one when left out
    raises      ConfigError with every fault
    """
    faults: list[Fault] = []
    told = Table(parameters, "", file, faults)
    told.refuse_unknown(("register",))
    moved = _moved(table, told)
    if faults:
        raise ConfigError(faults)
    return moved


def map_inverter(
    table: DeviceMap,
    parts: Mapping[int, DeviceMap],
    parameters: Mapping[str, str | int | float],
    file: str = "parameters",
) -> DeviceMap:
    """As ``map_device``; ``parameters`` also tells the registers of its parts, and the inputs that model 160 has."""
    faults: list[Fault] = []
    told = Table(parameters, "", file, faults)
    told.refuse_unknown(("register", *PARTS, *INPUTS))
    joined = join_parts(_moved(table, told), parts, told)
    _check_room(joined, told, *PARTS)
    if faults:
        raise ConfigError(faults)
    return joined


def _moved(table: DeviceMap, told: Table) -> DeviceMap:
    at = register(told, _REGISTERS.get(table.id, USUAL))
    maker = (Probe("holding", MAKER_AT, "text", MAKER_WORDS, (table.maker,)),) if table.maker in OF_MAKER else ()
    moved = replace(
        table,
        fields=tuple(shift(field, at) for field in table.fields),
        identify=(*(shift_probe(probe, at) for probe in table.identify), *maker),
    )
    _check_room(moved, told, "register")
    return moved


def _check_room(moved: DeviceMap, told: Table, *keys: str) -> None:
    if not told.faults and max(end for _, end in (field.span for field in moved.fields)) > 0x10000:
        key = max(keys, key=lambda key: register(told, key=key))
        told.fault(key, f"{told.rows.get(key)!r} leaves no room for the model", "the register of its ID")
