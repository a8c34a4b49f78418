"""The maps of SunSpec meters: a table of offsets, moved to where the device has the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from drivers.families.catalogue import load_maps
from drivers.families.register import register
from runtime.core.map.devicemap import DeviceMap, Field, Probe
from runtime.core.map.family import Family
from runtime.core.text.tomltable import Table
from runtime.errors import ConfigError, Fault

FOLDER = Path(__file__).parent
USUAL = 40070  # after the mark at 40000 and the common model of 66 registers
KINDS: Mapping[int, str] = MappingProxyType(
    {**dict.fromkeys(range(201, 205), "sunspec-20x"), **dict.fromkeys(range(211, 215), "sunspec-21x")}
)


def family() -> Family:
    tables = load_maps(FOLDER)
    makers = {id: partial(map_device, table) for id, table in tables.items()}
    return Family("sunspec", "SunSpec meters", tuple(make({}) for make in makers.values()), makers)


def map_device(table: DeviceMap, parameters: Mapping[str, str | int | float], file: str = "parameters") -> DeviceMap:
    """The map of one device.

    table       its addresses count from the model's ID
    parameters  register of the model's ID, hexadecimal when a text; 40070 when left out
    raises      ConfigError with every fault
    """
    faults: list[Fault] = []
    told = Table(parameters, "", file, faults)
    told.refuse_unknown(("register",))
    at = register(told, USUAL)
    if at + max(end for _, end in (field.span for field in table.fields)) > 0x10000:
        told.fault("register", f"{at:#06x} leaves no room for the model", "the register of its ID")
    if faults:
        raise ConfigError(faults)
    return replace(
        table,
        fields=tuple(_shift(field, at) for field in table.fields),
        identify=tuple(_moved_probe(probe, at) for probe in table.identify),
    )


def _shift(field: Field, by: int) -> Field:
    return replace(field, at=field.at + by, scale_at=None if field.scale_at is None else field.scale_at + by)


def _moved_probe(probe: Probe, by: int) -> Probe:
    return replace(probe, at=probe.at + by)
