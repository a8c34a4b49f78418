"""The maps that come with Wattkeeper."""

from __future__ import annotations

from pathlib import Path

from runtime.core.devicemap import DeviceMap
from runtime.errors import ConfigError
from runtime.mapfiles import read_folder

BUILT_IN = Path(__file__).parent / "meters"


def load_maps(folder: Path = BUILT_IN) -> dict[str, DeviceMap]:
    """All maps of a folder by id.

    raises  ConfigError with the faults of all files
    """
    maps, faults = read_folder(folder, {})
    if faults:
        raise ConfigError(faults)
    return maps
