"""The catalogue: what stands on the label of a device, and what that device is, does and asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

from runtime.core.text.tomltable import Table
from runtime.errors import ConfigError, Fault

FUNCTIONS = ("measure", "state", "command", "link")
PARAMETERS = (
    "unit", "position", "side", "phase", "supply", "interface", "concentrator", "weight", "weight_unit", "function",
    "register", "words", "factor", "remote_id",
)  # fmt: skip
LINKED, LINKED_UNIT = "wsmeasure", 247  # the family of what another server counts; its address is fixed
LAST_UNIT = 255  # on a serial bus fewer: installationrules
# The families as the manuals divide them, in their order; titles are msgids.
FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "multifunction": "Multifunction measuring devices",
        "counter": "Energy counters RS485",
        "pulse": "Energy counters with pulse output",
        "concentrator": "Pulse concentrators",
        "ems-measure": "EMS measuring devices",
        "ems-control": "EMS state and control modules",
        "rcd": "RCD add-on modules",
        "breaker": "Moulded-case circuit breakers",
        "air-breaker": "Air circuit breakers",
        "gas": "Gas counters",
        "water": "Water counters",
        "supervision": "RS485 power supervision system",
        "station": "Charging stations, new range",
        "station-old": "Charging stations, old range",
        "wsmeasure": "Other servers (WSMEASURE)",
        "other": "Other devices",
    }
)


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One catalogue number of one range.

    number       as printed, "4 120 53" or "F80BMM63"
    family       one of ``FAMILIES``
    functions    among ``FUNCTIONS``
    phases       1 or 3, 0 = it can be set or does not matter
    connection   "direct", "ct", "rogowski", "pulse", "bus", "" …
    parameters   of ``PARAMETERS``, what an installer has to tell beside the name
    map          id of its device map
    range        the makers' name of the range ("EMDX3"), and brand "Legrand" or "BTicino"
    fluid        "electricity", "gas", "water", "" = the installer says
    most         greatest position, where one is asked for
    inputs       pulse inputs to which other meters can be wired
    via          catalogue number of the module that it needs to communicate, "" = none
    rated_a      the current that it can measure, in A; 0 = that of its transformers, or not known
    shares       functions that it takes at an address which devices of other functions may share (EMS)
    """

    number: str
    family: str
    designation: str
    functions: tuple[str, ...]
    map: str
    brand: str = "Legrand"
    range: str = ""
    phases: int = 0
    connection: str = ""
    parameters: tuple[str, ...] = ("unit",)
    fluid: str = "electricity"
    most: int = 0
    supply_required: bool = False  # the installer must pick upstream or downstream
    inputs: int = 0
    via: str = ""
    shares: tuple[str, ...] = ()
    rated_a: int = 0


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that an installer is asked for.

    choices  the words among which one is picked; () for a number or a text
    default  what a form begins with, "" = nothing
    """

    name: str
    required: bool = True
    least: int = 0
    most: int = 0
    choices: tuple[str, ...] = ()
    default: str = ""


Entries = Mapping[str, CatalogueEntry]  # by number
_SIMPLE = MappingProxyType(
    {
        "unit": Parameter("unit", most=LAST_UNIT),
        "side": Parameter("side", choices=("left", "right")),
        "phase": Parameter("phase", least=1, most=3),
        "interface": Parameter("interface", required=False, least=1, most=32),
        "weight": Parameter("weight", default="1"),
        "function": Parameter("function", choices=("3", "4"), default="3"),
        "register": Parameter("register"),
        "words": Parameter("words", choices=("1", "2", "4"), default="2"),
        "factor": Parameter("factor", default="1"),
        "remote_id": Parameter("remote_id", default="29999"),
    }
)
WEIGHT_UNITS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"electricity": ("Wh", "kWh"), "gas": ("dm3", "m3"), "water": ("dm3", "m3")}
)


def parameters_of(entry: CatalogueEntry, entries: Entries) -> tuple[Parameter, ...]:
    """What an installer is asked for, in the order of a form. ``entries`` is the whole catalogue."""
    return tuple(_parameter(name, entry, entries) for name in entry.parameters)


def _parameter(name: str, entry: CatalogueEntry, entries: Entries) -> Parameter:
    if name == "unit" and entry.family == LINKED:
        return Parameter("unit", least=LINKED_UNIT, most=LINKED_UNIT, default=str(LINKED_UNIT))
    if name == "position":
        return Parameter("position", least=1, most=entry.most)
    if name == "concentrator":
        return Parameter("concentrator", choices=concentrators(entries))
    if name == "supply":
        return Parameter("supply", entry.supply_required, choices=("upstream", "downstream"), default="upstream")
    if name == "weight_unit":
        units = WEIGHT_UNITS[entry.fluid]
        return Parameter("weight_unit", choices=units, default=units[0])
    return _SIMPLE[name]


def concentrators(entries: Entries) -> tuple[str, ...]:
    """The numbers of what other meters' pulses can be wired to."""
    return tuple(number for number, entry in entries.items() if entry.inputs)


_KEYS = (
    "numbers", "bticino", "family", "designation", "functions", "map", "range", "bticino_range", "phases", "connection",
    "parameters", "fluid", "most", "supply_required", "inputs", "via", "bticino_via", "shares", "rated_a",
)  # fmt: skip
_KINDS: Mapping[str, type] = MappingProxyType(
    {
        "phases": int,
        "most": int,
        "inputs": int,
        "rated_a": int,
        "supply_required": bool,
        "functions": list,
        "parameters": list,
    }
    | {"shares": list}
)


def read_entries(table: Mapping[str, Any], file: str) -> tuple[CatalogueEntry, ...]:
    """The entries of a TOML table: rows of ``entry``, each with the numbers of both brands for one kind of device.

    raises  ConfigError
    """
    faults: list[Fault] = []
    head = Table(table, "", file, faults)
    head.refuse_unknown(("entry",))
    found = [entry for row in head.tables("entry") for entry in _read(row)]
    if faults:
        raise ConfigError(faults)
    return tuple(found)


def _read(row: Table) -> Iterator[CatalogueEntry]:
    row.refuse_unknown(_KEYS)
    if not row.require("family", "designation", "functions", "map"):
        return
    row.word("family", FAMILIES)
    for key, known in (("functions", FUNCTIONS), ("parameters", PARAMETERS), ("shares", FUNCTIONS)):
        for word in row.listed(key, str):
            if word not in known:
                row.fault(key, f"{word!r} is not known here")
    for key, value in row.rows.items():
        if type(value) is not _KINDS.get(key, list if key in ("numbers", "bticino") else str):
            row.fault(key, f"{value!r} is not as expected here")
            return
    names = {each.name for each in fields(CatalogueEntry)}
    told = {key: tuple(value) if isinstance(value, list) else value for key, value in row.rows.items() if key in names}
    numbers = {"Legrand": row.listed("numbers", str), "BTicino": row.listed("bticino", str)}
    for brand, listed in numbers.items():
        own = {"range": "bticino_range", "via": "bticino_via"} if brand == "BTicino" else {}
        replaced = {name: row.rows[key] for name, key in own.items() if key in row.rows}
        for number in listed:
            yield CatalogueEntry(**{**told, **replaced, "number": number, "brand": brand})


def by_number(listed: Sequence[CatalogueEntry]) -> dict[str, CatalogueEntry]:
    """Raises ConfigError when a number stands twice."""
    found: dict[str, CatalogueEntry] = {}
    for entry in listed:
        if entry.number in found:
            raise ConfigError([Fault("catalogue", entry.number, "stands twice")])
        found[entry.number] = entry
    return found
