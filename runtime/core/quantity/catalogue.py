"""What can be measured: one row per quantity, for ever.

A value travels as an integer count of its quantity's step (``_n``); this module alone turns counts into units and back.
Ids and numbers are kept for ever: the store's keys are made of numbers, files and the API of ids.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from runtime.core.quantity import inverter, teleinfo


@dataclass(frozen=True, slots=True)
class Quantity:
    """One thing that a device can tell.

    kind    "counter" only climbs, "gauge" goes up and down, "state" is one of ``states`` or bits, "text" is a str
    exp10   one count is 10**exp10 of the unit
    label   English, the msgid of its translation
    number  u16, the store's key
    states  names of the counts 0, 1, 2 … of a state
    """

    id: str
    unit: str
    kind: str
    exp10: int
    label: str
    number: int
    states: tuple[str, ...] = ()


# unit -> (exponent of its step, ending of the ids)
_UNITS = {
    "Wh": (-3, "_wh"), "varh": (-3, "_varh"), "VAh": (-3, "_vah"), "dm3": (-3, "_dm3"),
    "W": (-1, "_w"), "var": (-1, "_var"), "VA": (-1, "_va"), "A": (-3, "_a"), "V": (-2, "_v"), "Hz": (-3, "_hz"),
    "%": (-2, "_pct"), "°C": (-2, "_c"), "h": (-2, "_h"), "s": (-1, "_s"), "°": (-2, "_deg"),
    "pf": (-3, ""), "ratio": (-2, ""), "": (0, ""),
}  # fmt: skip
_PHASES = ("l1", "l2", "l3")

# (number, stem, unit, kind, label): the whole at the number, phases 1 to 3 after it
_BY_PHASE = (
    (10, "active_energy_import", "Wh", "counter", "Active energy imported"),
    (20, "active_energy_export", "Wh", "counter", "Active energy exported"),
    (30, "reactive_energy_import", "varh", "counter", "Reactive energy imported"),
    (40, "reactive_energy_export", "varh", "counter", "Reactive energy exported"),
    (50, "apparent_energy", "VAh", "counter", "Apparent energy"),
    (60, "active_energy_sum", "Wh", "counter", "Active energy, both directions"),
    (70, "reactive_energy_sum", "varh", "counter", "Reactive energy, both directions"),
    (200, "active_power", "W", "gauge", "Active power"),
    (210, "reactive_power", "var", "gauge", "Reactive power"),
    (220, "apparent_power", "VA", "gauge", "Apparent power"),
    (230, "active_power_demand", "W", "gauge", "Active power, average"),
    (240, "active_power_demand_max", "W", "gauge", "Active power, highest average"),
    (250, "reactive_power_demand", "var", "gauge", "Reactive power, average"),
    (260, "reactive_power_demand_max", "var", "gauge", "Reactive power, highest average"),
    (270, "apparent_power_demand", "VA", "gauge", "Apparent power, average"),
    (280, "apparent_power_demand_max", "VA", "gauge", "Apparent power, highest average"),
    (290, "power_factor", "pf", "gauge", "Power factor"),
    (300, "phase_angle", "°", "gauge", "Phase angle"),
)

# (number, stem, unit, label): one each for phases 1 to 3, then those named in the next column
_PER_PHASE = (
    (400, "voltage", "V", "Voltage", ("mean",)),
    (410, "voltage_min", "V", "Lowest voltage", ()),
    (420, "voltage_max", "V", "Highest voltage", ()),
    (430, "current", "A", "Current", ("n", "mean", "sum")),
    (440, "current_demand", "A", "Current, average", ("n", "mean")),
    (450, "current_demand_max", "A", "Current, highest average", ("n", "mean")),
    (460, "thd_voltage", "%", "THD of the voltage", ("mean",)),
    (470, "thd_current", "%", "THD of the current", ("n", "mean")),
)
_OTHER_LABELS = {"n": "neutral", "mean": "mean", "sum": "sum"}

_SECTOR = ("unity", "inductive", "capacitive")
_CONTACT = ("open", "closed")
_YES = ("no", "yes")
_MODULE = ("none", "measure", "state", "command")  # functions of EMS modules
_BREAKER_CAUSES = ("none", "overload", "short_delay", "instantaneous", "earth_fault", "residual", "other")
_USES = ("unset", "generic", "breaker", "contactor", "latching_relay")
_STATION = ("off", "on", "managed", "error", "restarting", "asleep")
_CHARGE = (
    "available", "waiting_authorisation", "charging", "suspended_by_vehicle", "suspended_by_station", "ended",
    "stopped", "error", "no_mains", "restarting", "asleep", "starting", "connected", "unavailable", "not_ready",
)  # fmt: skip
_PHASES_USED = ("none", "one", "two", "three")
_CHARGE_MODES = ("unknown", "direct", "off_peak", "smart_meter", "schedule", "modbus", "ocpp")
_SINGLE = (
    Quantity("active_energy_partial_wh", "Wh", "gauge", -3, "Active energy since reset", 80),
    Quantity("reactive_energy_partial_varh", "varh", "gauge", -3, "Reactive energy since reset", 81),
    Quantity("apparent_energy_import_vah", "VAh", "counter", -3, "Apparent energy imported", 90),
    Quantity("apparent_energy_export_vah", "VAh", "counter", -3, "Apparent energy exported", 91),
    Quantity("water_dm3", "dm3", "counter", -3, "Water", 150),
    Quantity("gas_dm3", "dm3", "counter", -3, "Gas", 151),
    Quantity("pulses", "", "counter", 0, "Pulses", 160),
    Quantity("frequency_hz", "Hz", "gauge", -3, "Frequency", 500),
    Quantity("voltage_l12_v", "V", "gauge", -2, "Voltage, L1 to L2", 505),
    Quantity("voltage_l23_v", "V", "gauge", -2, "Voltage, L2 to L3", 506),
    Quantity("voltage_l31_v", "V", "gauge", -2, "Voltage, L3 to L1", 507),
    Quantity("voltage_line_mean_v", "V", "gauge", -2, "Voltage between phases, mean", 508),
    Quantity("thd_voltage_l12_pct", "%", "gauge", -2, "THD of the voltage, L1 to L2", 510),
    Quantity("thd_voltage_l23_pct", "%", "gauge", -2, "THD of the voltage, L2 to L3", 511),
    Quantity("thd_voltage_l31_pct", "%", "gauge", -2, "THD of the voltage, L3 to L1", 512),
    Quantity("voltage_unbalance_pct", "%", "gauge", -2, "Voltage unbalance", 513),
    Quantity("current_unbalance_pct", "%", "gauge", -2, "Current unbalance", 514),
    Quantity("temperature_c", "°C", "gauge", -2, "Temperature", 520),
    Quantity("ct_ratio", "ratio", "gauge", -2, "Current transformer ratio", 530),
    Quantity("vt_ratio", "ratio", "gauge", -2, "Voltage transformer ratio", 531),
    Quantity("run_time_h", "h", "gauge", -2, "Running time", 540),
    Quantity("integration_time_min", "min", "gauge", -2, "Integration time", 541),
    Quantity("breaker_state", "", "state", 0, "Breaker", 600, ("open", "closed", "tripped")),
    Quantity("phase_sequence", "", "state", 0, "Phase sequence", 601, ("unknown", "right", "wrong")),
    Quantity("power_factor_sector", "", "state", 0, "Load character", 602, _SECTOR),
    Quantity("power_factor_sector_l1", "", "state", 0, "Load character, L1", 603, _SECTOR),
    Quantity("power_factor_sector_l2", "", "state", 0, "Load character, L2", 604, _SECTOR),
    Quantity("power_factor_sector_l3", "", "state", 0, "Load character, L3", 605, _SECTOR),
    Quantity("device_code", "", "state", 0, "Device code", 610),
    Quantity("alarm_bits", "", "state", 0, "Alarms of the device", 611),
    Quantity("serial_number", "", "text", 0, "Serial number", 700),
    Quantity("firmware", "", "text", 0, "Firmware", 701),
    Quantity("model_name", "", "text", 0, "Model", 702),
    Quantity("contactor_state", "", "state", 0, "Contactor or latching relay", 1100, _CONTACT),
    Quantity("control_state", "", "state", 0, "Controlled circuit", 1101, _CONTACT),
    Quantity("module_use", "", "state", 0, "Use of the module", 1102, _USES),
    Quantity("control_origin", "", "state", 0, "Controlled from", 1103, ("remote", "local")),
    Quantity("alarm_tripped", "", "state", 0, "Alarm: tripped", 1104, _YES),
    Quantity("alarm_duplicated_function", "", "state", 0, "Alarm: duplicated function", 1105, _YES),
    Quantity("alarm_threshold", "", "state", 0, "Alarm: measure threshold", 1106, _YES),
    Quantity("alarm_configuration", "", "state", 0, "Alarm: configuration or installation", 1107, _YES),
    Quantity("alarm_communication", "", "state", 0, "Alarm: communication", 1108, _YES),
    Quantity("trip_cause", "", "state", 0, "Cause of the trip", 1110, _BREAKER_CAUSES),
    Quantity("trips", "", "gauge", 0, "Trips", 1111),
    Quantity("operations", "", "gauge", 0, "Operations", 1112),
    Quantity("modules", "", "gauge", 0, "Modules", 1113),
    Quantity("addressing", "", "state", 0, "Addressing", 1114, ("local", "remote")),
    Quantity("station_state", "", "state", 0, "Station", 1400, _STATION),
    Quantity("charge_state", "", "state", 0, "Charge", 1401, _CHARGE),
    Quantity("charge_plug", "", "state", 0, "Plug in use", 1402, ("none", "ev", "domestic")),
    Quantity("charge_mode", "", "state", 0, "Mode of operation", 1403, _CHARGE_MODES),
    Quantity("station_errors", "", "state", 0, "Errors of the station", 1404),
    Quantity("charge_errors", "", "state", 0, "Errors of the charge", 1405),
    Quantity("charge_permission", "", "state", 0, "Permission to charge", 1406, ("wait", "start")),
    Quantity("charge_priority", "", "state", 0, "Priority of the charge", 1407, ("normal", "priority")),
    Quantity("ev_plug_enabled", "", "state", 0, "EV plug enabled", 1408, _YES),
    Quantity("domestic_plug_enabled", "", "state", 0, "Domestic plug enabled", 1409, _YES),
    Quantity("cable_lock", "", "state", 0, "Lock of the cable", 1410, ("unlocked", "locked")),
    Quantity("vehicle_state", "", "state", 0, "Vehicle", 1411, ("unplugged", "plugged", "charging")),
    Quantity("rfid_reader", "", "state", 0, "RFID reader", 1412, ("absent", "present")),
    Quantity("rated_current_a", "A", "gauge", -3, "Rated current", 1420),
    Quantity("limit_a", "A", "gauge", -3, "Current limit", 1421),
    Quantity("domestic_limit_a", "A", "gauge", -3, "Current limit of the domestic plug", 1422),
    Quantity("cable_current_a", "A", "gauge", -3, "Current that the cable carries", 1423),
    Quantity("fallback_a", "A", "gauge", -3, "Current limit when nothing is heard", 1424),
    Quantity("session_energy_wh", "Wh", "gauge", -3, "Energy of the charge", 1430),
    Quantity("session_time_s", "s", "gauge", -1, "Time of the charge", 1431),
    Quantity("waiting_time_s", "s", "gauge", -1, "Time waited before the charge", 1432),
    Quantity("watchdog_s", "s", "gauge", -1, "Silence after which it falls back", 1433),
    Quantity("rfid", "", "text", 0, "RFID badge", 1440),
    Quantity("hardware", "", "text", 0, "Hardware", 1441),
    Quantity("station_error_code", "", "state", 0, "Error code of the station", 1450),
    Quantity("phases_in_use", "", "state", 0, "Phases in use", 1451, _PHASES_USED),
    Quantity("manager_alive", "", "state", 0, "Sign of life of the energy manager", 1452, _YES),
    Quantity("limit_w", "W", "gauge", -1, "Power limit", 1454),
    Quantity("fallback_w", "W", "gauge", -1, "Power limit when nothing is heard", 1455),
    Quantity("min_current_a", "A", "gauge", -3, "Smallest current", 1456),
    Quantity("vehicle_soc_pct", "%", "gauge", -2, "Charge of the vehicle's battery", 1457),
    Quantity("valid_time_s", "s", "gauge", -1, "Time until it falls back", 1458),
)
# (number, how many, id, unit, kind, label, states)
_NUMBERED = (
    (100, 10, "active_energy_import_t{}_wh", "Wh", "counter", "Active energy imported, tariff {}", ()),
    (110, 10, "active_energy_export_t{}_wh", "Wh", "counter", "Active energy exported, tariff {}", ()),
    (120, 4, "reactive_energy_q{}_varh", "varh", "counter", "Reactive energy, quadrant {}", ()),
    (170, 16, "pulses_{}", "", "counter", "Pulses of input {}", ()),
    (620, 16, "input_{}_state", "", "state", "Input {}", ("off", "on")),
    (640, 16, "output_{}_state", "", "state", "Output {}", ("off", "on")),
    (550, 8, "temperature_{}_c", "°C", "gauge", "Temperature {}", ()),
    (1000, 8, "analog_input_{}_pct", "%", "gauge", "Analogue input {}", ()),
    (1020, 16, "output_{}_normal", "", "state", "Normal state of output {}", _CONTACT),
    (1040, 16, "output_{}_mode", "", "state", "Mode of output {}", ("impulsive", "blinking")),
    (1060, 16, "output_{}_on_time_s", "s", "gauge", "ON time of output {}", ()),
    (1200, 30, "link_{}_state", "", "state", "Link {}", ("none", "right", "broken")),
    (1230, 30, "link_{}_event_unit", "", "state", "Event module of link {}", ()),
    (1260, 30, "link_{}_event_function", "", "state", "Event function of link {}", _MODULE),
    (1290, 30, "link_{}_action_unit", "", "state", "Action module of link {}", ()),
    (1320, 30, "link_{}_action_function", "", "state", "Action function of link {}", _MODULE),
    (1350, 30, "link_{}_action", "", "state", "Action of link {}", ("none", "open", "close")),
)
# (number of order 2, what): harmonics of each phase up to the order that EN 50160 looks at
_HARMONICS = ((1500, "voltage"), (1580, "current"))
_LAST_ORDER = 25


def _all() -> Iterator[Quantity]:
    for number, stem, unit, kind, label in _BY_PHASE:
        exp10, ending = _UNITS[unit]
        shown = "" if unit == "pf" else unit
        yield Quantity(stem + ending, shown, kind, exp10, label, number)
        for index, phase in enumerate(_PHASES, 1):
            yield Quantity(f"{stem}_{phase}{ending}", shown, kind, exp10, f"{label}, {phase.upper()}", number + index)
    for number, stem, unit, label, others in _PER_PHASE:
        exp10, ending = _UNITS[unit]
        for index, part in enumerate(_PHASES + others, 1):
            name = _OTHER_LABELS.get(part, part.upper())
            yield Quantity(f"{stem}_{part}{ending}", unit, "gauge", exp10, f"{label}, {name}", number + index)
    yield from _SINGLE
    for number, id, unit, kind, label, states in (*inverter.SINGLE, *teleinfo.SINGLE):
        yield Quantity(id, unit, kind, _UNITS[unit][0], label, number, states)
    for row in _NUMBERED + inverter.NUMBERED + teleinfo.NUMBERED:
        yield from _number_phases(*row)
    for number, what in _HARMONICS:
        yield from _harmonics(number, what)


def _number_phases(
    number: int, count: int, id: str, unit: str, kind: str, label: str, states: tuple[str, ...]
) -> Iterator[Quantity]:
    exp10 = _UNITS[unit][0]
    for index in range(1, count + 1):
        yield Quantity(id.format(index), unit, kind, exp10, label.format(index), number + index - 1, states)


def _harmonics(number: int, what: str) -> Iterator[Quantity]:
    orders = range(2, _LAST_ORDER + 1)
    for index, phase in enumerate(_PHASES):
        for order in orders:
            label = f"Harmonics of the {what}, {phase.upper()}, order {order}"
            at = number + index * len(orders) + order - 2
            yield Quantity(f"harmonic_{what}_{phase}_{order}_pct", "%", "gauge", _UNITS["%"][0], label, at)


QUANTITIES: Mapping[str, Quantity] = MappingProxyType({quantity.id: quantity for quantity in _all()})


def quantity(id: str) -> Quantity:
    """Raises KeyError for an id that the catalogue does not have."""
    return QUANTITIES[id]


def to_n(id: str, value: float | Fraction | Decimal | str) -> int:
    """Counts of the quantity's step nearest to ``value`` in its unit; exact halves go to the even count."""
    return round(Fraction(value) * Fraction(10) ** -QUANTITIES[id].exp10)


def to_float(id: str, n: int) -> float:
    """The value in its unit, correctly rounded."""
    return float(n / 10 ** -QUANTITIES[id].exp10)


def decimal_text(id: str, n: int) -> str:
    """The exact value in its unit with all decimals of its step: ``230.15``."""
    return f"{Decimal(n).scaleb(QUANTITIES[id].exp10):f}"
