"""What a ``plugins.toml`` asks for: which plugins are loaded, with which settings, and a folder of maps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.core.text.tomlfile import MOST_BYTES, parse_toml
from runtime.core.text.tomltable import Table, nearest
from runtime.errors import ConfigError, Fault
from runtime.process.namedpath import read_plain

_KEYS = ("load", "maps", "settings", "web")  # "web" is read by runtime/settings


@dataclass(frozen=True, slots=True)
class Choice:
    """What plugins.toml asks for, in order."""

    load: tuple[str, ...]
    maps: Path | None
    settings: Mapping[str, Mapping[str, Any]]


def read_choice(file: Path, known: Iterable[str]) -> Choice:
    """Read and check a plugins.toml; ``known`` are the plugins there are."""
    try:
        rows = parse_toml(read_plain(file.resolve(), MOST_BYTES).decode(), str(file))
    except OSError as error:
        raise ConfigError([Fault(str(file), "", f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        raise ConfigError([Fault(str(file), "", f"not valid TOML: {error}")]) from None
    faults: list[Fault] = []
    table, names = Table(rows, "", str(file), faults), tuple(known)
    table.refuse_unknown(_KEYS)
    table.require("load")
    load = table.listed("load", str)
    for number, name in enumerate(load, 1):
        if name not in names:
            hint = nearest(name, names) or "is its package installed?"
            table.fault(f"load[{number}]", f"there is no plugin {name!r}", hint)
        elif name in load[: number - 1]:
            table.fault(f"load[{number}]", f"{name!r} is named twice")
    settings = table.table("settings")
    for name in settings.rows:
        if name not in load:
            settings.fault(name, "is not loaded", nearest(name, load))
        settings.table(name)
    maps = _folder(table, file)
    if faults:
        raise ConfigError(faults)
    return Choice(load, maps, settings.rows)


def _folder(table: Table, file: Path) -> Path | None:
    """The folder of map files, as seen from the file that names it."""
    if "maps" not in table:
        return None
    folder = file.resolve().parent / Path(table.text("maps")).expanduser()
    if not folder.is_dir():
        table.fault("maps", f"{table.text('maps')!r} is no folder", f"looked for {folder}")
    return folder
