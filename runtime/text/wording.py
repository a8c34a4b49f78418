"""Codes, states and quantities in words for people: one table each, the English sentence being the msgid.

Codes and their sentences stand in ``runtime.code``; here they are by what they are used for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from runtime.code import access
from runtime.code.codes import CODES
from runtime.text.words import N_, Advice, charging

ACCESS: Mapping[str, Advice] = MappingProxyType({code.id: code.refusal for code in access.CODES if code.refusal})
TROUBLES: Mapping[str, Advice] = MappingProxyType({id: code.trouble for id, code in CODES.items() if code.trouble})
REFUSALS: Mapping[str, Advice] = MappingProxyType({id: code.refusal for id, code in CODES.items() if code.refusal})
EVENTS: Mapping[str, str] = MappingProxyType({id: code.event for id, code in CODES.items() if code.event})
FAULTS: Mapping[str, str] = MappingProxyType({id: code.fault for id, code in CODES.items() if code.fault})
UNKNOWN_TROUBLE = Advice(N_("Something is wrong with the communication."), N_("The log tells more under its code."))

STATES: Mapping[str, str] = MappingProxyType(
    {
        "unknown": N_("Not read yet"),
        "on": N_("On"),
        "off": N_("Off"),
        "communication_error": N_("Communication error"),
        "configuration_error": N_("Configuration error"),
    }
)
QUALITIES: Mapping[str, str] = MappingProxyType(
    {
        "good": N_("Good"),
        "estimated": N_("Estimated"),
        "substituted": N_("Substituted"),
        "suspect": N_("Suspect"),
        "clock_untrusted": N_("Clock not set"),
    }
)
FLUIDS: Mapping[str, str] = MappingProxyType(
    {"electricity": N_("Electricity"), "gas": N_("Gas"), "water": N_("Water"), "export": N_("Exported electricity")}
)
PERIODS: Mapping[str, str] = MappingProxyType(
    {"day": N_("Day"), "month": N_("Month"), "year": N_("Year"), "decade": N_("10 years")}
)
CHILD_STATES: Mapping[str, str] = MappingProxyType(
    {
        "waiting": N_("Waits for its start"),
        "running": N_("Running"),
        "stuck": N_("Stuck"),
        "stopping": N_("Stopping"),
        "quarantined": N_("Crashed too often; tried again later"),
        "abandoned": N_("Hangs and was given up"),
        "ended": N_("Ended"),
    }
)
STATE_VALUES: Mapping[str, str] = MappingProxyType(
    {
        **charging.STATE_VALUES,
        "open": N_("Open"),
        "closed": N_("Closed"),
        "tripped": N_("Tripped"),
        "off": N_("Off"),
        "on": N_("On"),
        "unknown": N_("Unknown"),
        "right": N_("Right"),
        "wrong": N_("Wrong"),
        "unity": N_("Resistive"),
        "inductive": N_("Inductive"),
        "capacitive": N_("Capacitive"),
        "no": N_("No"),
        "yes": N_("Yes"),
        "none": N_("None"),
        "remote": N_("Remotely"),
        "local": N_("Locally"),
        "overload": N_("Overload"),
        "short_delay": N_("Short delay"),
        "instantaneous": N_("Instantaneous"),
        "earth_fault": N_("Earth fault"),
        "residual": N_("Residual current"),
        "other": N_("Other"),
        "unset": N_("Not set"),
        "generic": N_("Generic"),
        "breaker": N_("Breaker"),
        "contactor": N_("Contactor"),
        "latching_relay": N_("Latching relay"),
        "managed": N_("Managed"),
        "error": N_("Error"),
        "restarting": N_("Restarting"),
        "asleep": N_("Asleep"),
        "available": N_("Available"),
        "waiting_authorisation": N_("Waits for authorisation"),
        "charging": N_("Charging"),
        "suspended_by_vehicle": N_("Suspended by the vehicle"),
        "suspended_by_station": N_("Suspended by the station"),
        "ended": N_("Ended"),
        "stopped": N_("Stopped at the station"),
        "no_mains": N_("No mains"),
        "starting": N_("Starting"),
        "direct": N_("Direct"),
        "off_peak": N_("Off-peak hours"),
        "smart_meter": N_("Smart meter"),
        "schedule": N_("Schedule"),
        "modbus": N_("Modbus"),
        "ocpp": N_("OCPP"),
        "ev": N_("EV"),
        "domestic": N_("Domestic"),
        "wait": N_("Wait"),
        "start": N_("Start"),
        "normal": N_("Normal"),
        "priority": N_("Priority"),
        "unlocked": N_("Unlocked"),
        "locked": N_("Locked"),
        "unplugged": N_("Unplugged"),
        "plugged": N_("Plugged in"),
        "absent": N_("Absent"),
        "present": N_("Present"),
        "impulsive": N_("Impulsive"),
        "blinking": N_("Blinking"),
        "broken": N_("Broken"),
        "measure": N_("Measure"),
        "state": N_("State"),
        "command": N_("Command"),
        "close": N_("Close"),
        "running": N_("Running"),
        "stopping": N_("Stopping"),
        "throttled": N_("Throttled"),
        "fault": N_("Fault"),
        "standby": N_("Standby"),
        "off_grid": N_("Off the grid"),
        "maintenance": N_("Maintenance"),
        "empty": N_("Empty"),
        "discharging": N_("Discharging"),
        "full": N_("Full"),
        "idle": N_("Idle"),
        "testing": N_("Test"),
        "base": N_("All hours"),
        "peak": N_("Peak hours"),
        "mobile_peak": N_("Mobile peak hours"),
        "blue_off_peak": N_("Blue, off-peak hours"),
        "blue_peak": N_("Blue, peak hours"),
        "white_off_peak": N_("White, off-peak hours"),
        "white_peak": N_("White, peak hours"),
        "red_off_peak": N_("Red, off-peak hours"),
        "red_peak": N_("Red, peak hours"),
        "blue": N_("Blue"),
        "white": N_("White"),
        "red": N_("Red"),
        "announced": N_("Announced"),
        "over_power": N_("Open: too much power"),
        "over_voltage": N_("Open: overvoltage"),
        "load_shedding": N_("Open: load shedding"),
        "ordered": N_("Open: ordered from afar"),
        "overheated": N_("Open: too hot"),
        "overheated_below_most": N_("Open: too hot at a usual current"),
        "degraded": N_("Degraded"),
    }
)
STATION_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "lock_fault": N_("The lock of the socket does not close"),
        "unlock_fault": N_("The lock of the socket does not open"),
        "pilot_short_vehicle": N_("Short circuit of the control pilot at the vehicle or cable"),
        "pilot_short_board": N_("Short circuit of the control pilot in the station"),
        "domestic_opening_fault": N_("The contactor of the domestic plug does not open"),
        "domestic_closing_fault": N_("The contactor of the domestic plug does not close"),
        "contactor_opening_fault": N_("The contactor of the EV plug does not open"),
        "contactor_closing_fault": N_("The contactor of the EV plug does not close"),
        "diode_missing": N_("The vehicle was not recognised: its diode is missing"),
        "ev_overload": N_("Overload of the EV plug"),
        "domestic_overload": N_("Overload of the domestic plug"),
        "power_outage": N_("The mains failed"),
        "inner_link_fault": N_("The parts of the station do not talk to each other"),
        "dc_leakage": N_("Leakage of direct current"),
    }
)
ERROR_PAGES: Mapping[int, Advice] = MappingProxyType(
    {
        404: Advice(N_("This page does not exist."), N_("It may have been removed. Start again from the home page.")),
        405: Advice(N_("This cannot be done here."), N_("Start again from the home page.")),
        500: Advice(
            N_("Something went wrong in the server."),
            N_("It was written to the log. Try again; if it stays, report it with this reference."),
        ),
    }
)
BAD_REQUEST = Advice(N_("The address of this page is not complete."), N_("Start again from the home page."))

PARTS = (N_("neutral"), N_("mean"), N_("sum"), N_("tariff"), N_("quadrant"), N_("order"), N_("total"))
_PART = re.compile(
    r"^(?P<stem>.+?)"
    r"(?:, (?P<part>L[123](?: to L[123])?|neutral|mean|sum)|(?:, (?P<kind>tariff|quadrant|order))? (?P<number>\d+))$"
)


def label_parts(label: str) -> tuple[str, str, str]:
    """Label -> (stem, part, number): "Current, L1" -> ("Current", "L1", ""), "Input 3" -> ("Input", "", "3")."""
    found = _PART.match(label)
    if not found:
        return label, "", ""
    return found["stem"], found["part"] or found["kind"] or "", found["number"] or ""


def advice_for(code: str) -> Advice:
    return TROUBLES.get(code, UNKNOWN_TROUBLE)
