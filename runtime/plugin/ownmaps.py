"""The maps that installers fill in by hand: files in the folder ``maps`` of the data folder."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from runtime.core.map.devicemap import is_id
from runtime.core.map.ownmap import is_form, text_of
from runtime.errors import ConfigError, WattkeeperError
from runtime.plugin.mapfiles import MOST_FILES, read_table
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
        """Id -> table of each file that a form can show; what is wrong with the others is told at the start."""
        files = sorted(self._folder.glob("*.toml"))[:MOST_FILES]
        return {file.stem: table for file in files if is_id(file.stem) and (table := _table(file))}

    def save(self, id: str, table: Mapping[str, Any]) -> None:
        """Raises WattkeeperError when it cannot be written."""
        with self._lock:
            try:
                make_folder(self._folder)
                write_plain(self._folder / f"{id}.toml", text_of(table).encode())
            except OSError as error:
                raise _unwritable(error) from None
            self._reload()

    def remove(self, id: str) -> None:
        """Raises WattkeeperError when it cannot be taken away."""
        with self._lock:
            try:
                (self._folder / f"{id}.toml").unlink(missing_ok=True)
            except OSError as error:
                raise _unwritable(error) from None
            self._reload()


def _unwritable(error: OSError) -> WattkeeperError:
    return WattkeeperError("store_unwritable", f"the map cannot be written: {error.strerror}")


def _table(file: Path) -> dict[str, Any] | None:
    try:
        table = read_table(file)
    except ConfigError:
        return None
    return table if is_form(table) else None
