"""WSMEASURE: what another server of ours counts, read from its unit 247 by Remote ID (LINK-3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from runtime.core.map.devicemap import DeviceMap, parse_map
from runtime.core.text.tomltable import Table
from runtime.errors import ConfigError, Fault

ID = "wsmeasure"
ALL = 29_999  # all electrical loads
_RANGES = ((10_001, 19_999), (20_001, ALL), (30_001, 39_999))  # devices, loads and all of them, groups
EXAMPLE: Mapping[str, str | int] = MappingProxyType({"remote_id": ALL})


def wsmeasure_map(parameters: Mapping[str, str | int | float], file: str = "parameters") -> DeviceMap:
    """The map of one virtual device.

    parameters  remote_id: 1XXXX a device, 2YYYY a load, 3ZZZZ a measure group, 29999 or "all" all electrical loads
    raises      ConfigError with every fault
    """
    faults: list[Fault] = []
    table = Table(parameters, "", file, faults)
    table.refuse_unknown(("remote_id",))
    table.require("remote_id")
    remote_id = _remote_id(table)
    if faults:
        raise ConfigError(faults)
    row = {"quantity": "active_energy_import_wh", "at": remote_id, "type": "u64"}
    parsed = parse_map({**_HEAD, "field": [row]}, file=file)
    return replace(parsed, fields=tuple(replace(field, ledger=True) for field in parsed.fields))


def _remote_id(table: Table) -> int:
    given = table.rows.get("remote_id", ALL)
    text = str(given).strip().lower()
    if text == "all":
        return ALL
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else 0
    if isinstance(given, bool) or not any(low <= number <= high for low, high in _RANGES):
        table.fault("remote_id", f"{given!r} is no Remote ID", "1XXXX, 2YYYY or 3ZZZZ, or 29999 for all loads")
    return number


_HEAD = {
    "id": ID,
    "title": "Energy of another server (WSMEASURE)",
    "maker": "Legrand",
    "models": ["WSMEASURE"],
    "source": "Legrand Energy Web Server user manual, 7.16.6; the layout of unit 247 is that of docs/modbus-server.md",
    "agreement": "one source: the layout is that of the server at the other end",
    "trust": "published",
    "space": "holding",
    "beside": [ID],
}
