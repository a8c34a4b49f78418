"""The maps and catalogue entries that come with Wattkeeper."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from runtime.core.map.devicemap import DeviceMap
from runtime.core.map.labels import CatalogueEntry, read_entries
from runtime.errors import ConfigError
from runtime.plugin.mapfiles import read_folder, read_shipped

FOLDER = Path(__file__).parent
BUILT_IN = FOLDER / "meters"
ENTRIES = FOLDER / "entries"


def load_maps(folder: Path = BUILT_IN, known: Mapping[str, DeviceMap] | None = None) -> dict[str, DeviceMap]:
    """All maps of a folder by id.

    known   maps from elsewhere that these may extend
    raises  ConfigError with the faults of all files
    """
    maps, faults = read_folder(folder, known or {}, read_shipped)
    if faults:
        raise ConfigError(faults)
    return maps


def load_entries(name: str) -> tuple[CatalogueEntry, ...]:
    """Those of one file of ``entries``. Raises ConfigError."""
    file = ENTRIES / f"{name}.toml"
    return read_entries(read_shipped(file), str(file))
