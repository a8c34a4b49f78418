"""Devices of Maker: one map file each in this folder."""

from collections.abc import Iterable
from pathlib import Path

from drivers.api import ConfigError, Family, hookimpl, read_folder


@hookimpl
def families() -> Iterable[Family]:
    maps, faults = read_folder(Path(__file__).parent, {})
    if faults:
        raise ConfigError(faults)
    return [Family("maker", "Maker", tuple(maps.values()))]
