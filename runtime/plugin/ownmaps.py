"""The maps that installers fill in by hand: files in the folder ``maps`` of the data folder."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from runtime.core.map.ownmap import text_of
from runtime.errors import ConfigError, WattkeeperError
from runtime.plugin.mapfiles import read_table
from runtime.process.namedpath import make_folder, write_plain
from runtime.store.upkeep.keptmaps import MAPS


def folder_of(data: Path) -> Path:
    return data / MAPS


class OwnMaps:
    """Any thread may ask; one writes at a time.

    reload  takes in what the folder holds now; only gateways whose devices' maps changed start anew
    """

    def __init__(self, folder: Path, reload: Callable[[], None]) -> None:
        self._folder = folder
        self._reload = reload
        self._lock = threading.Lock()

    def all(self) -> Mapping[str, Mapping[str, Any]]:
        """Id -> table of each file that can be read."""
        return {file.stem: table for file in sorted(self._folder.glob("*.toml")) if (table := _table(file))}

    def save(self, id: str, table: Mapping[str, Any]) -> None:
        """Raises WattkeeperError when it cannot be written."""
        with self._lock:
            try:
                make_folder(self._folder)
                write_plain(self._folder / f"{id}.toml", text_of(table).encode())
            except OSError as error:
                raise WattkeeperError("store_unwritable", f"the map cannot be written: {error.strerror}") from None
            self._reload()

    def remove(self, id: str) -> None:
        with self._lock:
            (self._folder / f"{id}.toml").unlink(missing_ok=True)
            self._reload()


def _table(file: Path) -> dict[str, Any] | None:
    try:
        return read_table(file)
    except ConfigError:
        return None  # told at start
