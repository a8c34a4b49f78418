"""The maps that devices of a scenario can have, of the product and of plugins; read for their layout alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from drivers.families.plugin import families
from runtime.core.map.devicemap import DeviceMap
from runtime.core.map.family import bound
from runtime.core.map.side import map_of_side
from runtime.errors import ConfigError, Fault
from runtime.plugin.plugins import Plugins, load_plugins


class Models:
    """Models by id: those of ``plugins``, else the built-in ones; some are made from the parameters of a device."""

    def __init__(self, plugins: Plugins | None = None) -> None:
        if plugins is not None:
            self._maps, self._makers = dict(plugins.maps), dict(plugins.makers)
            return
        built_in = families()
        self._maps = {found.id: found for family in built_in for found in family.maps}
        self._makers = {id: make for family in built_in for id, make in family.makers.items()}
        self._makers |= {id: bound(make, self._maps) for family in built_in for id, make in family.dependents.items()}

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self._maps, *self._makers)))

    def map(self, id: str, parameters: Mapping[str, str | int | float]) -> DeviceMap:
        """raises  ConfigError when the parameters are not what the model asks for"""
        found = map_of_side(self._makers[id](parameters) if id in self._makers else self._maps[id], parameters)
        if not isinstance(found, DeviceMap):
            raise ConfigError([Fault(id, "model", "has no registers: only what has any is played")])
        return found


def load_models(plugins: Path | None, maps: Path | None) -> Models:
    """What a plugins.toml and a folder of map files add to the built-in models.

    raises  ConfigError: whoever plays a map wants to know what is wrong with it
    """
    if plugins is None and maps is None:
        return Models()
    loaded = load_plugins(plugins or BUILT_IN)
    if maps is not None:
        loaded.add_folder(maps)
    if loaded.problems:
        raise ConfigError([Fault(problem.plugin, "", problem.message) for problem in loaded.problems])
    return Models(loaded)


BUILT_IN = Path(__file__).resolve().parents[2] / "plugins.toml"
