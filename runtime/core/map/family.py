"""A family of devices: what answers the hook ``families()``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from runtime.core.map.devicemap import DeviceMap, register_maps
from runtime.core.map.devicemodel import DeviceModel
from runtime.core.map.labels import CatalogueEntry

MapMaker = Callable[[Mapping[str, str | int | float]], DeviceModel]
Dependent = Callable[[Mapping[str, str | int | float], Mapping[str, DeviceMap]], DeviceMap]


@dataclass(frozen=True, slots=True)
class Family:
    """Kinds of devices that belong together: register maps as a rule.

    maps    one per kind of device
    makers  by map id: makes the map of one device from its parameters, for kinds whose registers the installer tells;
            raises ConfigError naming the parameter. The map of that id in ``maps`` is an example for lists.
    entries  catalogue numbers that belong to it, each read by one of the maps of any family
    dependents  like ``makers``, for kinds that are read through a device of another kind: they get all maps too
    """

    id: str
    title: str
    maps: tuple[DeviceModel, ...]
    makers: Mapping[str, MapMaker] = field(default_factory=dict)
    entries: tuple[CatalogueEntry, ...] = ()
    dependents: Mapping[str, Dependent] = field(default_factory=dict)


def bound(make: Dependent, maps: Mapping[str, DeviceModel]) -> MapMaker:
    """``maps`` is asked when a map is made: what replaces one of them counts."""
    return lambda parameters: make(parameters, register_maps(maps))
