"""Rows of the catalogue for inverters and batteries; numbers 1700 to 1899.

Power of DC inputs is what flows into the inverter, that of a battery what flows into the battery: charging is positive.
Where a device tells each direction in a register of its own, the part that is given or discharged is negative: the sum
of both is the power.
"""

from __future__ import annotations

_INVERTER = (
    "off", "asleep", "starting", "running", "throttled", "stopping", "fault", "standby", "off_grid", "maintenance",
)  # fmt: skip
_BATTERY = ("off", "empty", "discharging", "charging", "full", "idle", "testing", "fault", "asleep", "running")

# (number, id, unit, kind, label, states)
SINGLE: tuple[tuple[int, str, str, str, str, tuple[str, ...]], ...] = (
    (1760, "dc_voltage_v", "V", "gauge", "Voltage of the DC side", ()),
    (1761, "dc_current_a", "A", "gauge", "Current of the DC side", ()),
    (1762, "dc_power_w", "W", "gauge", "Power of the DC side", ()),
    (1763, "dc_energy_wh", "Wh", "counter", "Energy of the DC side", ()),
    (1770, "inverter_state", "", "state", "Inverter", _INVERTER),
    (1772, "inverter_errors", "", "state", "Errors of the inverter", ()),
    (1774, "rated_power_w", "W", "gauge", "Rated power", ()),
    (1775, "power_limit_pct", "%", "gauge", "Power limit of the inverter", ()),
    (1776, "backup_power_w", "W", "gauge", "Power of the backup output", ()),
    (1777, "active_power_taken_w", "W", "gauge", "Active power taken", ()),
    (1778, "active_power_given_w", "W", "gauge", "Active power given", ()),
    (1779, "max_power_w", "W", "gauge", "Highest power that is set", ()),
    (1780, "power_limit_use", "", "state", "Power limit in use", ("no", "yes")),
    (1800, "battery_soc_pct", "%", "gauge", "State of charge of the battery", ()),
    (1801, "battery_soh_pct", "%", "gauge", "State of health of the battery", ()),
    (1802, "battery_power_w", "W", "gauge", "Power of the battery", ()),
    (1803, "battery_charging_w", "W", "gauge", "Charging power of the battery", ()),
    (1804, "battery_discharging_w", "W", "gauge", "Discharging power of the battery", ()),
    (1805, "battery_voltage_v", "V", "gauge", "Voltage of the battery", ()),
    (1806, "battery_current_a", "A", "gauge", "Current of the battery", ()),
    (1807, "battery_temperature_c", "°C", "gauge", "Temperature of the battery", ()),
    (1808, "battery_charged_wh", "Wh", "counter", "Energy charged into the battery", ()),
    (1809, "battery_discharged_wh", "Wh", "counter", "Energy discharged from the battery", ()),
    (1810, "battery_capacity_wh", "Wh", "gauge", "Capacity of the battery", ()),
    (1811, "battery_cycles", "", "gauge", "Cycles of the battery", ()),
    (1812, "battery_state", "", "state", "Battery", _BATTERY),
    (1813, "battery_errors", "", "state", "Errors of the battery", ()),
)
# (number, how many, id, unit, kind, label, states)
NUMBERED: tuple[tuple[int, int, str, str, str, str, tuple[str, ...]], ...] = (
    (1700, 12, "dc_{}_voltage_v", "V", "gauge", "Voltage of DC input {}", ()),
    (1715, 12, "dc_{}_current_a", "A", "gauge", "Current of DC input {}", ()),
    (1730, 12, "dc_{}_power_w", "W", "gauge", "Power of DC input {}", ()),
    (1745, 12, "dc_{}_energy_wh", "Wh", "counter", "Energy of DC input {}", ()),
)
