"""How a device's readings are laid out: tabs, in them rows, in them one cell for each phase."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from runtime.core.quantity.catalogue import QUANTITIES, Quantity
from runtime.text.wording import N_, label_parts

TABS = {
    "energy": N_("Energy"),
    "power": N_("Power"),
    "vahz": N_("V, A, Hz"),
    "thd": N_("THD"),
    "harmonics": N_("Harmonics"),
    "dc": N_("DC side"),
    "battery": N_("Battery"),
    "water": N_("Water"),
    "gas": N_("Gas"),
    "state": N_("State/Com."),
    "inputs": N_("Inputs"),
    "outputs": N_("Outputs"),
    "configuration": N_("Configuration"),
    "charge": N_("Charge"),
    "station_errors": N_("Station errors"),
    "charge_errors": N_("Charge errors"),
    "commands": N_("Commands"),
    "pulses": N_("Pulses"),
    "links": N_("Links"),
    "about": N_("About"),
    "other": N_("More"),
}
MEASURES = ("energy", "power", "vahz", "thd", "harmonics", "dc", "battery", "water", "gas")
_TAB_OF_UNIT = {
    "Wh": "energy", "varh": "energy", "VAh": "energy", "W": "power", "var": "power", "VA": "power",
    "V": "vahz", "A": "vahz", "Hz": "vahz",
}  # fmt: skip
_TAB_OF_STEM = {
    "Power factor": "power",
    "Phase angle": "power",
    "Load character": "power",
    "Voltage unbalance": "vahz",
    "Current unbalance": "vahz",
    "Phase sequence": "vahz",
    "THD of the voltage": "thd",
    "THD of the current": "thd",
    **{f"Harmonics of the {what}, L{n}": "harmonics" for what in ("voltage", "current") for n in (1, 2, 3)},
    "Water": "water",
    "Gas": "gas",
}
# beginning of the id -> tab, the first that fits
_TAB_OF_ID = (
    ("input_", "inputs"), ("analog_input_", "inputs"), ("pulses", "pulses"), ("link_", "links"),
    ("station_errors", "station_errors"), ("charge_errors", "charge_errors"),
    ("station_state", "charge"), ("charge_state", "charge"), ("charge_plug", "charge"), ("charge_mode", "charge"),
    ("vehicle_state", "charge"), ("session_", "charge"), ("waiting_time", "charge"), ("rfid", "charge"),
    ("cable_current", "charge"), ("station_error_code", "charge"), ("phases_in_use", "charge"),
    ("vehicle_soc", "charge"), ("rated_current", "about"), ("min_current", "about"), ("firmware", "about"),
    ("hardware", "about"), ("serial_number", "about"), ("model_name", "about"),
    ("charge_", "commands"), ("ev_plug", "commands"), ("domestic_", "commands"), ("limit_", "commands"),
    ("cable_lock", "commands"), ("fallback", "commands"), ("watchdog", "commands"),
    ("manager_alive", "commands"), ("valid_time", "commands"),
    ("breaker_", "state"), ("contactor_", "state"), ("control_", "state"), ("module_use", "state"), ("alarm", "state"),
    ("dc_", "dc"), ("battery_", "battery"), ("inverter_", "state"), ("power_limit", "state"), ("rated_power", "about"),
    ("max_power", "about"),
    ("contract", "about"), ("tariff_", "state"), ("colour_", "state"), ("mobile_peak", "state"), ("overrun", "state"),
    ("subscribed_", "about"), ("breaking_power", "about"), ("meter_c", "state"), ("terminal_", "state"),
    ("overvoltage", "state"), ("phases_missing", "state"), ("message_", "about"),
    ("trip", "state"), ("operations", "state"), ("modules", "state"), ("addressing", "state"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """``part`` is the phase or the like, "" for the whole; ``number`` of a tariff, an input …"""

    quantity: str
    part: str
    number: str


@dataclass(frozen=True, slots=True)
class Row:
    """``stem`` is the msgid of what all cells are."""

    stem: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Tab:
    id: str
    title: str
    rows: tuple[Row, ...]


def tabs_of(quantities: Iterable[str]) -> tuple[Tab, ...]:
    """The tabs that have something to show, in their usual order."""
    return _tabs_of(tuple(quantities))


@lru_cache(maxsize=512)  # devices of one model have the same; a board asks for all of them at once
def _tabs_of(quantities: tuple[str, ...]) -> tuple[Tab, ...]:
    sorted_in: dict[str, dict[str, list[Cell]]] = {tab: {} for tab in TABS}
    for quantity in sorted(map(QUANTITIES.__getitem__, quantities), key=lambda row: row.number):
        stem, part, number = label_parts(quantity.label)
        if " to " in part and stem == "Voltage":
            stem = "Voltage between phases"
        sorted_in[_tab(stem, quantity)].setdefault(stem, []).append(Cell(quantity.id, part, number))
    return tuple(
        Tab(id, TABS[id], tuple(Row(stem, tuple(cells)) for stem, cells in rows.items()))
        for id, rows in sorted_in.items()
        if rows
    )


def _tab(stem: str, quantity: Quantity) -> str:
    if quantity.id.startswith("output_"):
        return "outputs" if quantity.id.endswith("_state") else "configuration"
    named = next((tab for beginning, tab in _TAB_OF_ID if quantity.id.startswith(beginning)), "")
    return named or _TAB_OF_STEM.get(stem) or _TAB_OF_UNIT.get(quantity.unit, "other")
