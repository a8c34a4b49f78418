"""The maps that the devices of a scenario can have: those of the product, read for their layout alone."""

from __future__ import annotations

from collections.abc import Mapping

from drivers.families.plugin import families
from runtime.core.map.devicemap import DeviceMap
from runtime.core.map.family import bound
from runtime.core.map.side import map_of_side


class Models:
    """All built-in models by id; some are made from the parameters of a device."""

    def __init__(self) -> None:
        built_in = families()
        self._maps = {map.id: map for family in built_in for map in family.maps}
        self._makers = {id: make for family in built_in for id, make in family.makers.items()}
        self._makers |= {id: bound(make, self._maps) for family in built_in for id, make in family.dependents.items()}

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self._maps, *self._makers)))

    def map(self, id: str, parameters: Mapping[str, str | int | float]) -> DeviceMap:
        """raises  ConfigError when the parameters are not what the model asks for"""
        return map_of_side(self._makers[id](parameters) if id in self._makers else self._maps[id], parameters)
