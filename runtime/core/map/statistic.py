"""Which statistic of a quantity is kept in the recorded columns, by a row of a map or as usual."""

from __future__ import annotations

from runtime.core.quantity.catalogue import QUANTITIES, Quantity
from runtime.core.text.tomltable import Table

STATISTICS = ("mean", "last", "min", "max")
_RECORDED = (
    "active_power_", "reactive_power_", "apparent_power_", "power_factor", "voltage_l", "current_l", "current_n_a",
    "frequency_hz", "thd_", "temperature_", "dc_power_w", "battery_soc_pct", "battery_power_w",
)  # fmt: skip
_NOT_RECORDED = ("_demand_", "_sector")
MINMAX = {"active_power_w", *(f"{stem}_l{n}_{unit}" for n in (1, 2, 3) for stem, unit in (
    ("active_power", "w"), ("voltage", "v"), ("current", "a")))}  # fmt: skip


def usual_record(quantity: str) -> str:
    """The statistic that is kept of a quantity unless its row says otherwise, "" for none."""
    named = quantity.startswith(_RECORDED) and not any(part in quantity for part in _NOT_RECORDED)
    return "mean" if named and QUANTITIES[quantity].kind == "gauge" else ""


def read_record(row: Table, quantity: Quantity, role: str) -> str:
    """What a row says of it, as ``Field`` has it."""
    value = row.rows.get("record")
    if value is None:
        return usual_record(quantity.id) if role == "value" else ""
    if quantity.kind in ("counter", "text"):
        why = "a counter is always kept as energy" if quantity.kind == "counter" else "a text is not kept"
        row.fault("record", why, "leave it out")
        return ""
    usual = "last" if quantity.kind == "state" else "mean"
    if isinstance(value, bool):
        return usual if value else ""
    return row.word("record", STATISTICS, usual)
