"""Folders of map files: every ``*.toml`` in them is one device map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from runtime.core.map.devicemap import DeviceMap, parse_map
from runtime.core.text.tomlfile import MOST_BYTES, parse_toml
from runtime.core.text.tomltable import nearest
from runtime.errors import ConfigError, Fault
from runtime.plugin.shippedtable import parse_shipped
from runtime.process.namedpath import read_plain

MOST_FILES = 1000  # of a folder
MOST_PARENTS = 16  # a map extends one that extends one …


def load_map(file: Path, known: Mapping[str, DeviceMap]) -> DeviceMap:
    """One map file; ``known`` are the maps that it may extend.

    raises  ConfigError
    """
    return parse_map(read_table(file), file=str(file), parent=_parents(known))


def read_folder(
    folder: Path, known: Mapping[str, DeviceMap], read: Callable[[Path], dict[str, Any]] | None = None
) -> tuple[dict[str, DeviceMap], list[Fault]]:
    """The good maps of a folder and what is wrong with the others.

    known  maps from elsewhere that these may extend; one of the same id is replaced
    read   what reads a table, ``read_table`` unless the files came with the program
    """
    read = read or read_table
    faults: list[Fault] = []
    tables: dict[str, tuple[Path, dict[str, Any]]] = {}
    if not folder.is_dir():
        return {}, [Fault(str(folder), "", "is no folder")]
    files = sorted(folder.rglob("*.toml"))
    for file in files[:MOST_FILES]:
        try:
            table = read(file)
        except ConfigError as error:
            faults += error.faults
            continue
        id = str(table.get("id", file))
        if id in tables:
            faults.append(Fault(str(file), "id", f"{id!r} is already that of {tables[id][0].name}"))
        else:
            tables[id] = file, table
    maps = _parse_all(tables, known, faults)
    if len(files) > MOST_FILES:
        faults.append(Fault(str(folder), "", f"only the first {MOST_FILES} of {len(files)} files are looked at"))
    return maps, faults


def read_table(file: Path) -> dict[str, Any]:
    """The table of a map file, decimals exact.

    raises  ConfigError when it cannot be read or is no TOML
    """
    try:
        return parse_toml(read_plain(file, MOST_BYTES).decode(), str(file), parse_float=Decimal)
    except OSError as error:
        raise ConfigError([Fault(str(file), "", f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        raise ConfigError([Fault(str(file), "", f"not valid TOML: {error}")]) from None


def read_shipped(file: Path) -> dict[str, Any]:
    """The table of a file that came with the program: a test measures it, so no start does.

    raises  ConfigError when it is no TOML
    """
    try:
        return parse_shipped(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ConfigError([Fault(str(file), "", f"not valid TOML: {error}")]) from None


def _parse_all(
    tables: Mapping[str, tuple[Path, dict[str, Any]]], known: Mapping[str, DeviceMap], faults: list[Fault]
) -> dict[str, DeviceMap]:
    """Parents before their children; a child of a faulty map is left out with it."""
    maps: dict[str, DeviceMap] = {}
    broken: set[str] = set()

    def parse(id: str, below: tuple[str, ...]) -> None:
        file, table = tables[id]
        parent = table.get("extends")
        if isinstance(parent, str) and parent in tables:
            if parent in (*below, id) or len(below) >= MOST_PARENTS:
                told = f"{id!r} extends itself by way of {parent!r}, or too many others"
                faults.append(Fault(str(file), "extends", told))
                broken.add(id)
                return
            if parent not in maps and parent not in broken:
                parse(parent, (*below, id))
            if parent in broken:
                faults.append(Fault(str(file), "extends", f"the map {parent!r} has faults itself"))
                broken.add(id)
                return
        try:
            maps[id] = parse_map(table, file=str(file), parent=_parents({**known, **maps}))
        except ConfigError as error:
            broken.add(id)
            faults.extend(error.faults)

    for id in tables:
        if id not in maps and id not in broken:
            parse(id, ())
    return maps


def _parents(maps: Mapping[str, DeviceMap]) -> Callable[[str], DeviceMap]:
    def parent(id: str) -> DeviceMap:
        if id not in maps:
            raise KeyError(id, nearest(id, maps))
        return maps[id]

    return parent
