"""ACME's devices: the M3 is a table, the Panel is made for the circuit that an installer names."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from drivers.api import ConfigError, DeviceMap, Family, Fault, hookimpl, parse_map, read_folder

PANEL = "acme-panel"
WORDS = 8  # registers of one circuit


@hookimpl
def families(settings: Mapping[str, Any]) -> list[Family]:
    """``settings`` is [settings.acme] of plugins.toml: panel_circuits, 12 when left out."""
    maps, faults = read_folder(Path(__file__).parent, {})
    if faults:
        raise ConfigError(faults)
    make = partial(panel, settings.get("panel_circuits", 12))
    return [Family("acme", "ACME", (*maps.values(), make({})), {PANEL: make})]


def panel(circuits: int, parameters: Mapping[str, str | int | float]) -> DeviceMap:
    """The map of one circuit of a Panel. Raises ConfigError that names the parameter."""
    circuit = parameters.get("circuit", 1)
    if not isinstance(circuit, int) or not 1 <= circuit <= circuits:
        raise ConfigError([Fault("parameters", "circuit", f"{circuit!r} is not a circuit from 1 to {circuits}")])
    at = (circuit - 1) * WORDS
    table = {
        "id": PANEL,
        "title": "ACME Panel, one circuit",
        "maker": "ACME",
        "source": "ACME Panel Modbus list, revision 1.0, page 3",
        "trust": "published",
        "field": [
            {"quantity": "current_l1_a", "at": at, "type": "u16", "scale": "0.01"},
            {"quantity": "active_power_w", "at": at + 1, "type": "i16"},
            {"quantity": "active_energy_import_wh", "at": at + 2, "type": "u32"},
        ],
    }
    return parse_map(table, file="parameters")
