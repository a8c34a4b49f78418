"""Codes, states and quantities in words for people: one table each, the English sentence being the msgid."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from runtime.text.words import N_, Advice, access, charging, editing, history, machine, ownmap, security

_CABLE = N_(
    "Check that the gateway is powered and its network cable plugged in, and that its address and port are right."
)
_WIRE = N_(
    "Check the device's power, the two bus wires and their polarity, and that its Modbus address and speed are right."
)
_NOISE = N_(
    "Check the bus: shield, termination at both ends, polarity, and that no two devices have the same Modbus address."
)
_MODEL = N_("Check that the model chosen for this device is the one on its label.")
_AGAIN = N_("It is tried again by itself; if it stays, restart the device.")

TROUBLES: Mapping[str, Advice] = MappingProxyType(
    {
        **history.TROUBLES,
        "link_refused": Advice(N_("The gateway refuses the connection."), _CABLE),
        "link_lost": Advice(N_("The connection to the gateway broke."), _CABLE),
        "link_timeout": Advice(N_("The gateway cannot be reached."), _CABLE),
        "link_unknown": Advice(
            N_("The name of the gateway is not known in the network."),
            N_("Check the name and the DNS, or use the address."),
        ),
        "link_unreachable": Advice(N_("There is no way to the gateway."), _CABLE),
        "link_closed": Advice(N_("The connection to the gateway was closed."), N_("It is opened again by itself.")),
        "link_babbles": Advice(N_("The bus never falls silent."), _NOISE),
        "port_denied": Advice(
            N_("The server may not use the serial port."), N_("Add its user to the port's group, mostly dialout.")
        ),
        "port_unfit": Advice(
            N_("The serial port does not take these settings."), N_("Check speed, parity and stop bits of the gateway.")
        ),
        "port_missing": Advice(
            N_("The serial port is not there."),
            N_("Plug the adapter in, or correct the port in the gateway's address."),
        ),
        "port_busy": Advice(
            N_("Another program uses the serial port."), N_("Stop the other program, or choose another port.")
        ),
        "no_answer": Advice(N_("The device does not answer."), _WIRE),
        "exception_1": Advice(N_("The device does not know this kind of request."), _MODEL),
        "exception_2": Advice(N_("The device does not have the registers that were asked for."), _MODEL),
        "exception_3": Advice(N_("The device refuses the size of the request."), _MODEL),
        "exception_4": Advice(N_("The device reports a failure of its own."), _AGAIN),
        "exception_5": Advice(N_("The device needs more time for the request."), _AGAIN),
        "exception_6": Advice(N_("The device is busy."), _AGAIN),
        "exception_8": Advice(N_("The device reports an error in its memory."), _AGAIN),
        "exception_10": Advice(N_("The gateway has no way to the device."), _WIRE),
        "exception_11": Advice(N_("The device behind the gateway does not answer."), _WIRE),
        "address_doubled": Advice(
            N_("Two devices seem to have the same Modbus address."),
            N_("Give one of them another address; the other devices of this bus answer well."),
        ),
        "bad_crc": Advice(N_("Answers arrive damaged."), _NOISE),
        "bad_unit": Advice(N_("Another device answers in its place."), _NOISE),
        "bad_function": Advice(N_("The answer does not belong to the request."), _NOISE),
        "bad_count": Advice(N_("The answer has the wrong length."), _NOISE),
        "bad_transaction": Advice(
            N_("The gateway mixes up its answers."),
            N_("Give the gateway a longer time-out, or fewer masters that ask it."),
        ),
        "bad_frame": Advice(
            N_("The answer is not Modbus."), N_("Check that the address and the kind of gateway are right.")
        ),
        "owner_restarted": Advice(N_("A part of the server was restarted."), N_("Values come back by themselves.")),
        "store_full": Advice(N_("The storage is full."), N_("Free some space: nothing is recorded until then.")),
        "recording_paused": Advice(
            N_("The storage is nearly full: only energy is still kept."),
            N_("Free some space: samples are recorded again by themselves."),
        ),
        "store_unwritable": Advice(
            N_("The data folder cannot be written."), N_("Check the folder's owner and that the disk is not read-only.")
        ),
        "store_damaged": Advice(N_("The data are damaged."), N_("Restore the last backup.")),
        "model_other": Advice(
            N_("Another device answers than the one that is configured."),
            N_("Choose the model on its label. If its values are right all the same, confirm them."),
        ),
        "model_unknown": Advice(
            N_("There is no such model."), N_("Choose a model from the catalogue for this device.")
        ),
        "address_wrong": Advice(
            N_("There is no such address behind an EMS interface."),
            N_("Write the address of the module and that of its interface, or choose another model."),
        ),
    }
)
UNKNOWN_TROUBLE = Advice(N_("Something is wrong with the communication."), N_("The log tells more under its code."))

REFUSALS: Mapping[str, Advice] = MappingProxyType(
    {
        **access.REFUSALS,
        **editing.REFUSALS,
        **machine.REFUSALS,
        **history.REFUSALS,
        **ownmap.REFUSALS,
        **security.REFUSALS,
        "meter_unknown": Advice(
            N_("This device has no such counter."), N_("Choose a counter that the device has told at least once.")
        ),
        "meter_index_wrong": Advice(
            N_("These indexes do not fit what was read."),
            N_("Compare the last index of the old meter and the first of the new one, and the time of the exchange."),
        ),
        "correction_empty": Advice(
            N_("The correction changes nothing."), N_("Give an energy other than zero, and a time of up to 400 days.")
        ),
        "correction_negative": Advice(
            N_("The correction would take more than was measured in one of its hours."),
            N_("Take less, or spread it over a longer time."),
        ),
        "correction_unknown": Advice(N_("There is no such correction."), N_("Load the page again.")),
        "correction_taken_back": Advice(
            N_("This correction was taken back already."), N_("Make a new one if it should count again.")
        ),
        "recompute_busy": Advice(
            N_("Another computation of costs is at work."), N_("Wait until it is done, or cancel it.")
        ),
        "recompute_empty": Advice(
            N_("These days cannot be computed."), N_("Choose a first day that is not after the last one.")
        ),
        "version_stale": Advice(
            N_("Somebody else changed the installation meanwhile."), N_("Load the page again and repeat your change.")
        ),
        "write_not_permitted": Advice(
            N_("Nothing is written to this device."),
            N_("Start a trial of the device, or have its register table confirmed."),
        ),
        "map_provisional": Advice(
            N_("The register table of this model is not confirmed, so nothing is written to the device."),
            N_("An installer can unlock the device for a trial; watch the device while it runs."),
        ),
        "trial_needless": Advice(
            N_("Nothing about this device is locked."),
            N_("Its register table is known, so commands reach it as it is."),
        ),
        "device_off": Advice(N_("The device is switched off here."), N_("Switch the device on in the configuration.")),
        "command_unknown": Advice(
            N_("This device cannot be told that."), N_("Load the page again to see what it can be told.")
        ),
        "command_value": Advice(
            N_("This device cannot be told such a value."), N_("Choose one of the values that are offered.")
        ),
        "request_reused": Advice(
            N_("This request was already used for another command."), N_("Load the page again and repeat your command.")
        ),
        "command_not_taken": Advice(
            N_("The device acknowledged the command, but shows another state."),
            N_("The state shown is what the device says. Look at the device, its local switch and its wiring."),
        ),
        "command_not_shown": Advice(
            N_("The device took the command, but does not show what came of it."), N_("Look at the device itself.")
        ),
        "command_late": Advice(
            N_("The line did not get to the command in time, so it was dropped."),
            N_("Look at the state of the device, and give the command again."),
        ),
        "request_invalid": Advice(N_("The device cannot be asked like this."), _MODEL),
        "gateway_off": Advice(N_("The gateway is switched off, or just being started."), N_("Switch the gateway on.")),
        "busy": Advice(N_("Other requests wait for devices already."), N_("Try again in a few seconds.")),
        "no_reply": Advice(N_("No answer came in time."), N_("Try again in a few seconds.")),
    }
)
EVENTS: Mapping[str, str] = MappingProxyType(
    {
        **access.EVENTS,
        **machine.EVENTS,
        **history.EVENTS,
        **ownmap.EVENTS,
        **security.EVENTS,
        "communication_error": N_("Communication lost"),
        "communication_restored": N_("Communication is back"),
        "breaker_tripped": N_("The breaker tripped"),
        "breaker_opened": N_("The breaker was opened"),
        "breaker_closed": N_("The breaker was closed"),
        "alarm_raised": N_("The module reports an alarm"),
        "alarm_gone": N_("An alarm of the module is over"),
        "station_failed": N_("Charging station failure"),
        "station_well": N_("A failure of the charging station is over"),
        "command_done": N_("Command carried out and read back"),
        "command_refused": N_("Command refused: nothing was switched"),
        "command_unconfirmed": N_("Command sent, but the device does not show it"),
        "command_late": N_("Command dropped, because its time was up"),
        "address_doubled": N_("Two devices seem to have the same Modbus address"),
        "model_other": N_("Another device answers than the one that is configured"),
        "model_right": N_("The configured device answers again"),
        "parameter_changed": N_("A setting that scales the counters was changed in the device"),
        "counter_rolled_over": N_("The counter passed its highest number and began anew"),
        "counter_reset": N_("The counter was reset"),
        "counter_exchanged": N_("The counter jumped: another meter seems to be there"),
        "counter_returned": N_("The counter came back to its earlier index"),
        "counter_glitch": N_("One reading of the counter was false and was left out"),
        "counter_dropped": N_("The counter went back a little; nothing was booked"),
        "counter_stuck": N_("The counter stands still while power flows"),
        "counter_gap": N_("The counter was not read for a while; its energy was spread over that time"),
        "counter_rescaled": N_("The counter changed its scale; it is followed from its new index"),
        "sample_before_1970": N_("A sample with a time before 1970 was refused"),
        "sample_from_future": N_("A sample from the future was refused"),
        "sample_without_slot": N_("A sample that fits no interval was refused"),
        "energy_corrected": N_("Energy was corrected by hand"),
        "correction_taken_back": N_("A correction was taken back"),
        "meter_replaced": N_("The meter was replaced"),
        "costs_recomputed": N_("Costs are computed anew"),
        "backup_failed": N_("The backup failed"),
        "verify_failed": N_("The check of the stored data failed"),
        "verify_complained": N_("The check of the stored data found faults"),
        "store_restored": N_("The data were restored from a backup"),
        "clock_unknown": N_("The server does not know the time; samples wait"),
        "clock_given_up": N_("The time stayed unknown; samples are kept and marked"),
        "clock_trusted": N_("The time is known again"),
        "child_stuck": N_("This part of the program does not answer"),
        "child_woke": N_("This part of the program answers again"),
        "child_quarantined": N_("This part of the program crashed too often and rests"),
        "child_recovered": N_("This part of the program runs steadily again"),
        "child_abandoned": N_("This part of the program hangs and was given up"),
    }
)

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
FLUIDS: Mapping[str, str] = MappingProxyType({"electricity": N_("Electricity"), "gas": N_("Gas"), "water": N_("Water")})
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
