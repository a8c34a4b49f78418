"""Words of the set-up: what is configured, what changed, of what, and in which field."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from runtime.text.words import N_

ACTIONS: Mapping[str, str] = MappingProxyType({"added": N_("Added"), "changed": N_("Changed"), "removed": N_("Erased")})
RESOURCES: Mapping[str, str] = MappingProxyType(
    {
        "site": N_("Site"),
        "gateway": N_("Gateway"),
        "device": N_("Device"),
        "load": N_("Load"),
        "group": N_("Measure group"),
        "board": N_("Panel board"),
        "tariff": N_("Tariff"),
        "former_tariff": N_("Former tariff"),
        "rule": N_("Cost rule"),
        "modbus_server": N_("Modbus server"),
        "threshold": N_("Threshold"),
        "charging_circuit": N_("Charging circuit"),
        "charging_station": N_("Charging station"),
    }
)
SCHEMES: Mapping[str, str] = MappingProxyType(  # by name; others are called by their title
    {
        "tcp": N_("Modbus TCP"),
        "rtutcp": N_("Serial over network"),
        "rtu": N_("Serial port"),
        "slave": N_("Another server"),
    }
)
PLURALS: Mapping[str, str] = MappingProxyType(
    {
        "gateway": N_("Gateways"),
        "device": N_("Devices"),
        "load": N_("Loads"),
        "group": N_("Measure groups"),
        "board": N_("Panel boards"),
        "tariff": N_("Tariffs"),
        "rule": N_("Cost rules"),
        "modbus_server": N_("Modbus servers"),
        "threshold": N_("Thresholds"),
        "charging_circuit": N_("Charging circuits"),
        "charging_station": N_("Charging stations"),
    }
)
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "name": N_("Name"),
        "description": N_("Description or place"),
        "url": N_("Address"),
        "on": N_("On"),
        "timeout_ms": N_("Time-out"),
        "most_polls_per_s": N_("Polls a second, at most"),
        "board": N_("Panel board"),
        "eq_device": N_("EQ device"),
        "gateway": N_("Gateway"),
        "unit": N_("Modbus address"),
        "model": N_("Model"),
        "number": N_("Catalogue number"),
        "load": N_("Load"),
        "groups": N_("Measure groups"),
        "excluded": N_("Exclude from totals"),
        "exclude_alerts": N_("Exclude alerts"),
        "supply": N_("Supply"),
        "power_sign": N_("Sign of power"),
        "parameters": N_("Parameters"),
        "position": N_("Position"),
        "side": N_("Side"),
        "phase": N_("Phase"),
        "interface": N_("Address of the EMS interface"),
        "labels": N_("Names of inputs and outputs"),
        "confirmed": N_("Confirmed"),
        "site": N_("Name of the site"),
        "zone": N_("Time zone"),
        "currency": N_("Currency"),
        "interval_s": N_("Sample rate"),
        "gas_wh_per_m3": N_("Energy of a cubic metre of gas"),
        "gas_factors": N_("Energy of a cubic metre of gas, by date"),
        "edition": N_("Edition"),
        "connections_per_host": N_("Connections to one host"),
        "language": N_("Language"),
        "host": N_("Address of this machine"),
        "port": N_("Port"),
        "clients": N_("Who may read"),
        "connections": N_("Connections at most"),
        "idle_s": N_("Closed when idle for"),
        "units": N_("Addresses passed through"),
        "rate_per_s": N_("Requests of one master in a second"),
        "device": N_("Device"),
        "quantity": N_("Measure"),
        "direction": N_("Above or below"),
        "value": N_("Value"),
        "hysteresis": N_("Back by"),
        "for_s": N_("For at least"),
        "meter": N_("Total power consumption meter"),
        "available_ma": N_("Maximum current available"),
        "charging_ma": N_("Maximum current available for charging"),
        "hysteresis_pct": N_("Current consumption hysteresis"),
        "first_step_pct": N_("First reduction step"),
        "second_step_pct": N_("Second reduction step"),
        "guaranteed_mah": N_("Minimum guaranteed charging quantity"),
        "hard_limit": N_("Hard limit"),
        "parent": N_("Fed by"),
        "allocation": N_("How current is shared"),
        "others_ma": N_("Highest current of the other loads"),
        "pause_s": N_("Pause after a stop"),
        "turn_s": N_("A charge yields after"),
        "lost_s": N_("Stopped when the meter is silent for"),
        "circuit": N_("Charging circuit"),
        "wiring": N_("Phases"),
        "priority": N_("Priority"),
        "rated_ma": N_("Rated current"),
        "fallback_ma": N_("Current limit when nothing is heard"),
        "watchdog_s": N_("Silence after which it falls back"),
        "prices": N_("Prices"),
        "order": N_("Order of the cost rules"),
    }
)
FAMILIES: Mapping[str, str] = MappingProxyType(  # by id; titles of runtime.core.map.labels
    {
        "multifunction": N_("Multifunction measuring devices"),
        "counter": N_("Energy counters RS485"),
        "pulse": N_("Energy counters with pulse output"),
        "concentrator": N_("Pulse concentrators"),
        "ems-measure": N_("EMS measuring devices"),
        "ems-control": N_("EMS state and control modules"),
        "rcd": N_("RCD add-on modules"),
        "breaker": N_("Moulded-case circuit breakers"),
        "air-breaker": N_("Air circuit breakers"),
        "gas": N_("Gas counters"),
        "water": N_("Water counters"),
        "supervision": N_("RS485 power supervision system"),
        "station": N_("Charging stations, new range"),
        "station-old": N_("Charging stations, old range"),
        "wallbox": N_("Charging stations of other makers"),
        "wsmeasure": N_("Other servers (WSMEASURE)"),
        "other": N_("Other devices"),
        "meters": N_("Meters of other makers"),
        "generic": N_("Generic Modbus meter"),
        "sunspec": N_("SunSpec meters and inverters"),
        "inverter": N_("Inverters and batteries"),
        "teleinfo": N_("Meters with téléinfo"),
        "maps": N_("Own maps"),
    }
)
