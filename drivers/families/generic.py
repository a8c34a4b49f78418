"""The generic Modbus meter of the manuals: one register of positive active energy, told by the device's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType

from drivers.families.register import register
from runtime.core.map.devicemap import DeviceMap, parse_map
from runtime.core.text.tomltable import Table, ratio
from runtime.errors import ConfigError, Fault

ID = "generic-modbus-meter"
_SPACES = {3: "holding", 4: "input"}
_TYPES = {1: "u16", 2: "u32", 4: "u64"}
_UNITS = {"Wh": 1, "kWh": 1000}


def generic_map(parameters: Mapping[str, str | int | float], file: str = "parameters") -> DeviceMap:
    """The map of one generic meter.

    parameters  function 3 or 4; register, hexadecimal when a text ("0x0048" or "48"); words 1, 2 or 4, unsigned, most
                significant first; factor, a count times it gives the energy; unit of that energy, Wh (default) or kWh;
                digits after which it begins again at 0 (default: as wide as its words)
    file        where the parameters stand, for messages
    raises      ConfigError with every fault
    """
    faults: list[Fault] = []
    table = Table(parameters, "", file, faults)
    table.refuse_unknown(("function", "register", "words", "factor", "unit", "digits"))
    table.require("function", "register", "words", "factor")
    function = _choice(table, "function", _SPACES)
    words = _choice(table, "words", _TYPES)
    at = register(table)
    unit = table.word("unit", _UNITS, "Wh")
    digits = table.integer("digits", 1, 18)
    factor = ratio(parameters.get("factor", 1))
    if factor is None or factor[0] <= 0:
        table.fault("factor", f"{parameters['factor']!r} is not a number above 0", "1, 0.01 or 1000")
    if faults or factor is None:
        raise ConfigError(faults)
    row = {
        "quantity": "active_energy_import_wh",
        "at": at,
        "type": _TYPES[words],
        "scale": str(Fraction(*factor) * _UNITS[unit]),
        **({"digits": digits} if digits else {}),
    }
    try:
        return parse_map({**_HEAD, "space": _SPACES[function], "field": [row]}, file=file)
    except ConfigError as error:  # all else was checked: only the factor can be out of proportion
        raise ConfigError([replace(fault, key="factor") for fault in error.faults]) from None


def _choice(table: Table, key: str, choices: Mapping[int, str]) -> int:
    value = table.rows.get(key)
    number = int(value) if isinstance(value, str) and value.isdecimal() and value.isascii() else value
    if key in table and (isinstance(number, bool) or number not in choices):
        table.fault(key, f"{value!r} is not one of {', '.join(map(str, choices))}")
    return number if isinstance(number, int) and number in choices else next(iter(choices))


_HEAD = {
    "id": ID,
    "title": "Generic Modbus meter",
    "models": ["Generic Modbus meter"],
    "source": "Legrand Energy Web Server user manual, 7.16.1.3; the register is that of the installer's own document",
    "agreement": "one source: what the installer has at hand",
    "trust": "field",
}
EXAMPLE: Mapping[str, str | int] = MappingProxyType({"function": 3, "register": "0000", "words": 2, "factor": 1})
