"""Devices: states that are events, alarms and maintenance, commands, models."""

from __future__ import annotations

from runtime.code.code import N_, Advice, Code

_NO_MODEL = Advice(N_("There is no such model."), N_("Choose a model from the catalogue for this device."))

CODES = (
    Code(
        "model_other",
        event=N_("Another device answers than the one that is configured"),
        refusal=Advice(
            N_("This catalogue number belongs to another model."), N_("Choose the model that goes with the number.")
        ),
        trouble=Advice(
            N_("Another device answers than the one that is configured."),
            N_("Choose the model on its label. If its values are right all the same, confirm them."),
        ),
        status=409,
    ),
    Code("model_unknown", refusal=_NO_MODEL, trouble=_NO_MODEL),
    Code(
        "map_provisional",
        refusal=Advice(
            N_("The register table of this model is not confirmed, so nothing is written to the device."),
            N_("An installer can unlock the device for a trial; watch the device while it runs."),
        ),
        status=403,
    ),
    Code(
        "trial_needless",
        refusal=Advice(
            N_("Nothing about this device is locked."),
            N_("Its register table is known, so commands reach it as it is."),
        ),
        status=409,
    ),
    Code(
        "device_off",
        refusal=Advice(N_("The device is switched off here."), N_("Switch the device on in the configuration.")),
        status=409,
    ),
    Code(
        "command_unknown",
        refusal=Advice(N_("This device cannot be told that."), N_("Load the page again to see what it can be told.")),
        status=404,
        field="command",
    ),
    Code(
        "command_value",
        refusal=Advice(
            N_("This device cannot be told such a value."), N_("Choose one of the values that are offered.")
        ),
        status=422,
        field="value",
    ),
    Code(
        "request_reused",
        refusal=Advice(
            N_("This request was already used for another command."), N_("Load the page again and repeat your command.")
        ),
        status=409,
    ),
    Code(
        "command_not_taken",
        refusal=Advice(
            N_("The device acknowledged the command, but shows another state."),
            N_("The state shown is what the device says. Look at the device, its local switch and its wiring."),
        ),
        status=503,
    ),
    Code(
        "command_not_shown",
        refusal=Advice(
            N_("The device took the command, but does not show what came of it."), N_("Look at the device itself.")
        ),
        status=503,
    ),
    Code(
        "command_late",
        event=N_("Command dropped, because its time was up"),
        refusal=Advice(
            N_("The line did not get to the command in time, so it was dropped."),
            N_("Look at the state of the device, and give the command again."),
        ),
        status=503,
    ),
    Code(
        "address_wrong",
        trouble=Advice(
            N_("There is no such address behind an EMS interface."),
            N_("Write the address of the module and that of its interface, or choose another model."),
        ),
        status=503,
    ),
    Code("breaker_tripped", event=N_("The breaker tripped")),
    Code("breaker_opened", event=N_("The breaker was opened")),
    Code("breaker_closed", event=N_("The breaker was closed")),
    Code("contact_opened", event=N_("A contactor or controlled circuit was opened")),
    Code("contact_closed", event=N_("A contactor or controlled circuit was closed")),
    Code("overrun_began", event=N_("More is drawn than subscribed")),
    Code("overrun_ended", event=N_("No more is drawn than subscribed")),
    Code("alarm_raised", event=N_("The module reports an alarm")),
    Code("alarm_gone", event=N_("An alarm of the module is over")),
    Code("station_failed", event=N_("Charging station failure")),
    Code("station_well", event=N_("A failure of the charging station is over")),
    Code("command_done", event=N_("Command carried out and read back")),
    Code("command_refused", event=N_("Command refused: nothing was switched")),
    Code("command_unconfirmed", event=N_("Command sent, but the device does not show it")),
    Code("model_right", event=N_("The configured device answers again")),
    Code("parameter_changed", event=N_("A setting that scales the counters was changed in the device")),
    Code("alarm_acknowledged", event=N_("An alarm was acknowledged")),
    Code("maintenance_begun", event=N_("Maintenance began: nothing here is an alarm")),
    Code("maintenance_ended", event=N_("Maintenance was ended")),
    Code(
        "alarm_unknown",
        refusal=Advice(N_("There is no such alarm."), N_("Load the page again: old alarms are dropped some time.")),
        status=404,
    ),
    Code(
        "maintenance_too_long",
        refusal=Advice(
            N_("Maintenance ends within 30 days."), N_("Choose an earlier end; it can be prolonged when it comes.")
        ),
        status=422,
        field="until",
    ),
    Code("charge_begun", event=N_("The vehicle was plugged in")),
    Code("charge_ended", event=N_("A charge ended")),
    Code("charge_limited", event=N_("A charging circuit was given a limit from outside, or lost it")),
    Code("charge_shared", event=N_("The current of a charge was set")),
    Code(
        "charge_limit_ignored", event=N_("A charging station does not obey its limit and is left to its own watchdog")
    ),
    Code(
        "station_unknown",
        refusal=Advice(N_("There is no such charging station at work."), N_("Load the page again.")),
        status=404,
    ),
    Code(
        "no_charge",
        refusal=Advice(
            N_("No vehicle is at this charging station."), N_("The order is for one charge: plug the vehicle in first.")
        ),
        status=409,
    ),
    Code(
        "station_silent",
        refusal=Advice(
            N_("The charging station does not answer: nothing was ordered."), N_("Order it once the station answers.")
        ),
        status=503,
    ),
    Code(
        "station_off",
        refusal=Advice(
            N_("The current of this charging station is not shared at the moment."),
            N_("Switch its charging circuit on in Green’Up configuration."),
        ),
        status=409,
    ),
    Code(
        "circuit_unknown",
        refusal=Advice(N_("There is no such charging circuit."), N_("Choose one of those that there are.")),
    ),
    Code(
        "charging_above_available",
        refusal=Advice(
            N_("The current for charging is above the current available."),
            N_("It may be equal where nothing but charging stations is measured, and lower elsewhere."),
        ),
    ),
    Code(
        "steps_reversed",
        refusal=Advice(N_("The second reduction step is above the first."), N_("Such as 75 % first, and 50 % second.")),
    ),
    Code(
        "charging_without_room",
        refusal=Advice(
            N_("The other loads alone need all the current that is available."),
            N_("Enter the highest current that they draw at the same time."),
        ),
    ),
    Code(
        "circuit_loop",
        refusal=Advice(N_("This charging circuit would feed itself."), N_("Choose another circuit, or none.")),
    ),
    Code(
        "circuit_differs",
        refusal=Advice(
            N_("A charging circuit and the one that feeds it must agree in this."), N_("Change it in both.")
        ),
    ),
    Code(
        "station_doubled",
        refusal=Advice(
            N_("This device is a charging station already."), N_("Change that one, or choose another device.")
        ),
    ),
    Code(
        "excess_too_long",
        refusal=Advice(N_("The limit could be exceeded for more than a minute."), N_("Choose shorter watchdogs.")),
    ),
    Code(
        "safe_currents_too_high",
        refusal=Advice(
            N_("The safe currents of all stations and the other loads do not fit the current available."),
            N_("Choose lower safe currents. A station without a watchdog counts with its rated current."),
        ),
    ),
    Code(
        "watchdog_too_short",
        refusal=Advice(N_("This watchdog is too short to be fed in time."), N_("Choose ten seconds at least.")),
    ),
    Code(
        "rated_unknown",
        refusal=Advice(N_("The rated current of this station is not known."), N_("Enter the one on its label.")),
    ),
    Code(
        "rated_too_high",
        refusal=Advice(
            N_("The rated current of this station is above the current available."),
            N_("Set the station to less by its switches, and enter that."),
        ),
    ),
    Code(
        "meter_without_currents",
        refusal=Advice(N_("This device measures no currents."), N_("Choose a meter that does, on each phase used.")),
    ),
    Code(
        "not_a_station",
        refusal=Advice(
            N_("This device is no charging station that can be limited."), N_("Choose a side of a charging station.")
        ),
    ),
    Code(
        "station_without_watchdog",
        refusal=Advice(
            N_("Nothing is known of a watchdog of this station."),
            N_("Enter 0 s: its rated current is reserved instead."),
        ),
    ),
    Code(
        "station_phases",
        refusal=Advice(
            N_("This station does not have as many phases."), N_("Choose the phase that it is connected to.")
        ),
    ),
)
