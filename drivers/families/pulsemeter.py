"""Meters of electricity, gas and water that are read through the pulse input of another device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import partial

from runtime.core.map.devicemap import DeviceMap
from runtime.core.map.family import Dependent
from runtime.core.map.labels import CatalogueEntry
from runtime.core.modbus.registers import Field
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.text.tomltable import Table, ratio
from runtime.errors import ConfigError, Fault

Parameters = Mapping[str, str | int | float]
_FLUIDS = {
    "pulse-electricity": ("active_energy_import_wh", "Electricity meter with pulse output", {"Wh": 1, "kWh": 1000}),
    "pulse-gas": ("gas_dm3", "Gas meter with pulse output", {"dm3": 1, "m3": 1000}),
    "pulse-water": ("water_dm3", "Water meter with pulse output", {"dm3": 1, "m3": 1000}),
}
_EXAMPLE: Parameters = {"concentrator": "0 046 87", "position": 1}


def dependents(entries: tuple[CatalogueEntry, ...]) -> dict[str, Dependent]:
    """By id of the kind; ``entries`` are those of what pulses can be wired to."""
    carriers = {entry.number: entry.map for entry in entries if entry.inputs}
    return {id: partial(pulse_map, id, carriers) for id in _FLUIDS}


def examples(carriers: Mapping[str, DeviceMap], made: Mapping[str, Dependent]) -> tuple[DeviceMap, ...]:
    return tuple(make(_EXAMPLE, carriers) for make in made.values())


def pulse_map(
    id: str,
    carriers: Mapping[str, str],
    parameters: Parameters,
    maps: Mapping[str, DeviceMap],
    file: str = "parameters",
) -> DeviceMap:
    """The map of one meter: the pulses of its input, each worth its weight.

    id          one of the kinds above
    carriers    catalogue number -> map id of what pulses can be wired to
    parameters  concentrator, its catalogue number or the id of its map; position, the input; weight of a pulse
                (default 1) in weight_unit: Wh (default) or kWh, dm3 (default) or m3
    raises      ConfigError with every fault
    """
    faults: list[Fault] = []
    told = Table(parameters, "", file, faults)
    told.refuse_unknown(("concentrator", "position", "weight", "weight_unit"))
    told.require("concentrator", "position")
    quantity, title, units = _FLUIDS[id]
    carrier = _carrier(told, carriers, maps)
    index = _index(told, carrier) if carrier is not None else None
    weight = ratio(parameters.get("weight", 1))
    if weight is None or not 0 < Fraction(*weight) <= 10**6:
        told.fault("weight", f"{parameters['weight']!r} is not a number above 0", "1, 0.1 or 1000")
        weight = (1, 1)
    each = Fraction(*weight) * units[told.word("weight_unit", units, next(iter(units)))]
    if each < Fraction(10) ** QUANTITIES[quantity].exp10:
        told.fault("weight", "is less than what can be counted")
    if faults or carrier is None or index is None:
        raise ConfigError(faults)
    return replace(
        carrier, id=id, title=title, models=(), aliases=(), derived=(), commands=(), identify=(), interface_stride=0,
        fields=(replace(index, quantity=quantity, scale=each.as_integer_ratio()),),
    )  # fmt: skip


def _carrier(told: Table, carriers: Mapping[str, str], maps: Mapping[str, DeviceMap]) -> DeviceMap | None:
    name = told.text("concentrator")
    found = maps.get(carriers.get(name, name))
    if name and (found is None or not any(field.quantity.startswith("pulses_") for field in found.fields)):
        told.fault("concentrator", f"{name!r} has no pulse inputs", "one of " + ", ".join(carriers))
        return None
    return found


def _index(told: Table, carrier: DeviceMap) -> Field | None:
    inputs = {field.quantity: field for field in carrier.fields if field.quantity.startswith("pulses_")}
    position = told.rows.get("position")
    found = inputs.get(f"pulses_{position}")
    if found is None:
        told.fault("position", f"{position!r} is no input of it", f"1 to {len(inputs)}")
    return found
